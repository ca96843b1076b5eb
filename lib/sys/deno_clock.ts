/** The real clock. */
import type { Clock } from "../edges.ts";

export function createDenoClock(): Clock {
  return { now: () => Date.now(), sleep };
}

/** A timer for longer ends at once: a long sleep is made of several. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let timer: ReturnType<typeof setTimeout>;
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const wait = (leftMs: number) => {
      const partMs = Math.min(Math.max(0, leftMs), MAX_TIMER_MS);
      timer = setTimeout(() => {
        if (leftMs > partMs) return wait(leftMs - partMs);
        signal?.removeEventListener("abort", stop);
        resolve();
      }, partMs);
    };
    wait(ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
