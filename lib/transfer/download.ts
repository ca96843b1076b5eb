/**
 * One file down: into a temporary file beside its target, MD5 computed on the way, renamed only when size and MD5
 * are those that the service told.
 *
 * A large file that breaks off stays, and the next run (of any process, after any end of this one) goes on behind what
 * is there. Nothing of that is believed: it is read and hashed first, and the MD5 of the whole decides. Where that is
 * wrong, what was there is fetched again and written over, what has come since stays; where that does not help either,
 * the whole file is fetched anew.
 */
import { retry } from "../async/retry.ts";
import { ConflictError, FileNotFoundError, IntegrityError, LocalError } from "../errors.ts";
import { createMd5 } from "../hash/md5.ts";
import type { LocalTree, PendingFile, Resumption } from "../local/local_tree.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";
import { FileProgress, type TransferContext } from "./context.ts";
import { readRange } from "./read_range.ts";
import { readVerified, reportRetry } from "./read_verified.ts";

export interface DownloadJob {
  readonly source: Tree;
  readonly file: FileEntry;
  readonly target: LocalTree;
  readonly targetPath: string;
}

/** A whole download that came out wrong is tried again from the start, this many times in all. */
const MAX_WHOLE_ATTEMPTS = 3;
/** Fetching a smaller file again costs less than what going on with it leaves on the disk. */
const MIN_RESUMABLE_BYTES = 1024 * 1024;

/**
 * Ends only when the file has its final name; resolves with the bytes that an earlier run had brought over. What a later
 * run can go on with is left after a failure, and nothing else.
 */
export async function downloadFile(job: DownloadJob, context: TransferContext): Promise<number> {
  const { file, target, targetPath } = job;
  const progress = new FileProgress(context.emit, file.path);
  const content = file.size >= MIN_RESUMABLE_BYTES ? file.md5 : undefined;
  return await retry(
    async () => {
      progress.moveTo("transfer", 0);
      await using pending = await target.beginWrite(targetPath, file.size, {
        signal: context.retryContext.signal,
        content,
      });
      const download = new Download({ job, context, pending, progress });
      try {
        const resumedBytes = await download.fill();
        await pending.commit({
          modifiedAtMs: file.modifiedAtMs ?? context.retryContext.clock.now(),
          createdAtMs: context.keepsMetadata ? file.createdAtMs : undefined,
        });
        return resumedBytes;
      } catch (error) {
        download.park(error);
        throw error;
      }
    },
    { ...context.retryPolicy, maxAttempts: MAX_WHOLE_ATTEMPTS },
    { ...context.retryContext, onRetry: reportRetry(file, context) },
  );
}

interface DownloadParts {
  readonly job: DownloadJob;
  readonly context: TransferContext;
  readonly pending: PendingFile;
  readonly progress: FileProgress;
}

class Download {
  readonly #parts: DownloadParts;
  /** Bytes in the temporary file that count. */
  #size = 0;
  #isWhole = false;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
  }

  /** All of the content is in the file when this resolves, with the bytes that had been there. Throws `IntegrityError`. */
  async fill(): Promise<number> {
    const { job, context, pending, progress } = this.#parts;
    const { file, source } = job;
    const { resumption } = pending;
    const before = { size: resumption?.keptBytes ?? 0, hash: createMd5() };
    if (resumption !== undefined) await this.#hash(resumption, 0, before.hash);
    this.#size = before.size;
    progress.resumeAt(before.size);
    this.#isWhole = await readVerified(job, context, (chunk) => this.#take(chunk), before);
    if (this.#isWhole) return before.size;
    this.#isWhole = resumption !== undefined && before.size > 0 && await this.#mend(resumption);
    if (this.#isWhole) return 0;
    throw new IntegrityError(
      `Cannot download "${file.path}" from "${source.label}": size or MD5 is not what the service announced`,
      { data: { path: file.path } },
    );
  }

  /** After a failure: leaves what a later run can go on with, and tells. */
  park(error: unknown): void {
    const { job: { file }, context, pending: { resumption } } = this.#parts;
    if (resumption === undefined || this.#size === 0) return;
    // A whole one only lacks its name, which nobody may have.
    if (this.#isWhole ? error instanceof ConflictError : !mayGoOn(error)) return;
    resumption.keep();
    context.emit({ type: "parked", path: file.path, bytes: Math.min(this.#size, file.size) });
  }

  /** Fetches again what an earlier run had left; resolves with whether the whole is right then. */
  async #mend(resumption: Resumption): Promise<boolean> {
    const { job, context, progress } = this.#parts;
    const { file } = job;
    const { keptBytes } = resumption;
    const hash = createMd5();
    await resumption.seek(0);
    progress.moveTo("transfer", file.size - keptBytes);
    await readRange({ ...job, offset: 0, count: keptBytes }, context, async (chunk) => {
      await this.#take(chunk);
      hash.update(chunk);
    });
    const size = keptBytes + await this.#hash(resumption, keptBytes, hash);
    return size === file.size && hash.digestHex() === file.md5;
  }

  async #take(chunk: Uint8Array): Promise<void> {
    const { pending, progress } = this.#parts;
    await pending.write(chunk);
    progress.add("transfer", chunk.length);
    this.#size += chunk.length;
  }

  /** Hashes what is in the file from `offset` on; resolves with its size. */
  async #hash(resumption: Resumption, offset: number, hash: ReturnType<typeof createMd5>): Promise<number> {
    const { context: { retryContext }, progress } = this.#parts;
    let size = 0;
    for await (const chunk of resumption.read(offset)) {
      retryContext.signal?.throwIfAborted();
      hash.update(chunk);
      progress.add("hash", chunk.length);
      size += chunk.length;
    }
    return size;
  }
}

/**
 * Not where the bytes may be wrong or the service has the file no more; nor where the disk refuses them: a file that fills
 * it would keep all others from their work.
 */
function mayGoOn(error: unknown): boolean {
  return ![IntegrityError, LocalError, ConflictError, FileNotFoundError].some((kind) =>
    error instanceof kind
  );
}
