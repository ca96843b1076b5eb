/**
 * Spends refresh tokens. Each can be spent once, and one that is sent again ends the session for every holder
 * (API reference 2.4). Hence the order of steps, for all processes that share a store:
 *
 * 1. take the lock, read again: another process may have refreshed, then its token is used and nothing is sent;
 * 2. record the intent, and make sure that a new token can be saved, before the old one is spent;
 * 3. send the refresh token; 4. save the answer durably, which removes the intent; 5. only then use it; 6. give the
 * lock back.
 *
 * A lost answer (no answer, 5xx, broken body) leaves open whether the refresh token is spent. What is stored is read
 * again: a program that ignores the lock, such as rclone, may have put a newer token there, which is used. Otherwise
 * the same refresh token is sent once more: if it is not spent, the session goes on; if it is, its successor is lost
 * with the answer and the session could not be saved anyway. An intent that is left behind tells later runs of it
 * (`session_verdict.ts`, `store/session_recovery.ts`); one whose request certainly changed nothing is taken back.
 */
import type { Clock } from "../edges.ts";
import {
  AuthError,
  ConfigError,
  isRetryable,
  LockedError,
  NetworkError,
  ProtocolError,
  ServiceError,
} from "../errors.ts";
import type { Logger } from "../log.ts";
import { fingerprintOf } from "../store/fingerprint.ts";
import type { SessionRecord } from "../store/session_record.ts";
import { interruptionOf } from "../store/session_recovery.ts";
import type { StoredSession, StoredToken, TokenAccess, TokenStore } from "../store/token_store.ts";
import { lostInInterruption, noRefreshToken, notSignedIn } from "./session_errors.ts";

/** The pause before the second and last try. */
const SECOND_TRY_DELAY_MS = 500;
/** Different tokens found in the store in a row; more than a few means that something else is wrong. */
const MAX_TOKENS_TRIED = 3;
/** From the answer to another program until it has saved it, with room to spare. */
const SAVED_ELSEWHERE_MS = 500;
const MAX_SAVE_ATTEMPTS = 3;
const SAVE_RETRY_DELAY_MS = 200;
/** Failures of a connection that never carried a request (`data.network`). */
const UNSENT: ReadonlySet<unknown> = new Set([
  "host-not-found",
  "refused",
  "no-route",
  "port-blocked",
  "tls-untrusted",
  "too-many-open",
]);

export interface RotationOptions {
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** For messages. */
  readonly remote: string;
  /** Spends the refresh token of a session, with the client that got it. */
  readonly refresh: (session: StoredSession) => Promise<StoredToken>;
  /** The stamp of this machine, where a session belongs to one machine. */
  readonly stamp?: (() => Promise<string>) | undefined;
  /** Makes the session of an empty store, once. */
  readonly begin?: (() => Promise<StoredSession>) | undefined;
}

/** Decides whether a session is used or refreshed; throws when it can be neither. */
export type Judge = (session: StoredSession) => Promise<"use" | "refresh">;

/** A new session that is durable, or the one that has taken the place of the old one meanwhile. */
type Outcome =
  | { readonly renewed: StoredSession }
  | { readonly found: StoredSession; readonly failure?: unknown };

export class Rotation {
  readonly #options: RotationOptions;
  /** A new session that could not be saved; nobody has used it. */
  #unsaved: { readonly session: StoredSession; readonly spent: string | undefined } | undefined;

  constructor(options: RotationOptions) {
    this.#options = options;
  }

  get hasUnsaved(): boolean {
    return this.#unsaved !== undefined;
  }

