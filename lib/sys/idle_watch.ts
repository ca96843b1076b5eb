/** Tells when the other side has been silent for too long. One timer, however many bytes flow. */

export class IdleWatch {
  readonly #timeoutMs: number;
  readonly #onIdle: () => void;
  #waitingSinceMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Runs until `stop`; `onIdle` is called at most once. */
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
    clearTimeout(this.#timer);
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const since = this.#waitingSinceMs;
      const leftMs = since === undefined ? this.#timeoutMs : since + this.#timeoutMs - performance.now();
      if (leftMs <= 0) this.#onIdle();
      else this.#arm(leftMs);
    }, delayMs);
  }
}
