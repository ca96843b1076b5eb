/** All entries of a tree while listings of the folders to come are already on their way. */
import { CancelledError, toJottashError } from "../errors.ts";
import { compareNames } from "../names/compare.ts";
import type { Entry, Listable, WalkAllOptions } from "./tree.ts";

export interface WalkOptions extends WalkAllOptions {
  /** 1 is the root's own entries; unlimited when not given. */
  readonly maxDepth?: number;
}

interface PendingDirectory {
  readonly path: string;
  readonly depth: number;
  listing: Promise<Entry[]> | undefined;
}

/**
 * Walks lazily: first the entries of a directory in order of their names, then those of its directories; a tree that can
 * tell all entries at once says in which order they come. A directory below the root that cannot be listed comes as an
 * `unreadable` entry; the root's failure is thrown. Stopping early breaks off the listings under way.
 */
export async function* walkTree(tree: Listable, options: WalkOptions): AsyncGenerator<Entry, void> {
  const all = (options.maxDepth ?? Infinity) === Infinity ? tree.walkAll?.(options) : undefined;
  if (all !== undefined) return yield* all;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const pending: PendingDirectory[] = [{ path: "", depth: 1, listing: undefined }];
  try {
    yield* walkPending(tree, pending, { ...options, signal });
  } finally {
    stop.abort(new CancelledError());
    await Promise.allSettled(pending.map((directory) => directory.listing));
  }
}

async function* walkPending(
  tree: Listable,
  pending: PendingDirectory[],
  { maxDepth = Infinity, checkers, nanoseconds, signal }: WalkOptions,
): AsyncGenerator<Entry, void> {
  const list = (path: string) => {
    const listing = tree.list(path, { nanoseconds, signal });
    listing.catch(() => {}); // a failure is seen when its turn comes
    return listing;
  };
  const startAhead = () => {
    for (const directory of pending.slice(-checkers)) directory.listing ??= list(directory.path);
  };
  while (pending.length > 0) {
    startAhead();
    const { path, depth, listing } = pending.pop() as PendingDirectory;
    let entries: Entry[];
    try {
      entries = await (listing ?? list(path));
    } catch (error) {
      if (path === "" || signal?.aborted) throw error;
      yield { kind: "unreadable", path, error: toJottashError(error) };
      continue;
    }
    entries.sort((a, b) => compareNames(a.path, b.path));
    if (depth < maxDepth) {
      const directories = entries.filter((entry) => entry.kind === "directory");
      for (const { path } of directories.reverse()) {
        pending.push({ path, depth: depth + 1, listing: undefined });
      }
      startAhead();
    }
    yield* entries;
  }
}
