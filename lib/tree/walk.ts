/** All entries of a tree, in order, while listings of the folders to come are already on their way. */
import { toJottashError } from "../errors.ts";
import { compareNames } from "../names/compare.ts";
import type { CallOptions, Entry, Tree } from "./tree.ts";

export interface WalkOptions extends CallOptions {
  /** Listings asked for ahead of time; at least 1. */
  readonly checkers: number;
  /** 1 is the root's own entries; unlimited when not given. */
  readonly maxDepth?: number;
}

interface PendingDirectory {
  readonly path: string;
  readonly depth: number;
  listing: Promise<Entry[]> | undefined;
}

/**
 * Walks lazily: first the entries of a directory in order of their names, then those of its directories. A
 * directory below the root that cannot be listed comes as an `unreadable` entry; the root's failure is thrown.
 */
export async function* walkTree(tree: Tree, options: WalkOptions): AsyncGenerator<Entry, void> {
  const { maxDepth = Infinity, checkers, signal } = options;
  const pending: PendingDirectory[] = [{ path: "", depth: 1, listing: undefined }];
  const startAhead = () => {
    for (const directory of pending.slice(-checkers)) {
      if (directory.listing !== undefined) continue;
      directory.listing = tree.list(directory.path, { signal });
      directory.listing.catch(() => {}); // a failure is seen when its turn comes
    }
  };
  while (pending.length > 0) {
    startAhead();
    const { path, depth, listing } = pending.pop() as PendingDirectory;
    let entries: Entry[];
    try {
      entries = await (listing ?? tree.list(path, { signal }));
    } catch (error) {
      if (path === "" || signal?.aborted) throw error;
      yield { kind: "unreadable", path, error: toJottashError(error) };
      continue;
    }
    entries.sort((a, b) => compareNames(a.path, b.path));
    const directories = entries.filter((entry) => entry.kind === "directory");
    if (depth < maxDepth) {
      for (const { path } of directories.reverse()) {
        pending.push({ path, depth: depth + 1, listing: undefined });
      }
      startAhead();
    }
    yield* entries;
  }
}
