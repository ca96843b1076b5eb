/** Content that is kept only for its way into the cloud, uploaded as one file and reported from start to end. */
import type { Remote } from "../remote/remote.ts";
import type { FileEntry, TreeFeatures } from "../tree/tree.ts";
import type { TransferContext } from "./context.ts";
import type { Spool } from "./spool.ts";
import { uploadFile, type UploadSource } from "./upload.ts";

export interface SpoolJob {
  readonly target: Remote;
  readonly targetPath: string;
  readonly modifiedAtMs: number;
}

const FEATURES: TreeFeatures = { caseInsensitive: false, foldsUnicode: false, knowsMd5: true };

/** Calling it again after a failure is safe. */
export async function uploadSpool(content: Spool, job: SpoolJob, context: TransferContext): Promise<void> {
  const { target, targetPath: path, modifiedAtMs } = job;
  const { size, md5 } = content;
  const file: FileEntry = { kind: "file", path, size, md5, modifiedAtMs };
  context.emit({ type: "planned", path, size });
  context.emit({ type: "plan-complete" });
  context.emit({ type: "started", path, size });
  const outcome = await uploadFile(
    { source: sourceOf(content, file), file, target, targetPath: path },
    context,
  );
  context.emit({ type: "finished", path, ...outcome });
}

function sourceOf(content: Spool, file: FileEntry): UploadSource {
  return {
    side: "spool",
    features: FEATURES,
    stat: () => Promise.resolve(file),
    md5: () => Promise.resolve(content.md5),
    open: (_file, { offset = 0 } = {}) => Promise.resolve(content.open(offset)),
  };
}
