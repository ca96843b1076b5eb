/** What `sync` deletes, when and how much of it, with rclone's names. */
import { UsageError } from "../errors.ts";
import { type OptionDefinition, type OptionValues, sizeLimit, toggle } from "../options.ts";
import type { DeleteOptions, TrackRenames } from "../sync/sync_options.ts";

const group = "Deleting:";

type Strategy = TrackRenames["by"][number];
/** Sizes always have to be equal: rclone has a word for that, too. */
const STRATEGIES: ReadonlySet<string> = new Set<Strategy | "size">(["hash", "modtime", "leaf", "size"]);

export const DELETION_OPTIONS = {
  deleteBefore: toggle({ flag: "delete-before", group, help: "Delete before the first transfer" }),
  deleteDuring: toggle({ flag: "delete-during", group, help: "Delete while files are transferred" }),
  deleteAfter: toggle({ flag: "delete-after", group, help: "Delete after the last transfer (default)" }),
  deleteExcluded: toggle({
    flag: "delete-excluded",
    group,
    help: "Delete at the target what the filters leave out, too",
  }),
  ignoreErrors: toggle({
    flag: "ignore-errors",
    group,
    isRare: true,
    help: "Delete although something failed",
  }),
  allowEmptySource: toggle({
    flag: "allow-empty-source",
    group,
    help: "Empty the target when SOURCE holds no files",
  }),
  maxDelete: {
    flag: "max-delete",
    group,
    valueName: "N",
    default: undefined,
    help: "Delete no more than N files: none at all if more would go (with --delete-during the first N)",
    parse: parseMaxDelete,
  } as OptionDefinition<number | undefined>,
  maxDeleteSize: sizeLimit({
    flag: "max-delete-size",
    group,
    help: "The same for the bytes of all files to be deleted: 10G",
  }),
  trackRenames: toggle({
    flag: "track-renames",
    group,
    help: "Move within the target what has only moved in SOURCE; deletes after the last transfer",
  }),
  trackRenamesStrategy: {
    flag: "track-renames-strategy",
    group,
    isRare: true,
    valueName: "WORDS",
    default: ["hash"],
    help:
      "What tells that it is the same file, besides its size: hash, modtime, leaf, or several with commas " +
      "(default hash)",
    parse: parseStrategies,
  } as OptionDefinition<readonly Strategy[]>,
} as const;

type DeletionChoices = OptionValues<typeof DELETION_OPTIONS>;

export function deletionsOf(choices: DeletionChoices): DeleteOptions {
  const { deleteExcluded, ignoreErrors, allowEmptySource, maxDelete, maxDeleteSize } = choices;
  return {
    when: whenOf(choices),
    deleteExcluded,
    ignoreErrors,
    allowEmptySource,
    maxFiles: maxDelete,
    maxBytes: maxDeleteSize,
  };
}

/** What has been renamed is only known at the end: then it is after, as in rclone. */
function whenOf({ deleteBefore, deleteDuring, trackRenames }: DeletionChoices): DeleteOptions["when"] {
  if (trackRenames) return "after";
  return deleteBefore ? "before" : deleteDuring ? "during" : "after";
}

function parseMaxDelete(value: string): number | undefined {
  if (value === "-1") return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new UsageError(`Cannot use "${value}" for --max-delete: it is not a number of files`);
}

function parseStrategies(value: string): readonly Strategy[] {
  const words = value.split(",").map((word) => word.trim());
  const wrong = words.find((word) => !STRATEGIES.has(word));
  if (wrong === undefined) return words.filter((word) => word !== "size") as Strategy[];
  throw new UsageError(
    `Cannot use "${value}" for --track-renames-strategy: "${wrong}" is none of hash, modtime, leaf, size`,
  );
}
