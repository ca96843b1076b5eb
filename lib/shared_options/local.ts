/** How files of this machine are read and written. */
import { UsageError } from "../errors.ts";
import { type OptionDefinition, text, toggle } from "../options.ts";

const group = "Local files";

/** As in rclone: longer ones would leave too little of the name. */
const MAX_SUFFIX_LENGTH = 16;

export const LOCAL_OPTIONS = {
  links: toggle({
    flag: "links",
    short: "l",
    group,
    help: "Copy symbolic links as files NAME.rclonelink, and such files as links; not with -L",
  }),
  copyLinks: toggle({
    flag: "copy-links",
    short: "L",
    group,
    help: "Follow symbolic links and copy what they lead to; not with -l",
  }),
  skipLinks: toggle({
    flag: "skip-links",
    group,
    help: "Leave symbolic links out without a warning",
  }),
  oneFileSystem: toggle({
    flag: "one-file-system",
    short: "x",
    group,
    isRare: true,
    help: "Leave out directories on other disks than the one of the place that is named",
  }),
  metadata: toggle({
    flag: "metadata",
    short: "M",
    group,
    help: "Keep times of creation too (on a local disk they are set on macOS only), and show them",
  }),
  inplace: toggle({
    flag: "inplace",
    group,
    isRare: true,
    help:
      "Download straight into the final file: when it breaks off, the old file is lost and half a new one left",
  }),
  partialSuffix: {
    flag: "partial-suffix",
    valueName: "SUFFIX",
    group,
    isRare: true,
    default: undefined,
    help: "Name files that are being downloaded NAME.<random>SUFFIX, as rclone does",
    parse: parseSuffix,
  } as OptionDefinition<string | undefined>,
  hashCache: text({
    flag: "hash-cache",
    valueName: "off|DIR",
    group,
    isRare: true,
    help:
      "Keep MD5s of local files in DIR, so that nothing is read again that has not changed (default ~/.cache/jottash/hashes)",
  }),
} as const;

function parseSuffix(value: string): string | undefined {
  if (value === "") return undefined;
  if (value.length <= MAX_SUFFIX_LENGTH && value.isWellFormed() && !/[/\\\0]/.test(value)) return value;
  throw new UsageError(
    `Cannot use "${value}" for --partial-suffix: it is not a part of a name of at most ${MAX_SUFFIX_LENGTH} characters`,
  );
}
