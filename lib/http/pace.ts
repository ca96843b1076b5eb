/**
 * How many requests a run has under way: what the service can do, found out by its answers. Uploads count by themselves:
 * the bytes of one may come from a download, which must not wait for it.
 */
import { AdaptiveLimit } from "../async/adaptive_limit.ts";
import { DEFAULT_RETRY_POLICY } from "../async/retry.ts";
import type { Clock } from "../edges.ts";
import { causeOf } from "./causes.ts";

interface PacedRequest {
  /** Its answer has begun. Tells when that changes how many go at a time. */
  answered(status: number, retryAfterMs: number | undefined): PaceChange | undefined;
  /** There was none. */
  failed(): void;
}

interface PaceChange {
  /** Requests at a time from now on; "any" without a limit. */
  readonly atATime: number | "any";
}

export class Pace {
  readonly #limits: Readonly<Record<"requests" | "uploads", AdaptiveLimit>>;

  constructor(clock: Clock) {
    const options = { clock, maxPauseMs: DEFAULT_RETRY_POLICY.maxRetryAfterMs };
    this.#limits = { requests: new AdaptiveLimit(options), uploads: new AdaptiveLimit(options) };
  }

  /** Resolves when the request may go. Rejects with the signal's reason. */
  async enter(
    kind: "requests" | "uploads",
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<PacedRequest> {
    const limit = this.#limits[kind];
    const turn = await limit.enter(options);
    return {
      failed: () => turn.ended(),
      answered(status, retryAfterMs) {
        const before = limit.limit;
        if (causeOf(status).isOverload) turn.overloaded(retryAfterMs);
        else if (status < 500) turn.succeeded();
        else turn.ended();
        return limit.limit === before ? undefined : { atATime: limit.limit ?? "any" };
      },
    };
  }
}
