/**
 * Hands out access tokens and keeps the session alive. Refresh tokens rotate: each can be spent once, and one that
 * is sent again ends the session for every holder (API reference 2.4). Hence the order of steps, for all
 * processes that share a store:
 *
 * 1. take the lock, read again: another process may have refreshed, then its token is used and nothing is sent;
 * 2. make sure that a new token can be saved, before the old one is spent;
 * 3. (the place to record the intent to refresh, issue "Accounts")
 * 4. send the refresh token; 5. save the answer durably; 6. only then use it; 7. give the lock back.
 *
 * A lost answer (no answer, 5xx, broken body) leaves open whether the refresh token is spent. What is on the disk is
 * read again: a program that ignores the lock, such as rclone, may have put a newer token there, which is used.
 * Otherwise the same refresh token is sent once more: if it is not spent, the session goes on; if it is, its
 * successor is lost with the answer and the session could not be saved anyway. Then the failure goes up with the
 * verdict "later", so that layers above do not multiply the tries.
 *
 * A refresh that has begun is not cancelled by a signal: that would be a lost answer of our own making. The waits
 * in it are bounded by the lock's timeout and by the transport's.
 */
import { SingleFlight } from "../async/single_flight.ts";
import type { Clock } from "../edges.ts";
import {
  AuthError,
  isRetryable,
  type JottashError,
  LocalError,
  LockedError,
  NetworkError,
} from "../errors.ts";
import { ProtocolError, ServiceError } from "../errors.ts";
import type { Authorizer } from "../http/authorizer.ts";
import type { Logger } from "../log.ts";
import type { StoredToken, TokenAccess, TokenStore } from "../store/token_store.ts";
import { lifetimeOf } from "./jwt.ts";
import { LOGIN_TOKEN_PAGE } from "./services.ts";

/** A token this close to its end may expire on the way. */
const MAX_MARGIN_MS = 60_000;
/** Short-lived tokens (tests, other providers) must not be stale from birth. */
const MARGIN_SHARE = 0.1;
/** The pause before the second and last try. */
const SECOND_TRY_DELAY_MS = 500;
/** After a refresh failed while the token still works: time without another attempt. */
const MAX_QUIET_MS = 5_000;
/** Different tokens found on the disk in a row; more than a few means that something else is wrong. */
const MAX_TOKENS_TRIED = 3;
const MAX_SAVE_ATTEMPTS = 3;
const SAVE_RETRY_DELAY_MS = 200;

export interface TokenSourceOptions {
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** For messages. */
  readonly remote: string;
  /** Spends a refresh token, with the client id of the login (`requestRefresh` of `oidc.ts`). */
  readonly refresh: (refreshToken: string) => Promise<StoredToken>;
}

interface HeldToken {
  readonly token: StoredToken;
  /** From here on a new token is wanted; undefined when the token does not tell its end. */
  readonly staleAtMs: number | undefined;
}

