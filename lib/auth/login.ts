/** What every way to sign in has in common: it ends with the keys of a remote's section. */

export interface Login {
  /**
   * Signs in. Resolves with the keys to store, the token last; a key with an empty value is stored as empty. The
   * session is good only once they are on the disk. Throws `AuthError` when the service refuses.
   */
  signIn(): Promise<readonly (readonly [key: string, value: string])[]>;
}
