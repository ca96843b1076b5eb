/**
 * One file up: MD5 first, a slot with it, the bytes that the service lacks, then a look at what it holds now
 * (API reference 5.13, 5.14, 10.2). A broken upload goes on where the service says; a source that changed is read
 * anew.
 */
import { retry } from "../async/retry.ts";
import { IntegrityError, JottashError, LocalError } from "../errors.ts";
import type { Remote } from "../remote/remote.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";
import { FileProgress, ProgressiveAttempts, type TransferContext } from "./context.ts";
import { untilSecondIsOver } from "./second_over.ts";
import { SourceContent } from "./source_content.ts";

/** Where the content comes from: a tree, or one file that is kept only to be uploaded. */
export interface UploadSource extends Pick<Tree, "features" | "stat" | "md5" | "open"> {
  readonly side: Tree["side"] | "spool";
}

export interface UploadJob {
  readonly source: UploadSource;
  readonly file: FileEntry;
  readonly target: Remote;
  readonly targetPath: string;
}

export interface UploadOutcome {
  readonly how: "transferred" | "deduplicated";
  /** Of what was uploaded in the end, should the source have changed meanwhile. */
  readonly size: number;
  /** Bytes that an earlier, broken upload had left with the service. */
  readonly resumedBytes: number;
}

/** Ends only when the service holds the whole file, read back and compared. */
export async function uploadFile(job: UploadJob, context: TransferContext): Promise<UploadOutcome> {
  const { target, targetPath } = job;
  const { signal } = context.retryContext;
  const progress = new FileProgress(context.emit, job.file.path);
  const attempts = new ProgressiveAttempts(context.retryPolicy.maxAttempts);
  let isTakenAsKnown = false;
  const contentOf = (file: FileEntry, fresh = context.readsAfresh) =>
    new SourceContent(job.source, file, {
      signal,
      fresh,
      onBytes: (count) => progress.add("hash", count),
      onKnown: (bytes) => {
        isTakenAsKnown = true;
        context.emit({ type: "hash-known", path: file.path, bytes });
      },
    });
  let content = contentOf(job.file);
  let firstResumeAt: number | undefined;

  return await retry(
    async () => {
      try {
        const { file } = content;
        if (job.source.side === "local") await untilSecondIsOver(file, context);
        const md5 = await content.md5();
        const times = timesOf(job.source, file, context);
        const isContinued = firstResumeAt !== undefined;
        const request = { path: targetPath, size: file.size, md5, ...times, isContinued };
        const slot = await target.allocate(request, { signal });
        if (slot.state === "wanted") {
          if (firstResumeAt === undefined) progress.resumeAt(slot.resumeAt);
          else progress.moveTo("transfer", slot.resumeAt);
          firstResumeAt ??= slot.resumeAt;
          attempts.note(slot.resumeAt);
          const rest = await content.open(slot.resumeAt);
          await slot.send(counted(rest, (count) => progress.add("transfer", count)), { signal });
        }
        await confirm(target, targetPath, { size: file.size, md5 }, signal);
        if (firstResumeAt === undefined) return { how: "deduplicated", size: file.size, resumedBytes: 0 };
        // Where only the answer to the last try was lost, the file is complete all the same.
        progress.moveTo("transfer", file.size);
        return { how: "transferred", size: file.size, resumedBytes: firstResumeAt };
      } catch (error) {
        if (meansOtherContent(error)) {
          firstResumeAt = undefined;
          progress.moveTo("hash", 0);
          progress.moveTo("transfer", 0);
          // Whoever trusted an MD5 that is wrong has not tried it with the right one yet.
          if (isTakenAsKnown) attempts.forgive();
          isTakenAsKnown = false;
          content = contentOf(await freshEntry(job, context), true);
        }
        throw error;
      }
    },
    context.retryPolicy,
    {
      ...context.retryContext,
      maxAttempts: attempts.limit,
      onRetry: (error, attempt, delayMs) =>
        context.emit({ type: "retried", path: job.file.path, error, attempt, delayMs }),
    },
  );
}

/** The disk's own time of creation says little (copying a file makes it new): it goes along only when asked for. */
function timesOf(source: UploadSource, file: FileEntry, { keepsMetadata, retryContext }: TransferContext) {
  const modifiedAtMs = file.modifiedAtMs ?? retryContext.clock.now();
  const isCreationKept = source.side === "remote" || keepsMetadata === true;
  const createdAtMs = isCreationKept ? file.createdAtMs ?? modifiedAtMs : modifiedAtMs;
  return { modifiedAtMs, createdAtMs };
}

/** Reads back what the service holds at the path. */
async function confirm(
  target: Remote,
  path: string,
  expected: { readonly size: number; readonly md5: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const stored = await target.stat(path, { signal });
  if (stored?.kind === "file" && stored.size === expected.size && stored.md5 === expected.md5) return;
  const found = stored?.kind === "file" ? `${stored.size} bytes with MD5 ${stored.md5}` : "no such file";
  throw new IntegrityError(`Cannot confirm the upload of "${path}": the service has ${found}`, {
    data: { path, size: expected.size, md5: expected.md5 },
  });
}

/** Did the source turn out to be something else than what was hashed? */
function meansOtherContent(error: unknown): boolean {
  return error instanceof IntegrityError ||
    error instanceof JottashError && error.code === "source-changed";
}

async function freshEntry(job: UploadJob, context: TransferContext): Promise<FileEntry> {
  const entry = await job.source.stat(job.file.path, { signal: context.retryContext.signal });
  if (entry?.kind === "file") return entry;
  const state = entry === undefined ? "it is not there any more" : "it is a directory by now";
  throw new LocalError(`Cannot upload "${job.file.path}": ${state}`, { code: "source-changed" });
}

/** The same bytes, counted as they are taken. */
export function counted(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBytes: (count: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) return controller.close();
      onBytes(value.length);
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
