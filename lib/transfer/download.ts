/**
 * One file down: into a temporary file beside its target, MD5 computed on the way, renamed only when size and MD5
 * are those that the service told.
 */
import { retry } from "../async/retry.ts";
import { IntegrityError } from "../errors.ts";
import type { LocalTree } from "../local/local_tree.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";
import { FileProgress, type TransferContext } from "./context.ts";
import { readVerified, reportRetry } from "./read_verified.ts";

export interface DownloadJob {
  readonly source: Tree;
  readonly file: FileEntry;
  readonly target: LocalTree;
  readonly targetPath: string;
}

/** A whole download that came out wrong is tried again from the start, this many times in all. */
const MAX_WHOLE_ATTEMPTS = 3;

/** Ends only when the file has its final name. Nothing is left behind after a failure. */
export async function downloadFile(job: DownloadJob, context: TransferContext): Promise<void> {
  const { file, source, target, targetPath } = job;
  const progress = new FileProgress(context.emit, file.path);
  await retry(
    async () => {
      progress.moveTo("transfer", 0);
      await using pending = await target.beginWrite(targetPath, file.size, {
        signal: context.retryContext.signal,
      });
      const isSound = await readVerified(job, context, async (chunk) => {
        await pending.write(chunk);
        progress.add("transfer", chunk.length);
      });
      if (!isSound) {
        throw new IntegrityError(
          `Cannot download "${file.path}" from "${source.label}": size or MD5 is not what the service announced`,
          { data: { path: file.path } },
        );
      }
      await pending.commit({
        modifiedAtMs: file.modifiedAtMs ?? context.retryContext.clock.now(),
        createdAtMs: context.keepsMetadata ? file.createdAtMs : undefined,
      });
    },
    { ...context.retryPolicy, maxAttempts: MAX_WHOLE_ATTEMPTS },
    { ...context.retryContext, onRetry: reportRetry(file, context) },
  );
}
