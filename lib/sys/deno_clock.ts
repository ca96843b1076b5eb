/** The real clock. */
import type { Clock } from "../edges.ts";

export function createDenoClock(): Clock {
  return { now: () => Date.now(), sleep };
}

function sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, Math.max(0, ms));
    signal?.addEventListener("abort", stop, { once: true });
  });
}
