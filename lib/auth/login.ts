/** What every way to sign in has in common: it ends with the keys of a remote's section. */
import { formatSessionRecord, SESSION_RECORD_KEY, type SignInMethod } from "../store/session_record.ts";

export interface Login {
  /** Whether signing in waits for a person: then nobody may hold a lock meanwhile. */
  readonly waitsForUser?: boolean;
  /**
   * Signs in. Resolves with the keys to store, the token last; a key with an empty value is stored as empty. The
   * session is good only once they are on the disk. Throws `AuthError` when the service refuses.
   */
  signIn(): Promise<readonly (readonly [key: string, value: string])[]>;
}

export interface NewSession {
  readonly method: SignInMethod;
  /** Key of the brand, where it is known. */
  readonly service: string | undefined;
  /** Stamp of the machine that signs in. */
  readonly machine: string | undefined;
  readonly rotatedAtMs: number;
}

/** The note about a session that has just begun, as key and value of the section. */
export function sessionEntry(session: NewSession): readonly [key: string, value: string] {
  return [SESSION_RECORD_KEY, formatSessionRecord(session)];
}
