/**
 * Hands out access tokens and keeps the session alive: a stored token while it is fresh, otherwise a new one, got
 * once for all callers of this process (single flight) and of all processes (`rotation.ts`). Whether a refresh token
 * may be spent at all is decided in `session_verdict.ts`.
 *
 * A refresh that has begun is not cancelled by a signal: that would be a lost answer of our own making. The waits
 * in it are bounded by the lock's timeout and by the transport's. A failure goes up with the verdict "later", so that
 * layers above do not multiply the tries.
 */
import { SingleFlight } from "../async/single_flight.ts";
import {
  type AuthError,
  type JottashError,
  LocalError,
  LockedError,
  NetworkError,
  ProtocolError,
  ServiceError,
} from "../errors.ts";
import type { Authorizer } from "../http/authorizer.ts";
import { interruptionOf } from "../store/session_recovery.ts";
import type { StoredSession, StoredToken } from "../store/token_store.ts";
import { formatLocalTime } from "../units.ts";
import { endOf, Freshness } from "./freshness.ts";
import { lifetimeOf } from "./jwt.ts";
import { isOfAnotherMachine, isStrongStamp } from "./machine_stamp.ts";
import { Rotation, type RotationOptions } from "./rotation.ts";
import { copiedHint, noRefreshToken, notSignedIn, sessionCopied, tokenTooShort } from "./session_errors.ts";
import { judgeSession, type Obstacle } from "./session_verdict.ts";

/** After a refresh failed, or may not be tried, while the token still works: time without another look. */
const MAX_QUIET_MS = 5_000;

export interface TokenSourceOptions extends RotationOptions {
  /** Why no refresh token is spent here, for a store that cannot save. */
  readonly notKept?: (() => AuthError) | undefined;
  /** Why nobody is signed in, where a store that cannot save is empty. */
  readonly absent?: (() => AuthError) | undefined;
}

export interface AccessTokenNeed {
  /** The token has to live for so long from now on. Default 0: good for the next request. */
  readonly minTtlMs?: number | undefined;
}

interface Need {
  readonly minTtlMs: number;
  /** A token that the service has just refused. */
  readonly rejected: string | undefined;
}

