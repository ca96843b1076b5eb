/** When two files are the same and what replaces what, with rclone's names. */
import { duration, type OptionValues, toggle } from "../options.ts";
import type { CompareOptions } from "../sync/sync_options.ts";

const group = "Comparison:";

export const COMPARISON_OPTIONS = {
  checksum: toggle({ flag: "checksum", short: "c", group, help: "Compare size and MD5, not size and time" }),
  sizeOnly: toggle({ flag: "size-only", group, help: "Compare only sizes" }),
  ignoreTimes: toggle({
    flag: "ignore-times",
    short: "I",
    group,
    help: "Transfer all files, also those that are the same",
  }),
  ignoreExisting: toggle({ flag: "ignore-existing", group, help: "Leave alone what the target has" }),
  update: toggle({ flag: "update", short: "u", group, help: "Leave alone what is newer at the target" }),
  immutable: toggle({
    flag: "immutable",
    group,
    help: "Never replace a file: one that differs is a failure",
  }),
  modifyWindow: duration({
    flag: "modify-window",
    group,
    isRare: true,
    default: 0,
    minMs: 0,
    help: "Times that differ by less are the same (default 1s)",
  }),
} as const;

/** Only where nothing is deleted: to know what to delete the target has to be listed. */
export const NO_TRAVERSE_OPTIONS = {
  noTraverse: toggle({
    flag: "no-traverse",
    group,
    isRare: true,
    help: "Look for each file instead of listing the target; for few files into a large target",
  }),
} as const;

/** The service keeps whole seconds. */
const LEAST_WINDOW_MS = 1_000;

export function comparisonOf(choices: OptionValues<typeof COMPARISON_OPTIONS>): CompareOptions {
  const { checksum, sizeOnly, ignoreTimes, modifyWindow, ignoreExisting, update, immutable } = choices;
  return {
    by: checksum ? "checksum" : sizeOnly ? "size" : ignoreTimes ? "never" : "time",
    modifyWindowMs: Math.max(LEAST_WINDOW_MS, modifyWindow),
    ignoreExisting,
    update,
    immutable,
  };
}
