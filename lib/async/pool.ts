/** Bounded fan-out: as many workers as asked for, taking from one source until it ends or one of them fails. */

/**
 * Runs `work` for every item with at most `concurrency` at a time. The first failure stops the intake; the pool
 * still waits for the work under way, then throws it.
 */
export async function forEachConcurrently<T>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failure: { readonly reason: unknown } | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  // Async generators may not be asked twice at once: workers take turns.
  const takeNext = (): Promise<IteratorResult<T>> => {
    const next = turn.then(() => iterator.next());
    turn = next.catch(() => {});
    return next;
  };
  const worker = async () => {
    while (failure === undefined) {
      const next = await takeNext();
      if (next.done === true) return;
      await work(next.value);
    }
  };
  const guarded = async () => {
    try {
      await worker();
    } catch (reason) {
      failure ??= { reason };
    }
  };
  await Promise.all(Array.from({ length: concurrency }, guarded));
  if (failure !== undefined) {
    await iterator.return?.();
    throw failure.reason;
  }
}
