/**
 * A bounded queue between tasks: `send` waits while it is full, readers wait while it is empty. Several readers
 * share the items. Closing ends the readers once the queue is drained; failing ends both sides at once.
 */
export class Channel<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  readonly #senders: (() => void)[] = [];
  readonly #receivers: (() => void)[] = [];
  #closed = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity must be 1 or more: ${capacity}`);
    }
    this.#capacity = capacity;
  }

  /** Resolves when the item is in the queue; rejects with the reason when the channel has failed. */
  async send(item: T): Promise<void> {
    while (this.#items.length >= this.#capacity && this.#failure === undefined && !this.#closed) {
      await new Promise<void>((resolve) => this.#senders.push(resolve));
    }
    if (this.#failure !== undefined) throw this.#failure.reason;
    if (this.#closed) throw new Error("send on a closed channel");
    this.#items.push(item);
    this.#receivers.shift()?.();
  }

  /** No more items will come. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  /** Drops what is queued and makes every sender and reader reject with `reason`. */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#items.length = 0;
    this.#wakeAll();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    while (true) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      if (this.#items.length > 0) {
        const item = this.#items.shift() as T;
        this.#senders.shift()?.();
        yield item;
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => this.#receivers.push(resolve));
      }
    }
  }

  #wakeAll(): void {
    for (const wake of [...this.#senders.splice(0), ...this.#receivers.splice(0)]) wake();
  }
}
