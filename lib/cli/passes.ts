/**
 * The events of a run that is done again for what failed: each entry is told once. A failure that may pass waits until
 * it is clear that it stays; what a later pass finds in order because an earlier one did it is not told again.
 *
 * Memory: the failures of one pass, and the paths of those that never pass.
 */
import type { JottashError } from "../errors.ts";
import type { TransferEvent } from "../transfer/events.ts";
import { parentOf } from "../tree/tree.ts";

export interface Failure {
  readonly path: string;
  readonly error: JottashError;
}

export class Passes {
  readonly #most: number;
  readonly #told = new Set<string>();
  #pass = 1;
  #failures: Failure[] = [];
  /** What failed in the pass before; undefined in the first one. */
  #again: ReadonlySet<string> | undefined;

  /** There are no more than `most` passes. */
  constructor(most: number) {
    this.#most = most;
  }

  get isLast(): boolean {
    return this.#pass >= this.#most;
  }

  /** Number of the pass, from 1 on. */
  get pass(): number {
    return this.#pass;
  }

  /** Failures of this pass that have not been told, in the order in which they happened. */
  get untold(): readonly Failure[] {
    return this.#failures.filter(({ path }) => !this.#told.has(path));
  }

  beginAgain(): void {
    this.#again = new Set(this.#failures.map(({ path }) => path));
    this.#failures = [];
    this.#pass++;
  }

  /** Whether the event is to be told now. */
  admit(event: TransferEvent): boolean {
    switch (event.type) {
      case "failed":
        return this.#admitFailure(event);
      case "unchanged":
      case "skipped":
        return this.#again === undefined || this.#isLookedAtAgain(event.path);
      default:
        return true;
    }
  }

  #admitFailure({ path, error }: Failure): boolean {
    this.#failures.push({ path, error });
    if (this.#told.has(path) || !this.isLast && error.retry !== "never") return false;
    this.#told.add(path);
    return true;
  }

  /** It failed, or a directory that it is in. */
  #isLookedAtAgain(path: string): boolean {
    for (let each = path;; each = parentOf(each)) {
      if (this.#again?.has(each)) return true;
      if (each === "") return false;
    }
  }
}