export class TokenSource implements Authorizer {
  readonly #options: TokenSourceOptions;
  readonly #flight = new SingleFlight<StoredToken>();
  #held: HeldToken | undefined;
  /** A new token that could not be saved; nobody has used it. */
  #unsaved: { readonly token: StoredToken; readonly spent: string } | undefined;
  #quietUntilMs = 0;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
  }

  async accessToken(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const held = this.#held;
    if (held !== undefined && (this.#isFresh(held) || this.#isQuiet(held))) return held.token.accessToken;
    const token = await this.#flight.run(() => this.#obtain(undefined));
    signal?.throwIfAborted();
    return token.accessToken;
  }

  /** Resolves when no refresh is under way: to end the process earlier would lose its answer, and the session. */
  settled(): Promise<void> {
    return this.#flight.settled();
  }

  async renew(rejected: string, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const held = this.#held;
    if (held !== undefined && held.token.accessToken !== rejected && this.#isFresh(held)) {
      return held.token.accessToken;
    }
    let token = await this.#flight.run(() => this.#obtain(rejected));
    // The run that was joined may have been for another reason, and have ended with this very token.
    if (token.accessToken === rejected) token = await this.#flight.run(() => this.#obtain(rejected));
    signal?.throwIfAborted();
    return token.accessToken;
  }

  /** A token to use now: the stored one where it will do, otherwise a new one. */
  async #obtain(rejected: string | undefined): Promise<StoredToken> {
    const stored = await this.#options.store.load();
    if (stored !== undefined) {
      this.#hold(stored);
      if (this.#isUsable(stored, rejected)) return stored;
      // Without a refresh token there is nothing to lock or write for.
      if (stored.refreshToken === undefined && stored.accessToken !== rejected && this.#isAlive(stored)) {
        return stored;
      }
      requireRefreshToken(stored, this.#options.remote);
    }
    try {
      const token = await this.#options.store.exclusively((access) => this.#refreshLocked(access, rejected));
      this.#quietUntilMs = 0;
      this.#hold(token);
      return token;
    } catch (error) {
      return this.#survive(error, rejected);
    }
  }

  /** Goes on with a token that still works when the failure says nothing about the session; throws otherwise. */
  #survive(error: unknown, rejected: string | undefined): StoredToken {
    if (!isPassing(error)) throw error;
    const { clock, log, remote } = this.#options;
    const current = this.#held?.token;
    if (current === undefined || current.accessToken === rejected || !this.#isAlive(current)) {
      throw this.#asFinal(error);
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
    if (error instanceof LocalError) {
      const isSpent = this.#unsaved !== undefined;
      return new LocalError(`Cannot save the session of "${this.#options.remote}": ${error.message}`, {
        cause: error,
        code: isSpent ? "session-not-saved" : "session-not-writable",
        hint: isSpent
          ? "Make room or allow writing, and do not end this jottash before it could save the new session"
          : "Make the file and its directory writable; the session is not harmed, nothing was sent",
        data,
      });
    }
    if (error instanceof LockedError || error.retry !== "now") return error;
    const kind = error instanceof NetworkError ? NetworkError : ServiceError;
    return new kind(error.message, { cause: error, retry: "later", code, hint, data });
  }

  async #refreshLocked(access: TokenAccess, rejected: string | undefined): Promise<StoredToken> {
    const recovered = await this.#saveUnsaved(access);
    const stored = recovered ?? access.token;
    if (stored === undefined) throw this.#notSignedIn();
    if (this.#isUsable(stored, rejected)) return stored;
    requireRefreshToken(stored, this.#options.remote);
    await access.reserve();
    // Step 3 goes here: record the intent to spend this refresh token.
    return await this.#spend(access, stored, rejected);
  }

  /** Spends the refresh token of `stored`, or of whatever replaces it on the disk meanwhile; saves the answer. */
  async #spend(
    access: TokenAccess,
    stored: StoredToken,
    rejected: string | undefined,
  ): Promise<StoredToken> {
    let current = stored;
    let mayRepeat = true;
    for (let tried = 1;;) {
      const spent = requireRefreshToken(current, this.#options.remote);
      let failure: unknown;
      try {
        const token = await this.#options.refresh(spent);
        await this.#save(access, token, spent);
        return token;
      } catch (error) {
        if (this.#unsaved !== undefined) throw error;
        failure = error;
      }
      const onDisk = await access.reload();
      if (onDisk !== undefined && onDisk.refreshToken !== spent) {
        if (this.#isUsable(onDisk, rejected)) return onDisk;
        if (++tried > MAX_TOKENS_TRIED) throw failure;
        current = onDisk;
      } else if (mayRepeat && isRetryable(failure)) {
        mayRepeat = false;
        this.#options.log.info("the answer to a refresh was lost; asking once more", {
          remote: this.#options.remote,
        });
        await this.#options.clock.sleep(SECOND_TRY_DELAY_MS);
      } else {
        throw failure;
      }
    }
  }

  /** The old refresh token is spent by now: losing `token` means losing the session, so saving is tried again. */
  async #save(access: TokenAccess, token: StoredToken, spent: string): Promise<void> {
    this.#unsaved = { token, spent };
    for (let attempt = 1;; attempt++) {
      try {
        await access.save(token);
        this.#unsaved = undefined;
        return;
      } catch (error) {
        if (attempt >= MAX_SAVE_ATTEMPTS) throw error;
        await this.#options.clock.sleep(SAVE_RETRY_DELAY_MS * attempt);
      }
    }
  }

  /** Saves what an earlier refresh could not, unless the store has moved on since. */
  async #saveUnsaved(access: TokenAccess): Promise<StoredToken | undefined> {
    const unsaved = this.#unsaved;
    if (unsaved === undefined) return undefined;
    if (access.token?.refreshToken !== unsaved.spent) {
      this.#unsaved = undefined;
      return undefined;
    }
    await this.#save(access, unsaved.token, unsaved.spent);
    return unsaved.token;
  }

  #hold(token: StoredToken): void {
    if (token.accessToken !== "") this.#held = this.#view(token);
  }

  /** What is known of a token that is held stays: its age cannot be told a second time. */
  #view(token: StoredToken): HeldToken {
    const held = this.#held;
    const isKnown = held?.token.accessToken === token.accessToken &&
      held.token.expiresAtMs === token.expiresAtMs;
    return { token, staleAtMs: isKnown ? held.staleAtMs : this.#staleAt(token) };
  }

  /** For an opaque token of unknown age, the rest of its life stands for the whole: the margin errs on the small side. */
  #staleAt({ accessToken, expiresAtMs }: StoredToken): number | undefined {
    if (expiresAtMs === undefined) return undefined;
    const lifetimeMs = lifetimeOf(accessToken) ?? Math.max(0, expiresAtMs - this.#options.clock.now());
    return expiresAtMs - Math.min(MAX_MARGIN_MS, lifetimeMs * MARGIN_SHARE);
  }

  #isFresh({ token, staleAtMs }: HeldToken): boolean {
    return token.accessToken !== "" && (staleAtMs === undefined || this.#options.clock.now() < staleAtMs);
  }

  #isAlive({ accessToken, expiresAtMs }: StoredToken): boolean {
    return accessToken !== "" && (expiresAtMs === undefined || this.#options.clock.now() < expiresAtMs);
  }

  #isQuiet({ token }: HeldToken): boolean {
    return this.#options.clock.now() < this.#quietUntilMs && this.#isAlive(token);
  }

  /** Good for the caller: fresh, and not the one that the service has just refused. */
  #isUsable(token: StoredToken, rejected: string | undefined): boolean {
    return token.accessToken !== rejected && this.#isFresh(this.#view(token));
  }

  #notSignedIn(): AuthError {
    return new AuthError(`Cannot use "${this.#options.remote}": nobody is signed in`, {
      code: "not-signed-in",
      hint: `Make a login token at ${LOGIN_TOKEN_PAGE}, then run "jottash config"`,
      data: { remote: this.#options.remote },
    });
  }
}

function requireRefreshToken(token: StoredToken, remote: string): string {
  if (token.refreshToken !== undefined) return token.refreshToken;
  throw new AuthError(
    `Cannot use "${remote}": its access token is no longer good and there is no refresh token`,
    {
      code: "session-lost",
      hint: `Make a login token at ${LOGIN_TOKEN_PAGE}, then run "jottash config" and sign in again`,
      data: { remote },
    },
  );
}

/** Failures that say nothing about the session itself. */
function isPassing(error: unknown): error is JottashError {
  return [NetworkError, ServiceError, ProtocolError, LockedError, LocalError]
    .some((kind) => error instanceof kind);
}
