/** The content of one local file as a stream of exactly the length that was promised. */
import type { FileInfo, OpenFile } from "../edges.ts";
import type { FileEntry } from "../tree/tree.ts";
import { LocalError } from "../errors.ts";

/** Fastest size for uploads (stack.md B1). */
const CHUNK_BYTES = 1024 * 1024;

interface FileStreamOptions {
  /** What the content is promised to be. */
  readonly entry: FileEntry;
  /** What messages name. */
  readonly path: string;
  readonly offset: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams `file` from `offset` (where it is positioned already) to `entry.size` and closes it at the end, on cancel
 * and on error. Fails with `source-changed` when the file ends early, or is another one when the end is reached; the
 * last bytes are given out only after that check.
 */
export function createFileStream(
  file: OpenFile,
  options: FileStreamOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { entry, path, signal } = options;
  let remaining = Math.max(0, entry.size - options.offset);
  let reading: Promise<unknown> = Promise.resolve();
  let isOver = false;
  let abort = async () => {};

  /** Closes the file, but not under a read. */
  const finish = async () => {
    isOver = true;
    signal?.removeEventListener("abort", abort);
    await reading.catch(() => undefined);
    file.close();
  };
  const readSome = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, remaining));
    const count = await file.read(buffer);
    if (count === null) throw sourceChanged(path);
    remaining -= count;
    if (remaining === 0) assertUnchanged(await file.stat(), entry, path);
    return buffer.subarray(0, count);
  };

  return new ReadableStream({
    async start(controller) {
      abort = async () => {
        await finish();
        controller.error(signal?.reason);
      };
      if (signal?.aborted) return await abort();
      signal?.addEventListener("abort", abort, { once: true });
      if (remaining > 0) return;
      await finish();
      controller.close();
    },
    async pull(controller) {
      if (isOver) return;
      try {
        const read = readSome();
        reading = read;
        const chunk = await read;
        if (isOver) return;
        controller.enqueue(chunk);
        if (remaining > 0) return;
        await finish();
        controller.close();
      } catch (error) {
        if (isOver) return;
        await finish();
        controller.error(error);
      }
    },
    cancel: finish,
  });
}

/** Throws `source-changed` unless it is a file with the size and the time of the entry. */
export function assertUnchanged(info: FileInfo, entry: FileEntry, path: string): void {
  const hasTime = entry.modifiedAtMs === undefined || entry.modifiedAtMs === info.modifiedAtMs;
  if (info.kind !== "file" || info.size !== entry.size || !hasTime) throw sourceChanged(path);
}

/** The file is not what its entry says; looking again and starting over may succeed. */
function sourceChanged(path: string): LocalError {
  return new LocalError(`Cannot read "${path}": it changed while it was read`, {
    code: "source-changed",
    retry: "now",
    hint: "Copy it again when no program writes to it",
    data: { path },
  });
}
