/** The options of `copy`, `copyto`, `sync`, `move` and `moveto`: which of them has which. */
import { type OptionValues, text, toggle } from "../options.ts";
import { COMPARISON_OPTIONS, NO_TRAVERSE_OPTIONS } from "./comparison_options.ts";
import { DELETION_OPTIONS } from "./deletion_options.ts";
import { FILTER_OPTIONS } from "./filter_options.ts";
import { MAX_DEPTH } from "./listing_options.ts";
import { ORDER_OPTIONS } from "./order_options.ts";
import { OTHER_PLACE_OPTIONS } from "./other_place_options.ts";
import { SAFETY_OPTIONS } from "./safety_options.ts";

const EMPTY_DIRECTORIES = {
  createEmptyDirectories: toggle({
    flag: "create-empty-src-dirs",
    help: "Make empty folders at the target too",
  }),
} as const;

const EMPTIED_DIRECTORIES = {
  deleteEmptySourceDirectories: toggle({
    flag: "delete-empty-src-dirs",
    help: "Remove the folders in SOURCE that are empty afterwards",
  }),
} as const;

const MANIFEST_OPTIONS = {
  manifest: text({
    flag: "manifest",
    valueName: "FILE",
    help: 'Write name, size, MD5 and time of each file to FILE, for "jottash verify"',
  }),
} as const;

const COMMON_OPTIONS = {
  ...SAFETY_OPTIONS,
  ...COMPARISON_OPTIONS,
  ...OTHER_PLACE_OPTIONS,
  ...MANIFEST_OPTIONS,
} as const;
const LAST_OPTIONS = { ...ORDER_OPTIONS, maxDepth: MAX_DEPTH, ...FILTER_OPTIONS } as const;

export const COPY_OPTIONS = {
  ...EMPTY_DIRECTORIES,
  ...COMMON_OPTIONS,
  ...NO_TRAVERSE_OPTIONS,
  ...LAST_OPTIONS,
} as const;

export const MOVE_OPTIONS = { ...EMPTIED_DIRECTORIES, ...COPY_OPTIONS } as const;

export const SYNC_OPTIONS = {
  ...EMPTY_DIRECTORIES,
  ...DELETION_OPTIONS,
  ...COMMON_OPTIONS,
  ...LAST_OPTIONS,
} as const;

/** All of them, for those who look at flags. */
export const ALL_SYNC_OPTIONS = { ...MOVE_OPTIONS, ...DELETION_OPTIONS } as const;

export type SyncChoices = OptionValues<typeof ALL_SYNC_OPTIONS>;

/** The choices of one command with those that it does not have, which are off. */
export function wholeChoices(values: Partial<SyncChoices>): SyncChoices {
  const defaults = Object.fromEntries(
    Object.entries(ALL_SYNC_OPTIONS).map(([key, definition]) => [key, definition.default]),
  );
  return { ...defaults, ...values } as SyncChoices;
}
