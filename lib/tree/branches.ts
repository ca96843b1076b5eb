/** All entries of a tree in the order of a printed tree: each directory is followed by what it holds. */
import { CancelledError, toJottashError } from "../errors.ts";
import { compareNames } from "../names/compare.ts";
import type { DirectoryEntry, Entry, FileEntry, Listable, UnreadableEntry } from "./tree.ts";
import type { WalkOptions } from "./walk.ts";

type TreeEntry = FileEntry | DirectoryEntry;

export interface BranchOptions extends WalkOptions {
  /** Puts the entries of one directory in order; by name without it. */
  readonly compare?: ((left: TreeEntry, right: TreeEntry) => number) | undefined;
  /** Entries for which it is false are left out, directories with all below. */
  readonly accepts: (entry: TreeEntry) => boolean;
}

export interface Branch {
  readonly entry: TreeEntry;
  /** For each level from the first down to the entry: whether it is the last of its directory. */
  readonly lasts: readonly boolean[];
}

interface PendingDirectory {
  readonly path: string;
  readonly lasts: readonly boolean[];
  listing: Promise<Entry[]> | undefined;
}

/**
 * Walks lazily: what is held at a time are the listings from the root down to the entry, and those that are asked for
 * ahead. What cannot be read comes as `unreadable`; the root's failure is thrown.
 */
export async function* walkBranches(
  tree: Listable,
  options: BranchOptions,
): AsyncGenerator<Branch | UnreadableEntry, void> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const walk = new BranchWalk(tree, { ...options, signal });
  try {
    yield* walk.entries();
  } finally {
    stop.abort(new CancelledError());
    await walk.settled();
  }
}

class BranchWalk {
  readonly #tree: Listable;
  readonly #options: BranchOptions;
  /** The next directory to be shown stands last. */
  readonly #pending: PendingDirectory[] = [];

  constructor(tree: Listable, options: BranchOptions) {
    this.#tree = tree;
    this.#options = options;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending.map((directory) => directory.listing));
  }

  entries(): AsyncGenerator<Branch | UnreadableEntry, void> {
    this.#pending.push({ path: "", lasts: [], listing: undefined });
    return this.#nextDirectory();
  }

  async *#nextDirectory(): AsyncGenerator<Branch | UnreadableEntry, void> {
    this.#startAhead();
    const { path, lasts, listing } = this.#pending.pop() as PendingDirectory;
    let entries: Entry[];
    try {
      entries = await (listing ?? this.#list(path));
    } catch (error) {
      if (path === "" || this.#options.signal?.aborted) throw error;
      return yield { kind: "unreadable", path, error: toJottashError(error) };
    }
    const shown = this.#inOrder(entries);
    const branches = shown.map((entry, index): Branch => ({
      entry,
      lasts: [...lasts, index === shown.length - 1],
    }));
    const opens = (entry: TreeEntry) =>
      entry.kind === "directory" && lasts.length + 1 < (this.#options.maxDepth ?? Infinity);
    for (const { entry, lasts } of branches.toReversed()) {
      if (opens(entry)) this.#pending.push({ path: entry.path, lasts, listing: undefined });
    }
    this.#startAhead();
    for (const entry of entries) if (entry.kind === "unreadable") yield entry;
    for (const branch of branches) {
      yield branch;
      if (opens(branch.entry)) yield* this.#nextDirectory();
    }
  }

  #inOrder(entries: readonly Entry[]): TreeEntry[] {
    const { accepts, compare } = this.#options;
    return entries
      .filter((entry) => entry.kind === "file" || entry.kind === "directory")
      .filter(accepts)
      .sort(compare ?? ((left, right) => compareNames(left.path, right.path)));
  }

  #startAhead(): void {
    for (const directory of this.#pending.slice(-this.#options.checkers)) {
      directory.listing ??= this.#list(directory.path);
    }
  }

  #list(path: string): Promise<Entry[]> {
    const { nanoseconds, signal } = this.#options;
    const listing = this.#tree.list(path, { nanoseconds, signal });
    listing.catch(() => {}); // a failure is seen when its turn comes
    return listing;
  }
}
