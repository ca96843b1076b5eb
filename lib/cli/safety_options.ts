/** What keeps files that would be lost, and what asks before it goes on, with rclone's names. */
import { UsageError } from "../errors.ts";
import { type OptionDefinition, text, toggle } from "../options.ts";

const group = "Safety:";

export const SAFETY_OPTIONS = {
  interactive: toggle({ flag: "interactive", short: "i", group, help: "Ask before each change" }),
  backupDirectory: text({
    flag: "backup-dir",
    group,
    valueName: "PLACE",
    help: "Move there what would be replaced or deleted at the target",
  }),
  suffix: {
    flag: "suffix",
    group,
    valueName: "TEXT",
    default: undefined,
    help: "Add this to the names of such files, which stay where they are without --backup-dir",
    parse: parseSuffix,
  } as OptionDefinition<string | undefined>,
  suffixKeepExtension: toggle({
    flag: "suffix-keep-extension",
    group,
    isRare: true,
    help: "Add it before the extension: name-old.txt",
  }),
} as const;

function parseSuffix(value: string): string | undefined {
  if (value.includes("/")) {
    throw new UsageError(`Cannot use "${value}" for --suffix: a name cannot hold a slash`);
  }
  return value === "" ? undefined : value;
}
