/**
 * A tree through a filter: its listings hold only what the filter lets through, and a directory that is left out is
 * never asked for. So every walk obeys filters without knowing of them.
 */
import { WorkStack } from "../async/work_stack.ts";
import { toJottashError } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import {
  type DirectoryEntry,
  type Entry,
  joinPath,
  type Listable,
  type LookOptions,
  nameOf,
  parentOf,
  type Tree,
  type WalkAllOptions,
} from "../tree/tree.ts";
import { metadataOf } from "./item.ts";
import { createTimeFormatter, layoutOf } from "./time_layout.ts";

/**
 * Of so many names in one folder of a remote each is looked up by itself, which costs a request each; of more the
 * folder is listed, which is one request, but may bring any number of other names.
 */
const MAX_LOOKUPS = 20;

const formatMetadataTime = createTimeFormatter(layoutOf("RFC3339Nano"));

export interface FilteredTreeOptions {
  readonly filter: Filter;
  /** Look-ups of single entries at the same time, of all listings together. */
  readonly checkers: number;
}

/** The listings of `tree` through the filter. */
export function filterTree(tree: Tree, options: FilteredTreeOptions): Listable {
  return options.filter.isEverything ? tree : new FilteredTree(tree, options);
}

/** Whether the filter lets an entry of a directory through that it enters. */
export function includesEntry(filter: Filter, entry: Entry): boolean {
  switch (entry.kind) {
    case "file": {
      if (!filter.usesMetadata) return filter.includes(entry);
      return filter.includes({ ...entry, metadata: metadataOf(entry, formatMetadataTime) });
    }
    case "directory":
      return filter.includesDirectory(entry.path);
    case "special":
      return filter.explain(entry.path, "file").isIncluded;
    case "unreadable": // a file or a directory
      return filter.explain(entry.path, "file").isIncluded || filter.includesDirectory(entry.path);
  }
}

class FilteredTree implements Listable {
  readonly #tree: Tree;
  readonly #filter: Filter;
  readonly #checkers: number;
  /** Names in a list of files, by their directory. */
  readonly #listed: ReadonlyMap<string, readonly string[]> | undefined;
  /** Look-ups of one listing wait for those of another. */
  #lookups: Promise<unknown> = Promise.resolve();

  constructor(tree: Tree, { filter, checkers }: FilteredTreeOptions) {
    this.#tree = tree;
    this.#filter = filter;
    this.#checkers = checkers;
    this.#listed = filter.listedFiles && Map.groupBy(
      [...filter.listedDirectories, ...filter.listedFiles.filter(isPlain)],
      parentOf,
    );
  }

  async list(path: string, options: LookOptions = {}): Promise<Entry[]> {
    const filter = this.#filter;
    if (!filter.entersDirectory(path)) return [];
    const entries = await this.#read(path, options);
    const names = entries.flatMap((entry) => entry.kind === "file" ? [nameOf(entry.path)] : []);
    if (filter.isMarked(names)) return [];
    const included = entries.filter((entry) => this.#isIncluded(entry));
    return filter.markerNames.length === 0 ? included : await this.#withoutMarked(included, options);
  }

  /** Not where each folder is looked at by itself: for marks, and for names in a list. */
  walkAll(options: WalkAllOptions): AsyncIterable<Entry> | undefined {
    if (this.#listed !== undefined || this.#filter.markerNames.length > 0) return undefined;
    const entries = this.#tree.walkAll?.(options);
    return entries === undefined ? undefined : this.#included(entries);
  }

  async *#included(entries: AsyncIterable<Entry>): AsyncGenerator<Entry, void> {
    let last: { readonly directory: string; readonly isEntered: boolean } | undefined;
    for await (const entry of entries) {
      const directory = parentOf(entry.path);
      if (last?.directory !== directory) last = { directory, isEntered: this.#isReached(directory) };
      if (last.isEntered && this.#isIncluded(entry)) yield entry;
    }
  }

  /** Whether a walk comes into the directory from the root. */
  #isReached(directory: string): boolean {
    for (let path = directory; path !== ""; path = parentOf(path)) {
      if (!this.#filter.entersDirectory(path)) return false;
    }
    return this.#filter.entersDirectory("");
  }

  async #read(path: string, options: LookOptions): Promise<Entry[]> {
    if (this.#listed === undefined) return await this.#tree.list(path, options);
    const paths = [...new Set(this.#listed.get(path))];
    // A look-up on this machine would follow symbolic links, a listing knows them.
    if (this.#tree.side === "local" || paths.length > MAX_LOOKUPS) {
      return await this.#tree.list(path, options);
    }
    const entries: Entry[] = [];
    await this.#lookUp(paths, async (each) => {
      try {
        const entry = await this.#tree.stat(each, options);
        if (entry !== undefined) entries.push(entry);
      } catch (error) {
        options.signal?.throwIfAborted();
        entries.push({ kind: "unreadable", path: each, error: toJottashError(error) });
      }
    });
    return entries;
  }

  #isIncluded(entry: Entry): boolean {
    return includesEntry(this.#filter, entry);
  }

  /** A directory that cannot be looked into for marks is unreadable, so that nobody takes it for included or missing. */
  async #withoutMarked(entries: readonly Entry[], options: LookOptions): Promise<Entry[]> {
    const replaced = new Map<Entry, Entry | undefined>();
    const directories = entries.filter((entry) => entry.kind === "directory");
    await this.#lookUp(directories, async (directory) => {
      try {
        if (await this.#isMarked(directory, options)) replaced.set(directory, undefined);
      } catch (error) {
        options.signal?.throwIfAborted();
        replaced.set(directory, { kind: "unreadable", path: directory.path, error: toJottashError(error) });
      }
    });
    return entries.flatMap((entry) => replaced.has(entry) ? replaced.get(entry) ?? [] : entry);
  }

  async #isMarked({ path }: DirectoryEntry, { signal }: LookOptions): Promise<boolean> {
    for (const name of this.#filter.markerNames) {
      const entry = await this.#tree.stat(joinPath(path, name), { signal });
      if (entry?.kind === "file") return true;
    }
    return false;
  }

  async #lookUp<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
    const lookups = this.#lookups.then(() => new WorkStack<Item>([...items]).run(this.#checkers, work));
    this.#lookups = lookups.catch(() => {});
    await lookups;
  }
}

/** Whether the path is one that a walk can come to. */
function isPlain(path: string): boolean {
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}
