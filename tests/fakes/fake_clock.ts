/** A clock that moves when told: `advance` wakes the sleepers whose time has come. */
import type { Clock } from "../../lib/edges.ts";

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

export interface FakeClockOptions {
  /** Milliseconds since 1970 UTC; default 2026-01-02T03:04:05Z. */
  readonly nowMs?: number;
  /** Each sleep moves the clock by itself, after everything else that is ready has had its turn. */
  readonly autoAdvance?: boolean;
}

export class FakeClock implements Clock {
  #nowMs: number;
  readonly #autoAdvance: boolean;
  #sleepers: Sleeper[] = [];
  /** All sleeps so far, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(options: FakeClockOptions = {}) {
    this.#nowMs = options.nowMs ?? Date.UTC(2026, 0, 2, 3, 4, 5);
    this.#autoAdvance = options.autoAdvance ?? false;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    const wakeAtMs = this.#nowMs + ms;
    const woken = new Promise<void>((resolve, reject) => {
      const sleeper = { wakeAtMs, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      }, { once: true });
    });
    if (this.#autoAdvance) {
      await settle();
      if (wakeAtMs > this.#nowMs) this.#moveTo(wakeAtMs);
      else this.#moveTo(this.#nowMs);
    }
    await woken;
  }

  /** Moves the clock and gives the woken their turn. */
  async advance(ms: number): Promise<void> {
    this.#moveTo(this.#nowMs + ms);
    await settle();
  }

  /** How many sleepers wait. */
  get waiting(): number {
    return this.#sleepers.length;
  }

  #moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
    const due = this.#sleepers.filter((sleeper) => sleeper.wakeAtMs <= nowMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.wakeAtMs > nowMs);
    for (const sleeper of due.sort((a, b) => a.wakeAtMs - b.wakeAtMs)) sleeper.wake();
  }
}

/** Resolves after every promise that is ready now, and those that follow from it, had its turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
