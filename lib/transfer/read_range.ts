/** Some bytes of one file, taken over as many requests as the line needs. Their MD5 is nobody's: it is not checked. */
import { retry } from "../async/retry.ts";
import { IntegrityError } from "../errors.ts";
import { ProgressiveAttempts, type TransferContext } from "./context.ts";
import { type ReadJob, reportRetry } from "./read_verified.ts";

export interface ByteRange {
  /** Bytes to leave out at the beginning; at or past the end of the file there is nothing to read. */
  readonly offset: number;
  /** At most so many bytes; Infinity for all to the end. */
  readonly count: number;
}

/** Gives the bytes of the range to `take`, once and in order; what the service sends beyond is not waited for. */
export async function readRange(
  { source, file, offset, count }: ReadJob & ByteRange,
  context: TransferContext,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const end = Math.min(file.size, offset + count);
  const attempts = new ProgressiveAttempts(context.retryPolicy.maxAttempts);
  const { signal } = context.retryContext;
  let position = offset;
  const read = async () => {
    try {
      if (position >= end) return;
      for await (const chunk of await source.open(file, { offset: position, signal })) {
        const wanted = chunk.subarray(0, end - position);
        await take(wanted);
        position += wanted.length;
        if (position >= end) break;
      }
      // No MD5 would notice: what was announced and does not come is an error of its own.
      if (position < end && source.side === "remote") throw tooShort(file.path, { position, end });
    } finally {
      attempts.note(position - offset);
    }
  };
  await retry(read, context.retryPolicy, {
    ...context.retryContext,
    maxAttempts: attempts.limit,
    onRetry: reportRetry(file, context),
  });
}

function tooShort(path: string, { position, end }: { readonly position: number; readonly end: number }) {
  return new IntegrityError(
    `Cannot read "${path}": the service ended it at byte ${position}, ${end - position} bytes too soon`,
    { data: { path } },
  );
}
