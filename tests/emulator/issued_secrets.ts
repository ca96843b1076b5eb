/**
 * All that this service ever gave out in confidence, for tests that search for it where it must not be. Public links
 * are left out: they are made to be told.
 */

/** The oldest are forgotten; no test comes near. */
const MAX_KEPT = 100_000;

export class IssuedSecrets {
  readonly #kept = new Set<string>();

  /** Gives `secret` back, so that it can be noted where it is made. */
  note(secret: string): string {
    this.#kept.add(secret);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.values().next().value ?? "");
    return secret;
  }

  /** Oldest first. */
  list(): readonly string[] {
    return [...this.#kept];
  }
}
