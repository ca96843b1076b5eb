/**
 * How long a token is used: until shortly before its end, so that it does not expire on the way. What is learnt of a
 * token when it is first seen stays: its age cannot be told a second time.
 */
import type { Clock } from "../edges.ts";
import type { StoredToken } from "../store/token_store.ts";
import { expiryOf, lifetimeOf } from "./jwt.ts";

/** A token this close to its end may expire on the way. */
const MAX_MARGIN_MS = 60_000;
/** Short-lived tokens (tests, other providers) must not be stale from birth. */
const MARGIN_SHARE = 0.1;

interface Seen {
  readonly accessToken: string;
  readonly expiresAtMs: number | undefined;
  readonly staleAtMs: number | undefined;
}

export class Freshness {
  readonly #clock: Clock;
  #seen: Seen | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Remembers when the token gets stale; asked again, the first answer holds. */
  see(token: StoredToken): void {
    if (token.accessToken !== "") this.#seen = this.#view(token);
  }

  /** May the token be used without a thought of a new one? */
  isFresh(token: StoredToken): boolean {
    const { staleAtMs } = this.#view(token);
    return token.accessToken !== "" && (staleAtMs === undefined || this.#clock.now() < staleAtMs);
  }

  /** Does the service still take the token, and for `minTtlMs` from now on? One that tells no end is taken for good. */
  isAlive(token: StoredToken, minTtlMs = 0): boolean {
    const endsAtMs = endOf(token);
    return token.accessToken !== "" && (endsAtMs === undefined || this.#clock.now() + minTtlMs < endsAtMs);
  }

  #view(token: StoredToken): Seen {
    const { accessToken, expiresAtMs } = token;
    const seen = this.#seen;
    if (seen?.accessToken === accessToken && seen.expiresAtMs === expiresAtMs) return seen;
    return { accessToken, expiresAtMs, staleAtMs: this.#staleAt(token) };
  }

  /** For an opaque token of unknown age, the rest of its life stands for the whole: the margin errs on the small side. */
  #staleAt(token: StoredToken): number | undefined {
    const endsAtMs = endOf(token);
    if (endsAtMs === undefined) return undefined;
    const lifetimeMs = lifetimeOf(token.accessToken) ?? Math.max(0, endsAtMs - this.#clock.now());
    return endsAtMs - Math.min(MAX_MARGIN_MS, lifetimeMs * MARGIN_SHARE);
  }
}

/** When the access token ends, in milliseconds since 1970 UTC: as stored, else by its own claim. */
export function endOf({ accessToken, expiresAtMs }: StoredToken): number | undefined {
  return expiresAtMs ?? expiryOf(accessToken);
}
