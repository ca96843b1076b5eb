/** A directory that moves as one, where nothing has to look at what is in it: one rename instead of a file at a time. */
import { ConflictError, JottashError } from "../errors.ts";
import type { Run } from "./run.ts";

/** Whether directories that the target does not have may move as a whole. */
export function canMoveWhole({ source, target, options }: Run): boolean {
  const { move, filter, approve, alternatives, checkFirst, dryRun, noTraverse } = options;
  // In a dry run each file is told.
  return move !== undefined && target.canTakeFrom(source) && (filter?.isEverything ?? true) && !dryRun &&
    !checkFirst && !noTraverse && approve === undefined && alternatives === undefined;
}

/** Moves it. False where it has to be looked into: its name is taken or held by the trash, or it is on another disk. */
export async function isMovedWhole(
  run: Run,
  directory: { readonly source: string; readonly target: string },
): Promise<boolean> {
  const { source, target, context } = run;
  const work = { source, from: directory.source, to: directory.target };
  try {
    await target.moveDirectory(work, { signal: context.retryContext.signal });
  } catch (error) {
    if (error instanceof ConflictError) return false;
    if (error instanceof JottashError && error.code === "other-disk") return false;
    throw error;
  }
  const former = directory.source === directory.target ? undefined : directory.source;
  context.emit({ type: "moved", kind: "directory", path: directory.target, from: former });
  return true;
}
