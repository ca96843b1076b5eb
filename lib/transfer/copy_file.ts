/** One file from anywhere to anywhere: which way is which follows from the side of the target. */
import { FileNotFoundError, LocalError } from "../errors.ts";
import type { LocalTree } from "../local/local_tree.ts";
import type { Remote } from "../remote/remote.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";
import type { TransferContext } from "./context.ts";
import { downloadFile } from "./download.ts";
import type { TransferEvent } from "./events.ts";
import { uploadFile } from "./upload.ts";

/** A tree that can be written to. */
export type TargetTree = Remote | LocalTree;

export interface CopyJob {
  readonly source: Tree;
  readonly file: FileEntry;
  readonly target: TargetTree;
  readonly targetPath: string;
  /** What is at the target path now, if anything. */
  readonly existing?: FileEntry | undefined;
}

/** Copies content and time of one file, and reports it from start to end. Throws what made it impossible. */
export async function copyFile(job: CopyJob, context: TransferContext): Promise<void> {
  const { file } = job;
  context.emit({ type: "started", path: file.path, size: file.size });
  const outcome = await carryOut(job, context);
  context.emit({ type: "finished", path: file.path, ...outcome });
}

type Outcome = Omit<Extract<TransferEvent, { type: "finished" }>, "type" | "path">;

async function carryOut(job: CopyJob, context: TransferContext): Promise<Outcome> {
  const { source, file, target, targetPath } = job;
  const { size, modifiedAtMs } = file;
  if (target.side === "remote") {
    if (!target.canTakeFrom(source)) return await uploadFile({ source, file, target, targetPath }, context);
    const work = { source, from: file.path, to: targetPath, overwrite: true };
    await target.copyFile(work, context.retryContext);
    return { how: "deduplicated", size, resumedBytes: 0 };
  }
  if (await hasSameContent(job, target, context)) {
    if (modifiedAtMs !== undefined) await target.setTimes(targetPath, modifiedAtMs);
    return { how: "times-only", size, resumedBytes: 0 };
  }
  await downloadFile({ source, file, target, targetPath }, context);
  return { how: "transferred", size, resumedBytes: 0 };
}

/**
 * Does the local target hold the same bytes already? Reading the disk is cheaper than the line. (Upwards the
 * service finds out by itself: a known content is not sent, and gets the new times.) A target that cannot be read,
 * or changes meanwhile, is simply replaced.
 */
async function hasSameContent(job: CopyJob, target: LocalTree, context: TransferContext): Promise<boolean> {
  const { file, existing } = job;
  if (existing === undefined || existing.size !== file.size || file.md5 === undefined) return false;
  try {
    return await target.md5(existing, { signal: context.retryContext.signal }) === file.md5;
  } catch (error) {
    if (error instanceof LocalError || error instanceof FileNotFoundError) return false;
    throw error;
  }
}
