/**
 * The content of one file, taken over as many requests as the line needs: a connection that breaks is picked up
 * at the byte where it broke.
 */
import { retry } from "../async/retry.ts";
import type { JottashError } from "../errors.ts";
import { createMd5, type Md5 } from "../hash/md5.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";
import { ProgressiveAttempts, type TransferContext } from "./context.ts";

export interface ReadJob {
  readonly source: Tree;
  readonly file: FileEntry;
}

/** The beginning of a file, which is there already. */
export interface ReadBefore {
  readonly size: number;
  /** Of these bytes; used up afterwards. */
  readonly hash: Md5;
}

/**
 * Gives every byte behind `before` to `take`, once and in order. Resolves with whether size and MD5 are those of the
 * entry (an entry without an MD5 is compared by size alone).
 */
export async function readVerified(
  job: ReadJob,
  context: TransferContext,
  take: (chunk: Uint8Array) => Promise<void>,
  before: ReadBefore = { size: 0, hash: createMd5() },
): Promise<boolean> {
  const { source, file } = job;
  const { hash } = before;
  const attempts = new ProgressiveAttempts(context.retryPolicy.maxAttempts);
  const { signal } = context.retryContext;
  let received = before.size;
  await retry(
    async () => {
      try {
        const content = await source.open(file, { offset: received, signal });
        for await (const chunk of content) {
          await take(chunk);
          hash.update(chunk);
          received += chunk.length;
          if (received > file.size) break;
        }
      } finally {
        attempts.note(received - before.size);
      }
    },
    context.retryPolicy,
    { ...context.retryContext, maxAttempts: attempts.limit, onRetry: reportRetry(file, context) },
  );
  return received === file.size && (file.md5 === undefined || hash.digestHex() === file.md5);
}

/** Tells the run's listeners that a file is tried again. */
export function reportRetry(file: FileEntry, context: TransferContext) {
  return (error: JottashError, attempt: number, delayMs: number) =>
    context.emit({ type: "retried", path: file.path, error, attempt, delayMs });
}
