/** At most one run of the same work at a time: whoever asks while it runs shares its result. */
export class SingleFlight<T> {
  #running: Promise<T> | undefined;

  /** Starts `work`, or joins the run that is under way. A failure is shared too; the next call starts anew. */
  run(work: () => Promise<T>): Promise<T> {
    this.#running ??= work().finally(() => this.#running = undefined);
    return this.#running;
  }

  /** Resolves when nothing is under way, however it ended. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => {});
  }
}

/**
 * A value made on first use and kept; a failed attempt is forgotten, so that the next use tries again. The work is
 * stopped when everybody who waited for it has been; the last of them goes only when it has ended, because a part
 * of it may be what must not be broken off by the end of the process (a refresh of the session).
 */
export class Lazy<T> {
  readonly #make: (signal: AbortSignal) => Promise<T>;
  #running: { readonly value: Promise<T>; readonly stop: AbortController; waiting: number } | undefined;

  constructor(make: (signal: AbortSignal) => Promise<T>) {
    this.#make = make;
  }

  async get(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const running = this.#running ??= this.#start();
    running.waiting++;
    try {
      return await untilAborted(running.value, signal);
    } catch (error) {
      // Failed, or nobody waits for it any more.
      const isOver = running.waiting === 1 || !signal?.aborted;
      if (isOver && this.#running === running) this.#running = undefined;
      throw error;
    } finally {
      if (--running.waiting === 0) {
        running.stop.abort();
        await running.value.catch(() => {});
      }
    }
  }

  #start() {
    const stop = new AbortController();
    const value = this.#make(stop.signal);
    value.catch(() => {}); // those who wait see it
    return { value, stop, waiting: 0 };
  }
}

/** `promise`, or the signal's reason if that comes first; the work behind the promise goes on. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
