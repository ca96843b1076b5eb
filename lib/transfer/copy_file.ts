/** One file from anywhere to anywhere: which way is which follows from the side of the target. */
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
}

/** Copies content and time of one file, and reports it from start to end. Throws what made it impossible. */
export async function copyFile(job: CopyJob, context: TransferContext): Promise<void> {
  const { file } = job;
  await context.ready?.();
  context.emit({ type: "started", path: file.path, size: file.size });
  const outcome = await carryOut(job, context);
  context.emit({ type: "finished", path: file.path, ...outcome, ...toldContent(job) });
}

type Outcome = Omit<Extract<TransferEvent, { type: "finished" }>, "type" | "path">;

async function carryOut(
  { source, file, target, targetPath }: CopyJob,
  context: TransferContext,
): Promise<Outcome> {
  const { size } = file;
  if (target.side === "local") {
    const resumedBytes = await downloadFile({ source, file, target, targetPath }, context);
    return { how: "transferred", size, resumedBytes };
  }
  if (!target.canTakeFrom(source)) return await uploadFile({ source, file, target, targetPath }, context);
  await target.copyFile({ source, from: file.path, to: targetPath, overwrite: true }, context.retryContext);
  return { how: "direct", size, resumedBytes: 0 };
}

/** What the service says about the content of the source; a file of this machine may have changed on its way. */
function toldContent({ source, file: { md5, modifiedAtMs } }: CopyJob) {
  return source.features.knowsMd5 && md5 !== undefined ? { md5, modifiedAtMs } : {};
}
