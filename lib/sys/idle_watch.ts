/** Tells when the other side has been silent for too long. One timer, however many bytes flow. */

/** Timers take no more; after it, whoever is patient waits anew. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class IdleWatch {
  readonly #timeoutMs: number;
  readonly #onIdle: () => void;
  #waitingSinceMs: number | undefined;
  #isStopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Runs until `stop`; `onIdle` is called at most once, and never where the timeout is Infinity. */
  constructor(timeoutMs: number, onIdle: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onIdle = onIdle;
    this.#arm(timeoutMs);
  }

  /** From now on it is the other side's turn. */
  waiting(): void {
    this.#waitingSinceMs = performance.now();
  }

  /** Something arrived, or it is our own turn: no time counts. */
  served(): void {
    this.#waitingSinceMs = undefined;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const since = this.#waitingSinceMs;
      const leftMs = this.#leftMs();
      if (leftMs > 0) return this.#arm(leftMs);
      // What arrived while this process was busy comes first.
      setImmediate(() => {
        if (this.#isStopped) return;
        if (this.#waitingSinceMs === since) this.#onIdle();
        else this.#arm(this.#leftMs());
      });
    }, Math.min(delayMs, MAX_TIMER_MS));
  }

  #leftMs(): number {
    const since = this.#waitingSinceMs;
    return since === undefined ? this.#timeoutMs : since + this.#timeoutMs - performance.now();
  }
}
