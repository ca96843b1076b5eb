/**
 * A bucket of tokens that fills at a steady rate: whoever wants more than there is waits, in the order of asking. The
 * rate is asked for anew while somebody waits, so that it may change with the time of day.
 */
import type { Clock } from "../edges.ts";

/** A rate that has changed is noticed within this time, however long the wait would have been. */
const MAX_SLEEP_MS = 1_000;

export interface RateLimiterOptions {
  readonly clock: Clock;
  /** Units per second at this moment; undefined is no limit. */
  readonly ratePerSecond: () => number | undefined;
  /** What may be taken at once, after a pause, before anybody has to wait; in units, at the rate of the moment. */
  readonly burst: (ratePerSecond: number) => number;
}

export class RateLimiter {
  readonly #options: RateLimiterOptions;
  /** Units that were taken before they were there; below 0 where some are left over. */
  #debt = -Infinity;
  #isLimited = true;
  #countedAtMs: number;
  #lastInLine: Promise<void> = Promise.resolve();

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#countedAtMs = options.clock.now();
  }

  /**
   * Resolves when it is the caller's turn. What is more than the bucket holds is taken as a debt that the next in line
   * waits for. Rejects with the signal's reason; those behind move up.
   */
  async take(units: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    const before = this.#lastInLine;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastInLine = promise;
    try {
      await untilAborted(before, signal);
      for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) {
        await this.#options.clock.sleep(Math.min(waitMs, MAX_SLEEP_MS), { signal });
      }
      if (this.#isLimited) this.#debt += units;
    } finally {
      // Whoever left the line early leaves the place to nobody else.
      void before.then(resolve);
    }
  }

  #waitMs(): number {
    const { clock, ratePerSecond, burst } = this.#options;
    const nowMs = clock.now();
    // A clock that was set back fills nothing.
    const elapsedMs = Math.max(0, nowMs - this.#countedAtMs);
    this.#countedAtMs = nowMs;
    const rate = ratePerSecond();
    this.#isLimited = rate !== undefined;
    if (rate === undefined) {
      this.#debt = 0;
      return 0;
    }
    this.#debt = Math.max(this.#debt - rate * elapsedMs / 1_000, -burst(rate));
    return this.#debt > 0 ? Math.max(1, this.#debt / rate * 1_000) : 0;
  }
}

/** Resolves with `before`, which never rejects; rejects as soon as the signal is aborted. */
async function untilAborted(before: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await before;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  void before.then(resolve);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
