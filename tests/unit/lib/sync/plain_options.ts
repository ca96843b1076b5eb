/** What a copy is told that is told nothing special. */
import type { DeleteOptions, SyncOptions } from "../../../../lib/sync/sync_options.ts";

export const PLAIN: SyncOptions = {
  transfers: 4,
  checkers: 3,
  dryRun: false,
  createEmptyDirectories: false,
  compare: { by: "time", modifyWindowMs: 1_000, ignoreExisting: false, update: false, immutable: false },
  noTraverse: false,
  checkFirst: false,
};

/** What a sync is told about deletions that is told nothing special. */
export const DELETES: DeleteOptions = {
  when: "after",
  deleteExcluded: false,
  ignoreErrors: false,
  allowEmptySource: false,
  maxFiles: undefined,
  maxBytes: undefined,
};
