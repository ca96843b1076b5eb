/** At most one run of the same work at a time: whoever asks while it runs shares its result. */
export class SingleFlight<T> {
  #running: Promise<T> | undefined;

  /** Starts `work`, or joins the run that is under way. A failure is shared too; the next call starts anew. */
  run(work: () => Promise<T>): Promise<T> {
    this.#running ??= work().finally(() => this.#running = undefined);
    return this.#running;
  }
}

/** A value made on first use and kept; a failed attempt is forgotten, so that the next use tries again. */
export class Lazy<T> {
  readonly #make: () => Promise<T>;
  #value: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  get(): Promise<T> {
    if (this.#value === undefined) {
      const value = this.#make();
      value.catch(() => this.#value = undefined);
      this.#value = value;
    }
    return this.#value;
  }
}

/** `promise`, or the signal's reason if that comes first; the work behind the promise goes on. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
