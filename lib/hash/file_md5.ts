/** MD5 of an open file. */
import type { OpenFile } from "../edges.ts";
import { createMd5 } from "./md5.ts";

/** Fastest size measured; two of them are in use (stack.md C). */
const BUFFER_BYTES = 1024 * 1024;

export interface FileMd5Options {
  readonly signal?: AbortSignal | undefined;
  /** Small files get small buffers; a file that turns out longer is not read to its end, which may never come. */
  readonly expectedSize?: number;
  /** Called with the number of bytes hashed since the last call. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Called with what was read, which is reused afterwards. */
  readonly onContent?: ((bytes: Uint8Array) => void) | undefined;
}

export interface FileMd5 {
  /** Lower-case hex. */
  readonly md5: string;
  /** Bytes read. */
  readonly size: number;
}

/**
 * Reads `file` from its current position to the end, or until it is longer than expected; the next part is read
 * while one is hashed. Throws what reading throws and the signal's reason; no read is under way any more when it does.
 */
export async function md5OfFile(file: OpenFile, options: FileMd5Options = {}): Promise<FileMd5> {
  const { signal, onBytes, onContent, expectedSize = Infinity } = options;
  // One byte more than expected, so that the end shows with the second read.
  const length = Math.min(BUFFER_BYTES, expectedSize + 1);
  let current = new Uint8Array(length);
  let next: Uint8Array<ArrayBuffer> | undefined;
  const md5 = createMd5();
  let size = 0;
  let reading = file.read(current);
  try {
    for (;;) {
      const count = await reading;
      if (count === null) return { md5: md5.digestHex(), size };
      signal?.throwIfAborted();
      next ??= new Uint8Array(length);
      reading = file.read(next);
      const part = current.subarray(0, count);
      md5.update(part);
      size += count;
      onContent?.(part);
      onBytes?.(count);
      if (size > expectedSize) return { md5: md5.digestHex(), size };
      [current, next] = [next, current];
    }
  } finally {
    // The caller closes the file: not under a read.
    await reading.catch(() => undefined);
  }
}
