/**
 * Which file is read next, and when a run has read enough: what was never read comes first, then what was read longest
 * ago. No I/O.
 */
import type { FileEntry } from "../tree/tree.ts";
import type { VerifiedRecord } from "./records.ts";

/** A file of the reference, and the one of the place that has to be the same. */
export interface FilePair {
  readonly source: FileEntry;
  readonly target: FileEntry;
}

interface QueueOptions {
  /** Bytes; undefined where there is no limit. */
  readonly budget: number | undefined;
  /** What is known of a file that has not changed since. */
  readonly recordOf: (file: FileEntry) => VerifiedRecord | undefined;
}

export class VerifyQueue {
  readonly #pairs: readonly FilePair[];
  readonly #budget: number;
  #next = 0;
  #begunBytes = 0;
  #isSpent = false;

  constructor(pairs: readonly FilePair[], { budget = Infinity, recordOf }: QueueOptions) {
    const atMs = new Map(pairs.map(({ source }) => [source.path, recordOf(source)?.atMs ?? -Infinity]));
    const age = ({ source }: FilePair) => atMs.get(source.path) ?? -Infinity;
    this.#pairs = pairs.toSorted((a, b) => {
      const [first, second] = [age(a), age(b)];
      return first === second ? 0 : first - second;
    });
    this.#budget = budget;
  }

  /**
   * The file to be read now; undefined when none is left or the next one does not fit into the budget any more. The
   * first is given whatever its size, as otherwise a file larger than the budget would stop all runs for ever.
   */
  take(): FilePair | undefined {
    const pair = this.#isSpent ? undefined : this.#pairs[this.#next];
    if (pair === undefined) return undefined;
    if (this.#next > 0 && this.#begunBytes + pair.target.size > this.#budget) {
      this.#isSpent = true;
      return undefined;
    }
    this.#next++;
    this.#begunBytes += pair.target.size;
    return pair;
  }

  /** Those that were not given out. */
  left(): readonly FilePair[] {
    return this.#pairs.slice(this.#next);
  }
}

/** Whether the record is about the file as it is now. */
export function isAbout({ size, modifiedAtMs }: VerifiedRecord, file: FileEntry): boolean {
  return size === file.size && modifiedAtMs === file.modifiedAtMs;
}
