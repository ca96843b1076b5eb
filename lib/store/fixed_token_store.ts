/** A session from a place that only tells it, such as the environment: used as it is, never changed. */
import { LocalError } from "../errors.ts";
import type { StoredSession, TokenStore } from "./token_store.ts";

export class FixedTokenStore implements TokenStore {
  readonly canSave = false;
  readonly #session: StoredSession | undefined;

  /** Without a session nobody is signed in. */
  constructor(session: StoredSession | undefined) {
    this.#session = session;
  }

  load(): Promise<StoredSession | undefined> {
    return Promise.resolve(this.#session);
  }

  exclusively(): Promise<never> {
    return Promise.reject(new LocalError("Cannot save the session: its place cannot be written"));
  }
}
