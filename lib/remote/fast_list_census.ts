/**
 * Decides whether one stream of the whole tree is cheaper than a listing for each folder. A stream costs one request, but
 * brings everything, also what nobody asks for, and whoever needs whole folders has to wait for its end. So it is worth
 * it for many folders that are really asked for: the first listings are ordinary ones, and only when so many have been
 * made, as many folders are still to come, and most of what was found is wanted, is it time for the stream.
 *
 * Twice the width of a walk is where the stream begins to win: what is left takes at least two more rounds of requests,
 * and a stream answers after one.
 */
import type { Entry } from "../tree/tree.ts";
import type { FastListOptions } from "./remote.ts";

export class FolderCensus {
  readonly #threshold: number;
  readonly #wants: (path: string) => boolean;
  /** Found, wanted, not asked for yet. */
  readonly #toCome = new Set<string>();
  #listed = 0;
  #unwanted = 0;

  constructor({ checkers, wants = () => true }: Pick<FastListOptions, "checkers" | "wants">) {
    this.#threshold = 2 * checkers;
    this.#wants = wants;
  }

  /** Somebody asks for the folder. */
  ask(path: string): void {
    this.#toCome.delete(path);
  }

  /** A folder was listed. */
  note(entries: readonly Entry[]): void {
    this.#listed++;
    for (const { kind, path } of entries) {
      if (kind !== "directory") continue;
      if (this.#wants(path)) this.#toCome.add(path);
      else this.#unwanted++;
    }
  }

  get isStreamCheaper(): boolean {
    const toCome = this.#toCome.size;
    return this.#listed >= this.#threshold && toCome >= this.#threshold &&
      this.#unwanted < this.#listed + toCome;
  }
}
