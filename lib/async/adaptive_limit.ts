/**
 * As many at a time as the other side can do: no limit until it says that it has too much, then half of what was under
 * way, and from there one more for every round that went well (additive increase, multiplicative decrease). Nobody
 * overtakes. What asks for a pause holds up everybody who has not begun.
 */
import type { Clock } from "../edges.ts";

/** One that is under way. Exactly one of its ends is told. */
export interface Turn {
  /** It went well. */
  succeeded(): void;
  /** The other side has too much to do, and asks to be left alone for this time where it says one. */
  overloaded(pauseMs?: number): void;
  /** It says nothing about the load. */
  ended(): void;
}

export interface AdaptiveLimitOptions {
  readonly clock: Clock;
  /** A longer pause is not held. */
  readonly maxPauseMs: number;
}

export class AdaptiveLimit {
  readonly #options: AdaptiveLimitOptions;
  readonly #waiting: (() => void)[] = [];
  #window = Infinity;
  /** From here on there is no limit any more: so many were under way when there was none. */
  #enough = 0;
  #active = 0;
  #begun = 0;
  /** Those that began before the last decrease tell nothing about what came of it. */
  #decreasedAfter = 0;
  #pause: { readonly ms: number; readonly sinceMs: number } | undefined;

  constructor(options: AdaptiveLimitOptions) {
    this.#options = options;
  }

  /** How many may be under way; undefined is any number. */
  get limit(): number | undefined {
    return this.#window === Infinity ? undefined : Math.floor(this.#window);
  }

  /** Resolves when it is the caller's turn. Rejects with the signal's reason; those behind move up. */
  async enter({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Turn> {
    signal?.throwIfAborted();
    if (this.#active >= this.#places() || this.#waiting.length > 0) await this.#wait(signal);
    else this.#active++;
    try {
      await this.#untilPauseIsOver(signal);
    } catch (error) {
      this.#leave();
      throw error;
    }
    return this.#turn();
  }

  #turn(): Turn {
    const number = ++this.#begun;
    let isOver = false;
    const end = (tell: () => void) => () => {
      if (isOver) return;
      isOver = true;
      tell();
      this.#leave();
    };
    return {
      succeeded: end(() => this.#increase()),
      overloaded: (pauseMs) => end(() => this.#decrease(number, pauseMs))(),
      ended: end(() => {}),
    };
  }

  #places(): number {
    return Math.max(1, Math.floor(this.#window));
  }

  #increase(): void {
    if (this.#window === Infinity) return;
    this.#window += 1 / this.#window;
    if (this.#window >= this.#enough) this.#window = Infinity;
  }

  #decrease(number: number, pauseMs: number | undefined): void {
    this.#notePause(pauseMs);
    if (number <= this.#decreasedAfter) return;
    this.#decreasedAfter = this.#begun;
    this.#enough = Math.max(this.#enough, 2 * this.#active);
    this.#window = Math.max(1, Math.min(this.#window, this.#active) / 2);
  }

  #notePause(pauseMs: number | undefined): void {
    if (pauseMs === undefined || pauseMs <= 0 || pauseMs > this.#options.maxPauseMs) return;
    if (pauseMs > this.#pauseLeftMs()) this.#pause = { ms: pauseMs, sinceMs: this.#options.clock.now() };
  }

  /** Never more than was asked for, whatever the clock does meanwhile. */
  #pauseLeftMs(): number {
    if (this.#pause === undefined) return 0;
    const { ms, sinceMs } = this.#pause;
    const goneMs = this.#options.clock.now() - sinceMs;
    // A clock that was set back tells nothing: the pause is over rather than twice as long.
    return goneMs < 0 ? 0 : Math.max(0, ms - goneMs);
  }

  async #untilPauseIsOver(signal: AbortSignal | undefined): Promise<void> {
    for (let leftMs = this.#pauseLeftMs(); leftMs > 0; leftMs = this.#pauseLeftMs()) {
      await this.#options.clock.sleep(leftMs, { signal });
    }
  }

  /** Whoever leaves hands the place to the next in line, as long as there are places. */
  #leave(): void {
    this.#active--;
    while (this.#active < this.#places()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#active++;
      next();
    }
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const abort = () => {
      const place = this.#waiting.indexOf(resolve);
      // It had its turn at the same moment: it begins, and is stopped there.
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }
}
