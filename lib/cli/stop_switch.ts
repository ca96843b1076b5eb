/**
 * How a run is stopped. The first signal asks it to stop and clean up; where it has work that is nearly done, that may
 * come to its end before. The next one does not wait for anything, and neither does the system for long.
 */
import type { Clock, Signals, StopSignal } from "../edges.ts";
import { CancelledError } from "../errors.ts";

/** What is under way and needs no longer than that comes to its end. */
const GRACE_MS = 2_000;
/** Between two looks at it. */
const LOOK_MS = 100;
/** A system that shuts down ends by force whoever takes long: who was asked to end does so by itself before. */
const DEADLINE_MS = 8_000;

/** Work that can stop without being broken off. */
export interface GentleWork {
  /** How long what is under way still needs, as far as can be said; undefined when there is nothing. */
  readonly remainingMs: () => number | undefined;
  /** How to go on after a stop. */
  readonly hint: string | undefined;
  /** Told when what is under way may come to its end. */
  readonly onWait: () => void;
}

export class StopSwitch implements Disposable {
  readonly #clock: Clock;
  readonly #watch: Disposable;
  readonly #now = new AbortController();
  readonly #soon = new AbortController();
  readonly #over = new AbortController();
  readonly #insisted = Promise.withResolvers<never>();
  readonly #settled: (() => Promise<void>)[] = [];
  #gentle: GentleWork | undefined;
  #isAsked = false;

  constructor({ clock, signals }: { readonly clock: Clock; readonly signals: Signals }) {
    this.#clock = clock;
    this.#insisted.promise.catch(() => {});
    this.#watch = signals.on(["SIGINT", "SIGTERM", "SIGHUP"], (name) => this.#ask(name));
  }

  /** Aborted when everything is to break off. */
  get signal(): AbortSignal {
    return this.#now.signal;
  }

  /** Aborted when no more work is to begin; never later than `signal`. */
  get soon(): AbortSignal {
    return this.#soon.signal;
  }

  /** Rejects when the process has to end, whatever is under way. */
  get insisted(): Promise<never> {
    return this.#insisted.promise;
  }

  /** Even who insists waits for that. */
  waitFor(settled: () => Promise<void>): void {
    this.#settled.push(settled);
  }

  /** Until it is disposed, this work can stop by itself. */
  stopGently(work: GentleWork): Disposable {
    this.#gentle = work;
    return {
      [Symbol.dispose]: () => {
        if (this.#gentle === work) this.#gentle = undefined;
      },
    };
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#over.abort();
  }

  #ask(name: StopSignal): void {
    const reason = new CancelledError(name, { hint: this.#gentle?.hint });
    if (this.#isAsked) return this.#insist(reason);
    this.#isAsked = true;
    const gentle = this.#gentle;
    const remainingMs = gentle?.remainingMs() ?? Infinity;
    this.#soon.abort(reason);
    if (gentle !== undefined && remainingMs <= GRACE_MS) {
      gentle.onWait();
      this.#breakOffInTime(gentle, reason);
    } else this.#now.abort(reason);
    if (name !== "SIGINT") this.#after(DEADLINE_MS, () => this.#insist(reason));
  }

  /** As soon as nothing can come to its end in time. */
  #breakOffInTime(gentle: GentleWork, reason: CancelledError, leftMs: number = GRACE_MS): void {
    this.#after(LOOK_MS, () => {
      const restMs = leftMs - LOOK_MS;
      if ((gentle.remainingMs() ?? 0) >= restMs) this.#now.abort(reason);
      else this.#breakOffInTime(gentle, reason, restMs);
    });
  }

  #insist(reason: CancelledError): void {
    this.#now.abort(reason);
    Promise.all(this.#settled.map((settled) => settled())).then(() => this.#insisted.reject(reason));
  }

  #after(ms: number, act: () => void): void {
    this.#clock.sleep(ms, { signal: this.#over.signal }).then(act, () => {});
  }
}
