/** Options of a remote: each has a key in its section of the config. */
import { parseMask } from "../names/mask.ts";
import { type OptionDefinition, text, toggle } from "../options.ts";

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
} as const;
