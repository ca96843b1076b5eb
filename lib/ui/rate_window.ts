/** How fast an amount grows, over the last few seconds. */

const WINDOW_MS = 10_000;
/** Samples closer than this are one: bounds the memory to a hundred of them. */
const SAMPLE_MS = 100;
/** A rate over less time than this says nothing. */
const MIN_SPAN_MS = 500;

interface Sample {
  readonly atMs: number;
  total: number;
}

export class RateWindow {
  readonly #samples: Sample[];
  #total = 0;

  constructor(startMs: number) {
    this.#samples = [{ atMs: startMs, total: 0 }];
  }

  /** `amount` may be negative: what has to be done again. */
  add(amount: number, nowMs: number): void {
    this.#total += amount;
    const last = this.#samples.at(-1);
    if (last !== undefined && this.#samples.length > 1 && nowMs - last.atMs < SAMPLE_MS) {
      last.total = this.#total;
    } else this.#samples.push({ atMs: nowMs, total: this.#total });
    this.#forget(nowMs);
  }

  /** Has it watched for long enough? */
  canTell(nowMs: number): boolean {
    return nowMs - (this.#samples[0]?.atMs ?? nowMs) >= MIN_SPAN_MS;
  }

  /** Amount per second, 0 while it cannot be told. */
  perSecond(nowMs: number): number {
    this.#forget(nowMs);
    const first = this.#samples[0];
    if (first === undefined || !this.canTell(nowMs)) return 0;
    return Math.max(0, (this.#total - first.total) / (nowMs - first.atMs) * 1_000);
  }

  /** Drops samples that are older than the window, but for the one that it starts from. */
  #forget(nowMs: number): void {
    let old = 0;
    while (old + 1 < this.#samples.length && (this.#samples[old + 1]?.atMs ?? nowMs) <= nowMs - WINDOW_MS) {
      old++;
    }
    this.#samples.splice(0, old);
  }
}
