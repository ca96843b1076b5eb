/** The parts of a stream that somebody else feeds, a pipe for example: it may fall silent, and be longer or shorter than said. */
import { IntegrityError } from "../errors.ts";

export interface ReadStreamOptions {
  /** Bytes that were announced. */
  readonly expectedSize?: number | undefined;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: ((count: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives all of `stream`. A stop by the user does not wait for the next part. Throws `IntegrityError` as soon as there are
 * more bytes than announced, and at the end when there were fewer.
 */
export async function* readStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { expectedSize, onBytes, signal }: ReadStreamOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = stream.getReader();
  const stop = Promise.withResolvers<never>();
  stop.promise.catch(() => {}); // seen by whoever waits at that moment
  const onAbort = () => stop.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  let size = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await Promise.race([reader.read(), stop.promise]);
      if (done) break;
      size += value.length;
      onBytes?.(value.length);
      if (expectedSize !== undefined && size > expectedSize) throw otherSize(expectedSize, "more");
      yield value;
    }
    if (expectedSize !== undefined && size < expectedSize) throw otherSize(expectedSize, `only ${size}`);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    // Not waited for: a read of a silent pipe ends with the process.
    reader.cancel().catch(() => {});
  }
}

function otherSize(expected: number, found: string): IntegrityError {
  return new IntegrityError(
    `Cannot use the content: ${expected} bytes were announced, and there are ${found}`,
    {
      retry: "never",
    },
  );
}
