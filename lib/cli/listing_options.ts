/** Options that several listing commands share, with rclone's names. */
import { UsageError } from "../errors.ts";
import { findHashName, HASH_NAMES, type HashName } from "../hash/kinds.ts";
import { type OptionDefinition, text, toggle } from "../options.ts";
import { FILTER_GROUP } from "./filter_options.ts";

export const PLACE_ARGUMENT = {
  name: "PLACE",
  kind: "location",
  help: "remote:path, or a path of this machine",
} as const;

/** Of commands that read standard input without one. */
export const OPTIONAL_PLACE_ARGUMENT = { ...PLACE_ARGUMENT, isOptional: true } as const;

export const RECURSIVE = toggle({ flag: "recursive", short: "R", help: "All levels" });

function maxDepthOption(shownDefault: string): OptionDefinition<number> {
  return {
    flag: "max-depth",
    group: FILTER_GROUP,
    valueName: "N",
    default: -1,
    help: `Levels to go down, 0 for all (default ${shownDefault})`,
    parse: (value) => {
      if (/^(-1|\d{1,9})$/.test(value)) return Number(value);
      throw new UsageError(`Cannot use "${value}" for --max-depth: it is not a number of levels`);
    },
  };
}

/** Of commands that go down all levels by themselves. */
export const MAX_DEPTH = maxDepthOption("all");
/** Of commands that do so only with `--recursive`. */
export const MAX_DEPTH_OF_ONE = maxDepthOption("1, with -R all");

/** The levels that are listed: all of them, or one where the command does not go down by itself. */
export function depthOf(maxDepth: number, { isRecursive }: { readonly isRecursive: boolean }): number {
  if (maxDepth < 0) return isRecursive ? Infinity : 1;
  return maxDepth === 0 ? Infinity : maxDepth;
}

export const HUMAN_READABLE = toggle({
  flag: "human-readable",
  help: "Sizes with suffix: Ki, Mi, Gi",
});

export const DIRS_ONLY = toggle({ flag: "dirs-only", help: "List only folders" });
export const FILES_ONLY = toggle({ flag: "files-only", help: "List only files" });

export const OUTPUT_FILE = text({
  flag: "output-file",
  valueName: "FILE",
  help: "Write to this file instead of standard output",
});

/** A hash by its name. Throws `UsageError` that lists those there are. */
export function parseHashName(value: string): HashName {
  const name = findHashName(value);
  if (name !== undefined) return name;
  throw new UsageError(`Cannot use the hash "${value}": there is none of that name`, {
    hint: `Known: ${HASH_NAMES.join(", ")}`,
  });
}