export class TokenSource implements Authorizer {
  readonly #options: TokenSourceOptions;
  readonly #rotation: Rotation;
  readonly #freshness: Freshness;
  readonly #flight = new SingleFlight<StoredToken>();
  readonly #told = new Set<string>();
  #held: StoredToken | undefined;
  #quietUntilMs = 0;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
    this.#rotation = new Rotation(options);
    this.#freshness = new Freshness(options.clock);
  }

  /** Throws `AuthError` (code `token-too-short`) when the service gives no token that lives for `minTtlMs`. */
  async accessToken(signal?: AbortSignal, need: AccessTokenNeed = {}): Promise<string> {
    signal?.throwIfAborted();
    const wanted: Need = { minTtlMs: need.minTtlMs ?? 0, rejected: undefined };
    const held = this.#held;
    if (
      held !== undefined && this.#isGood(held, wanted) && (this.#freshness.isFresh(held) || this.#isQuiet())
    ) {
      return held.accessToken;
    }
    return await this.#get(wanted, signal);
  }

  /** Resolves when no refresh is under way: to end the process earlier would lose its answer, and the session. */
  settled(): Promise<void> {
    return this.#flight.settled();
  }

  async renew(rejected: string, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const need: Need = { minTtlMs: 0, rejected };
    const held = this.#held;
    if (held !== undefined && this.#isGood(held, need) && this.#freshness.isFresh(held)) {
      return held.accessToken;
    }
    return await this.#get(need, signal);
  }

  async #get(need: Need, signal: AbortSignal | undefined): Promise<string> {
    let token = await this.#flight.run(() => this.#obtain(need));
    // The run that was joined may have been for another need, and have ended with a token that does not meet this one.
    if (!this.#isGood(token, need)) token = await this.#flight.run(() => this.#obtain(need));
    signal?.throwIfAborted();
    if (need.minTtlMs > 0 && !this.#isGood(token, need)) throw this.#tooShort(token);
    return token.accessToken;
  }

  /** A token to use now: the stored one where it will do, otherwise a new one. */
  async #obtain(need: Need): Promise<StoredToken> {
    const { store, remote, absent } = this.#options;
    let isLoaded = false;
    try {
      const stored = await store.load();
      isLoaded = true;
      if (stored !== undefined && await this.#judge(stored, { ...need, isLocked: false }) === "use") {
        return stored.token;
      }
      if (!store.canSave) throw absent?.() ?? notSignedIn(remote);
      const judge = (session: StoredSession) => this.#judge(session, { ...need, isLocked: true });
      const { token } = await this.#rotation.run(judge);
      this.#hold(token);
      if (this.#freshness.isFresh(token)) this.#quietUntilMs = 0;
      return token;
    } catch (error) {
      return this.#survive(error, { need, isLoaded });
    }
  }

  /** Goes on with a token that still works when the failure says nothing about the session; throws otherwise. */
  #survive(error: unknown, at: { readonly need: Need; readonly isLoaded: boolean }): StoredToken {
    if (!isPassing(error)) throw error;
    const { clock, log, remote } = this.#options;
    const current = this.#held;
    if (current === undefined || !this.#isGood(current, at.need)) {
      throw at.isLoaded ? this.#asFinal(error) : error;
    }
    this.#quietUntilMs = clock.now() + MAX_QUIET_MS;
    log.warn("cannot refresh the session; going on with the token that is still valid", {
      remote,
      error: error.message,
    });
    return current;
  }

  #asFinal(error: JottashError): JottashError {
    const { code, hint, data } = error;
    if (error instanceof LocalError) return this.#asNotSaved(error);
    if (error instanceof LockedError || error.retry !== "now") return error;
    const kind = error instanceof NetworkError ? NetworkError : ServiceError;
    return new kind(error.message, { cause: error, retry: "later", code, hint, data });
  }

  #asNotSaved(cause: LocalError): LocalError {
    const { message, hint, data } = cause;
    const { remote } = this.#options;
    const isSpent = this.#rotation.hasUnsaved;
    // What names the remote speaks of its session already.
    const isNamed = data["remote"] === remote;
    const ownHint = isNamed ? hint : undefined;
    return new LocalError(isNamed ? message : `Cannot save the session of "${remote}:": ${message}`, {
      cause,
      code: isSpent ? "session-not-saved" : "session-not-writable",
      hint: isSpent
        ? "Make room or allow writing, and do not end this jottash before it could save the new session"
        : ownHint ?? "Make the file and its directory writable; the session is not harmed, nothing was sent",
      data,
    });
  }

  async #judge(
    session: StoredSession,
    need: Need & { readonly isLocked: boolean },
  ): Promise<"use" | "refresh"> {
    const { token, record } = session;
    this.#hold(token);
    // Without the lock, a refresh whose end is still to come looks the same.
    const interruptedAtMs = need.isLocked ? await interruptionOf(session) : undefined;
    const isFresh = this.#freshness.isFresh(token);
    const isGood = this.#isGood(token, need);
    // A token that is too short from birth has no longer successor: to refresh would spend one for nothing.
    if (isFresh && !isGood && need.minTtlMs >= (lifetimeOf(token.accessToken) ?? Infinity)) {
      throw this.#tooShort(token);
    }
    const verdict = judgeSession({
      isFresh,
      isGood,
      hasRefreshToken: token.refreshToken !== undefined,
      canSave: this.#options.store.canSave,
      isCopied: await this.#isCopied(record.machine),
      isInterrupted: interruptedAtMs !== undefined,
    });
    if (verdict.kind === "refresh") return "refresh";
    if (verdict.kind === "refuse") throw this.#refusal(token, { need, obstacle: verdict.obstacle });
    if (!isFresh) this.#quietUntilMs = this.#options.clock.now() + MAX_QUIET_MS;
    if (verdict.notice !== undefined) this.#tell(verdict.notice, { token, interruptedAtMs });
    return "use";
  }

  async #isCopied(machine: string | undefined): Promise<boolean> {
    const { stamp } = this.#options;
    // Most machines tell their id only to a program that is started for it.
    return stamp !== undefined && isStrongStamp(machine) && isOfAnotherMachine(machine, await stamp());
  }

  #refusal(token: StoredToken, why: { readonly need: Need; readonly obstacle: Obstacle }): AuthError {
    const { remote, notKept } = this.#options;
    const errors: Readonly<Record<Obstacle, () => AuthError>> = {
      "not-kept": notKept ?? (() => noRefreshToken(remote)),
      "no-refresh-token": () => noRefreshToken(remote),
      "copied": () => sessionCopied(remote),
    };
    const error = errors[why.obstacle]();
    const isOnlyShort = this.#isGood(token, { ...why.need, minTtlMs: 0 });
    return isOnlyShort ? this.#tooShort(token, error) : error;
  }

  #tooShort(token: StoredToken, cause?: AuthError): AuthError {
    return tokenTooShort(this.#options.remote, { endsAtMs: endOf(token), hint: cause?.hint });
  }

  /** Once for each kind of notice in this process. */
  #tell(
    notice: "copied" | "interrupted",
    about: { readonly token: StoredToken; readonly interruptedAtMs: number | undefined },
  ): void {
    if (this.#told.has(notice)) return;
    this.#told.add(notice);
    const { log, remote } = this.#options;
    const end = endOf(about.token);
    const until = end === undefined ? "it ends" : formatLocalTime(end);
    if (notice === "copied") {
      log.warn(
        `the session of "${remote}:" was copied from another machine: its access token is used until ${until}, ` +
          `and it is not refreshed here. ${copiedHint(remote)}`,
      );
      return;
    }
    const at = formatLocalTime(about.interruptedAtMs ?? 0);
    log.warn(
      `a refresh of the session of "${remote}:" was interrupted at ${at}; the access token is good until ${until}, ` +
        `then one more try is made; to be safe: jottash config reconnect ${remote}:`,
    );
  }

  #hold(token: StoredToken): void {
    if (token.accessToken === "") return;
    this.#freshness.see(token);
    this.#held = token;
  }

  /** Alive for as long as it is needed, and not the one that the service has just refused. */
  #isGood(token: StoredToken, { minTtlMs, rejected }: Need): boolean {
    return token.accessToken !== rejected && this.#freshness.isAlive(token, minTtlMs);
  }

  #isQuiet(): boolean {
    return this.#options.clock.now() < this.#quietUntilMs;
  }
}

/** Failures that say nothing about the session itself. */
function isPassing(error: unknown): error is JottashError {
  return [NetworkError, ServiceError, ProtocolError, LockedError, LocalError]
    .some((kind) => error instanceof kind);
}
