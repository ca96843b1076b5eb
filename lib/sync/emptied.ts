/** Directories that should be empty after what was in them is gone: removed from the inside out, if they are. */
import { WorkStack } from "../async/work_stack.ts";
import { ConflictError, DirectoryNotFoundError } from "../errors.ts";
import type { Run } from "./run.ts";

/** One that still holds something stays, which is no failure. In a dry run they are only told. */
export async function removeEmptied(
  run: Run,
  side: "source" | "target",
  paths: readonly string[],
): Promise<void> {
  const byDepth = Map.groupBy(paths, (path) => path.split("/").length);
  for (const depth of [...byDepth.keys()].sort((left, right) => right - left)) {
    await new WorkStack(byDepth.get(depth) ?? []).run(run.options.checkers, async (path) => {
      try {
        run.throwIfStopped();
        if (!await isRemoved(run, side, path)) return;
        run.context.emit({ type: "removed", kind: "directory", side, path });
      } catch (error) {
        run.collect(path, error);
      }
    });
  }
}

async function isRemoved(run: Run, side: "source" | "target", path: string): Promise<boolean> {
  if (run.options.dryRun) return true;
  try {
    const { signal } = run.context.retryContext;
    // Whoever moves files has not asked for anything to be destroyed.
    await run[side].removeDirectory(path, { signal, toTrash: side === "source" });
    return true;
  } catch (error) {
    if (error instanceof ConflictError || error instanceof DirectoryNotFoundError) return false;
    throw error;
  }
}
