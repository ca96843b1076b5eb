/**
 * Jobs that wait, ordered (`job_order.ts`): whoever takes one gets the first, or in the mixed mode some get the last, so
 * that large and small files are under way side by side. Putting and taking cost little however many wait.
 */
import type { FileEntry } from "../tree/tree.ts";
import type { JobOrder } from "./sync_options.ts";

/** Which of the transfers takes: `index` counts from 0. */
export interface Taker {
  readonly index: number;
  readonly count: number;
}

interface Waiting<T> {
  readonly job: T;
  readonly file: FileEntry;
  /** What is equal goes in the order in which it came. */
  readonly serial: number;
  isTaken: boolean;
}

export class JobHeap<T> {
  readonly #fromOtherEndPercent: number;
  readonly #fileOf: (job: T) => FileEntry;
  readonly #first: Heap<Waiting<T>>;
  /** Only where somebody takes from there. */
  readonly #last: Heap<Waiting<T>> | undefined;
  #serial = 0;
  #size = 0;

  constructor(order: JobOrder, fileOf: (job: T) => FileEntry) {
    this.#fromOtherEndPercent = order.fromOtherEndPercent;
    this.#fileOf = fileOf;
    this.#first = new Heap((left, right) =>
      order.compare(left.file, right.file) || left.serial - right.serial
    );
    this.#last = order.fromOtherEndPercent === 0
      ? undefined
      : new Heap((left, right) => order.compare(right.file, left.file) || left.serial - right.serial);
  }

  get size(): number {
    return this.#size;
  }

  put(job: T): void {
    const waiting = { job, file: this.#fileOf(job), serial: this.#serial++, isTaken: false };
    this.#first.put(waiting);
    this.#last?.put(waiting);
    this.#size++;
  }

  /** The job that is this taker's turn; undefined when none waits. */
  take(taker: Taker): T | undefined {
    const heap = this.#last !== undefined && this.#isAtOtherEnd(taker) ? this.#last : this.#first;
    for (let waiting = heap.take(); waiting !== undefined; waiting = heap.take()) {
      if (waiting.isTaken) continue; // at the other end
      waiting.isTaken = true;
      this.#size--;
      return waiting.job;
    }
    return undefined;
  }

  /** The first transfers take the first, as in rclone. */
  #isAtOtherEnd({ index, count }: Taker): boolean {
    return Math.floor(100 * index / count) >= 100 - this.#fromOtherEndPercent;
  }
}

/** A binary heap: the least is on top. */
class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: (left: T, right: T) => number;

  constructor(compare: (left: T, right: T) => number) {
    this.#compare = compare;
  }

  put(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  take(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return top;
    items[0] = last;
    for (let at = 0;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = this.#isBefore(left, at) ? left : at;
      if (this.#isBefore(right, least)) least = right;
      if (least === at) return top;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(left: number, right: number): boolean {
    if (left >= this.#items.length) return false;
    return this.#compare(this.#items[left] as T, this.#items[right] as T) < 0;
  }

  #swap(left: number, right: number): void {
    [this.#items[left], this.#items[right]] = [this.#items[right] as T, this.#items[left] as T];
  }
}
