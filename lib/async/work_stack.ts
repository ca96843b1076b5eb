/**
 * Work that finds more work: a fixed number of workers takes from a stack to which they add themselves. Last in,
 * first out, so that a tree is walked in depth and the stack stays small.
 */
export class WorkStack<T> {
  readonly #items: T[];
  readonly #sleeping: (() => void)[] = [];
  #busy = 0;
  #failure: { readonly reason: unknown } | undefined;

  constructor(items: readonly T[]) {
    this.#items = [...items];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#sleeping.shift()?.();
  }

  /** Runs until the stack is empty and nobody works; the first failure stops the intake and is thrown. */
  async run(concurrency: number, work: (item: T) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: concurrency }, () => this.#worker(work)));
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  async #worker(work: (item: T) => Promise<void>): Promise<void> {
    while (this.#failure === undefined) {
      if (this.#items.length > 0) await this.#runOne(this.#items.pop() as T, work);
      else if (this.#busy > 0) await new Promise<void>((resolve) => this.#sleeping.push(resolve));
      else break;
    }
    this.#wakeAll();
  }

  async #runOne(item: T, work: (item: T) => Promise<void>): Promise<void> {
    this.#busy++;
    try {
      await work(item);
    } catch (reason) {
      this.#failure ??= { reason };
    } finally {
      this.#busy--;
      if (this.#busy === 0) this.#wakeAll();
    }
  }

  #wakeAll(): void {
    for (const wake of this.#sleeping.splice(0)) wake();
  }
}
