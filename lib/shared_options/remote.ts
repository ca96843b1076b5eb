/** Options of a remote: each has a key in its section of the config. */
import { UsageError } from "../errors.ts";
import { parseMask } from "../names/mask.ts";
import { type OptionDefinition, sizeLimit, text, toggle } from "../options.ts";

const TEN_MEBIBYTES = 10 * 1024 * 1024;

export const REMOTE_OPTIONS = {
  device: text({ flag: "device", valueName: "NAME", configKey: "device", help: 'Device (default "Jotta")' }),
  mountpoint: text({
    flag: "mountpoint",
    valueName: "NAME",
    configKey: "mountpoint",
    help: 'Mountpoint of the device (default "Archive")',
  }),
  encoding: {
    flag: "encoding",
    valueName: "FLAGS",
    configKey: "encoding",
    default: undefined,
    help: "How names are stored, as rclone's option of that name",
    parse: (value: string) => value === "" ? undefined : parseMask(value),
  } as OptionDefinition<number | undefined>,
  hardDelete: toggle({
    flag: "hard-delete",
    configKey: "hard_delete",
    help: "Delete files and folders of a remote for good, past the trash",
  }),
  trashedOnly: {
    ...toggle({
      flag: "trashed-only",
      configKey: "trashed_only",
      help:
        "Show the trashed files of a remote where they were, instead of the live ones; to look and copy from only",
    }),
    isRare: true,
  },
  fastList: {
    flag: "fast-list",
    isRare: true,
    default: "auto",
    help:
      "List all of a remote with one request: true, false, or auto, where it takes fewer requests (default auto). Not for media types, trashed files and listings of some levels; sync and check wait for the end of it, and it takes up to 200 MiB of memory, beyond which folders are listed one by one",
    parse: parseFastList,
  } as OptionDefinition<"auto" | "always" | "never">,
  noVersions: {
    ...toggle({
      flag: "no-versions",
      configKey: "no_versions",
      help:
        "Keep no older version of a file that an upload replaces; the old one goes when the new one is safe, its public link with it",
    }),
    isRare: true,
  },
  md5MemoryLimit: {
    ...sizeLimit({
      flag: "md5-memory-limit",
      configKey: "md5_memory_limit",
      help:
        "Standard input up to this size is kept in memory until it is uploaded, more in a temporary file (default 10Mi)",
    }),
    default: TEN_MEBIBYTES,
    isRare: true,
  },
  uploadResumeLimit: {
    ...sizeLimit({
      flag: "upload-resume-limit",
      configKey: "upload_resume_limit",
      help:
        "A larger file goes on where an earlier run broke off; one up to this size is sent anew, if nothing but the broken upload has its name (default 10Mi)",
    }),
    default: TEN_MEBIBYTES,
    isRare: true,
  },
  tempDir: {
    ...text({
      flag: "temp-dir",
      valueName: "DIRECTORY",
      help: "Where temporary files are kept (default: TMPDIR, or what the system has for it)",
    }),
    isRare: true,
  },
} as const;

/** The bare flag has the text "true". */
function parseFastList(value: string): "auto" | "always" | "never" {
  if (/^auto$/i.test(value)) return "auto";
  if (/^(1|t|true|yes|on)$/i.test(value)) return "always";
  if (/^(0|f|false|no|off)$/i.test(value)) return "never";
  throw new UsageError(`Cannot use "${value}" for --fast-list: it is none of auto, true and false`);
}
