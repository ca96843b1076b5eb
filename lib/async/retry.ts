/**
 * Retry by verdict: only errors that say `retry: "now"` are tried again, after a growing, jittered wait or the
 * longer one that the service asked for (`data.retryAfterMs`), within a number of attempts.
 */
import type { Clock, Random } from "../edges.ts";
import { isRetryable, JottashError } from "../errors.ts";

export interface RetryPolicy {
  /** All attempts, the first included; at least 1. */
  readonly maxAttempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** A longer wait asked for by the service is not waited out: the error is given to the caller. */
  readonly maxRetryAfterMs: number;
  /** No try begins when so much time has gone into tries and waits; without it, their number alone counts. */
  readonly maxTotalMs?: number;
}

/** An attempt counts for no more, however far the clock has moved meanwhile: the computer slept, or the clock was set. */
const MAX_ATTEMPT_MS = 10 * 60_000;

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 8,
  firstDelayMs: 100,
  maxDelayMs: 5_000,
  maxRetryAfterMs: 300_000,
};

export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  /** Attempts allowed by now; asked again after each failure, so that the caller can change its mind. */
  readonly maxAttempts?: () => number;
  readonly onRetry?: (error: JottashError, attempt: number, delayMs: number) => void;
}

/**
 * Runs `work(attempt)` (attempts count from 1) until it succeeds or retrying is pointless; throws the last error. An
 * error that used up the attempts says `later` from then on: a retry around this one does not multiply the tries.
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  policy: RetryPolicy,
  context: RetryContext,
): Promise<T> {
  const { maxTotalMs = Infinity } = policy;
  let spentMs = 0;
  for (let attempt = 1;; attempt++) {
    const beganAtMs = context.clock.now();
    try {
      return await work(attempt);
    } catch (error) {
      const limit = context.maxAttempts?.() ?? policy.maxAttempts;
      if (!(error instanceof JottashError) || !isRetryable(error)) throw error;
      spentMs += Math.min(Math.max(0, context.clock.now() - beganAtMs), MAX_ATTEMPT_MS);
      const delayMs = attempt < limit ? delayBefore(error, attempt, policy, context.random) : undefined;
      if (delayMs === undefined || spentMs + delayMs > maxTotalMs) {
        error.giveUp();
        throw error;
      }
      context.onRetry?.(error, attempt, delayMs);
      spentMs += delayMs;
      await context.clock.sleep(delayMs, { signal: context.signal });
    }
  }
}

/** The wait before the next attempt; undefined when the service asks for more patience than the policy has. */
function delayBefore(
  error: JottashError,
  attempt: number,
  policy: RetryPolicy,
  random: Random,
): number | undefined {
  const asked = error.data.retryAfterMs;
  const askedMs = typeof asked === "number" ? asked : 0;
  if (askedMs > policy.maxRetryAfterMs) return undefined;
  const ceiling = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  // Between half and all of the ceiling: spreads out clients that failed together, yet always backs off.
  return Math.max(askedMs, ceiling / 2 + random.next() * ceiling / 2);
}