  /** Resolves with a session that `judge` lets be used, or with a new one that is durable. */
  async run(judge: Judge): Promise<StoredSession> {
    return await this.#options.store.exclusively(async (access) => {
      let session = await this.#saveUnsaved(access) ?? access.session ?? await this.#begin(access);
      for (let tried = 1;; tried++) {
        if (await judge(session) === "use") return session;
        const outcome = await this.#spend(access, session);
        if ("renewed" in outcome) return requireUsable(outcome.renewed);
        if (tried >= MAX_TOKENS_TRIED) throw outcome.failure ?? replacedTooOften(this.#options.remote);
        session = outcome.found;
      }
    });
  }

  async #begin(access: TokenAccess): Promise<StoredSession> {
    const { begin, remote } = this.#options;
    if (begin === undefined) throw notSignedIn(remote);
    await access.reserve({});
    const session = await begin();
    await this.#save(access, session, undefined);
    return session;
  }

  async #spend(access: TokenAccess, session: StoredSession): Promise<Outcome> {
    const { clock, log, remote } = this.#options;
    const spent = session.token.refreshToken;
    if (spent === undefined) throw noRefreshToken(remote);
    const earlier = await interruptionOf(session);
    const intent = { token: await fingerprintOf(spent), atMs: earlier ?? clock.now() };
    const noted = await access.reserve({ ...session.record, intent });
    if (noted === undefined) throw notSignedIn(remote);
    if (noted.token.refreshToken !== spent) return { found: noted };
    let interruptedAtMs = earlier;
    for (let attempt = 1;; attempt++) {
      const { token, failure } = await this.#send(session);
      if (token !== undefined) {
        const renewed = { ...session, token, record: await this.#recordOf(session) };
        await this.#save(access, renewed, spent);
        return { renewed };
      }
      // What cannot be read now was read a moment ago, and the failure of the refresh matters more.
      const look = () => access.reload().catch(() => session);
      let found = await look();
      if (isSessionLost(failure) && found?.token.refreshToken === spent) {
        // Whoever came first may be a program without a lock that is about to save its new token.
        await clock.sleep(SAVED_ELSEWHERE_MS);
        found = await look();
      }
      if (found !== undefined && found.token.refreshToken !== spent) return { found, failure };
      if (!isCertain(failure)) interruptedAtMs ??= intent.atMs;
      if (attempt === 1 && isRetryable(failure)) {
        log.info("the answer to a refresh was lost; asking once more", { remote });
        await clock.sleep(SECOND_TRY_DELAY_MS);
        continue;
      }
      throw await this.#giveUp(access, session, { failure, interruptedAtMs });
    }
  }

  async #send(session: StoredSession): Promise<{ readonly token?: StoredToken; readonly failure?: unknown }> {
    try {
      return { token: await this.#options.refresh(session) };
    } catch (failure) {
      return { failure };
    }
  }

  /** Takes the intent back when nothing is open any more; the failure to throw. */
  async #giveUp(
    access: TokenAccess,
    session: StoredSession,
    { failure, interruptedAtMs }: { readonly failure: unknown; readonly interruptedAtMs: number | undefined },
  ): Promise<unknown> {
    const isLost = isSessionLost(failure);
    if (isLost || interruptedAtMs === undefined) {
      await access.note(withoutIntent(session.record)).catch((error: unknown) => {
        this.#options.log.info("cannot take back the note about a refresh", { error: String(error) });
      });
    }
    if (!isLost || interruptedAtMs === undefined) return failure;
    return lostInInterruption(this.#options.remote, { atMs: interruptedAtMs, cause: failure });
  }

  async #recordOf({ record }: StoredSession): Promise<SessionRecord> {
    const { stamp, clock } = this.#options;
    const machine = stamp === undefined ? record.machine : await stamp();
    return { ...withoutIntent(record), machine, rotatedAtMs: clock.now() };
  }

  /** The old refresh token is spent by now: losing the new one means losing the session, so saving is tried again. */
  async #save(access: TokenAccess, session: StoredSession, spent: string | undefined): Promise<void> {
    this.#unsaved = { session, spent };
    for (let attempt = 1;; attempt++) {
      try {
        await access.save(session);
        this.#unsaved = undefined;
        return;
      } catch (error) {
        if (attempt >= MAX_SAVE_ATTEMPTS) throw error;
        await this.#options.clock.sleep(SAVE_RETRY_DELAY_MS * attempt);
      }
    }
  }

  /** Saves what an earlier run could not, unless the store has moved on since. */
  async #saveUnsaved(access: TokenAccess): Promise<StoredSession | undefined> {
    const unsaved = this.#unsaved;
    if (unsaved === undefined) return undefined;
    if (access.session?.token.refreshToken !== unsaved.spent) {
      this.#unsaved = undefined;
      return undefined;
    }
    await this.#save(access, unsaved.session, unsaved.spent);
    return unsaved.session;
  }
}

/** An answer may hold the next refresh token and nothing to work with: by now it is saved, and the next try goes on. */
function requireUsable(session: StoredSession): StoredSession {
  if (session.token.accessToken !== "") return session;
  throw new ProtocolError(
    "Cannot refresh the session: the answer of the identity provider lacks an access token that can be used",
    { hint: "Try again: the session goes on" },
  );
}

function isSessionLost(failure: unknown): failure is AuthError {
  return failure instanceof AuthError && failure.code === "session-lost";
}

/** Is it certain that the provider has not spent the refresh token, or that the session is over anyway? */
function isCertain(failure: unknown): boolean {
  if (failure instanceof NetworkError) return UNSENT.has(failure.data["network"]);
  if (failure instanceof AuthError || failure instanceof ConfigError) return true;
  const status = failure instanceof ServiceError ? failure.data["status"] : undefined;
  return typeof status === "number" && status >= 400 && status < 500;
}

function replacedTooOften(remote: string): LockedError {
  return new LockedError(`Cannot refresh the session of "${remote}:": another program keeps replacing it`, {
    hint: "Let one program at a time use this session",
    data: { remote },
  });
}

function withoutIntent(record: SessionRecord): SessionRecord {
  return { ...record, intent: undefined };
}
