/** The same work on each of many items that are known already, some of them at the same time. */

/** Throws the first failure of the work, when all that had begun is over; nothing more is begun after it. */
export async function inParallel<T>(
  items: Iterable<T>,
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failure: { readonly reason: unknown } | undefined;
  const worker = async () => {
    while (failure === undefined) {
      const { done, value } = queue.next();
      if (done) return;
      await work(value).catch((reason: unknown) => void (failure ??= { reason }));
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  if (failure !== undefined) throw (failure as { readonly reason: unknown }).reason;
}
