/**
 * All entries of a tree while a stream brings them. It begins with ordinary listings, until the stream is worth it. When
 * the stream breaks off, the rest is listed folder by folder: all that has been given out is remembered, so that nothing
 * comes twice and nothing is missing. Where that would take too much memory a broken stream is an error instead.
 */
import { AuthError, type JottashError, toJottashError } from "../errors.ts";
import type { StreamedItem } from "../jfs/list_stream.ts";
import { type CallOptions, type Entry, parentOf } from "../tree/tree.ts";
import { type WalkOptions, walkTree } from "../tree/walk.ts";
import { ListingStore } from "./fast_list_store.ts";
import type { JottaCalls } from "./jotta_calls.ts";
import { entriesOf, listFolder, lookUp } from "./look.ts";

type ListOneFolder = (path: string, options: CallOptions) => Promise<Entry[]>;

export interface StreamWalkOptions extends WalkOptions {
  readonly maxStoreBytes: number;
  /** Lists until `isTimeForStream`; undefined to begin with the stream. */
  readonly listFirst: ListOneFolder | undefined;
  /** A folder for which it is false is not listed: nobody wants to know what is in it. */
  readonly wants: (path: string) => boolean;
  readonly isTimeForStream: () => boolean;
  /** Lists what a broken stream has left out. */
  readonly listLater: ListOneFolder;
  readonly onBroken: (error: JottashError) => void;
}

/** Throws what the listing of the root throws, and what makes going on pointless. */
export function walkStream(calls: JottaCalls, options: StreamWalkOptions): AsyncGenerator<Entry, void> {
  return new StreamWalk(calls, options).entries();
}

/** Where the entries of a folder of the stream belong. */
interface Place {
  /** As a path of the tree. */
  readonly path: string;
  /** Given out already. */
  readonly isDone: boolean;
  /** It has a name of another program, or is below one that has: to be listed at the end. */
  readonly isForeign: boolean;
}

class StreamWalk {
  readonly #calls: JottaCalls;
  readonly #options: StreamWalkOptions;
  /** Folders whose entries have all been given out by ordinary listings. */
  readonly #done = new Set<string>();
  /** What the stream has given out; undefined when that has become too much. */
  #given: ListingStore | undefined = new ListingStore();
  /** Folders with names of other programs in them: what those stand for only a whole listing tells. */
  readonly #toList = new Set<string>();
  #lastFolder: string | undefined;
  #lastPlace: Place = { path: "", isDone: false, isForeign: false };

  constructor(calls: JottaCalls, options: StreamWalkOptions) {
    this.#calls = calls;
    this.#options = options;
  }

  /** What cannot be read is told once, however often it is come across. */
  async *entries(): AsyncGenerator<Entry, void> {
    const unreadable = new Set<string>();
    for await (const entry of this.#found()) {
      if (entry.kind === "unreadable") {
        if (unreadable.has(entry.path)) continue;
        unreadable.add(entry.path);
      }
      yield entry;
    }
  }

  async *#found(): AsyncGenerator<Entry, void> {
    const { listFirst, signal } = this.#options;
    if (listFirst !== undefined) {
      if (yield* this.#begin(listFirst)) return;
    } else if ((await lookUp(this.#calls, "", { signal }))?.kind !== "directory") {
      return yield* this.#walk((path, options) => listFolder(this.#calls, path, options));
    }
    try {
      yield* this.#stream();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AuthError || this.#given === undefined) throw error;
      this.#options.onBroken(toJottashError(error));
      return yield* this.#rest();
    }
    for (const folder of this.#toList) yield* this.#foreignEntries(folder);
  }

  /** The entries of ordinary listings, folder by folder. Resolves with whether that was all. */
  async *#begin(list: ListOneFolder): AsyncGenerator<Entry, boolean> {
    let folder = "";
    for await (const entry of this.#walk(list)) {
      const next = parentOf(entry.path);
      if (next !== folder) {
        this.#done.add(folder);
        // Of the next folder nothing has been given out: it comes with the stream.
        if (this.#options.isTimeForStream()) return false;
        folder = next;
      }
      yield entry;
    }
    return true;
  }

  async *#stream(): AsyncGenerator<Entry, void> {
    const { signal, maxStoreBytes } = this.#options;
    const jfs = await this.#calls.jfs({ signal });
    const request = this.#calls.request("", `list all of ${this.#calls.quote("")}`, { signal });
    for await (const streamed of jfs.listStream(request)) {
      const entry = this.#entryOf(streamed);
      if (entry === undefined) continue;
      this.#given?.add(streamed.folder, streamed.item);
      if ((this.#given?.bytes ?? 0) > maxStoreBytes) this.#given = undefined;
      yield entry;
    }
  }

  #entryOf({ folder, item }: StreamedItem): Entry | undefined {
    const place = this.#placeOf(folder);
    if (place.isForeign || place.isDone && item.kind === "file") return undefined;
    const { paths } = this.#calls;
    if (!paths.isForeignName(item.name)) return place.isDone ? undefined : paths.entryOf(place.path, item);
    this.#toList.add(place.path);
    return undefined;
  }

  /** Entries of one folder mostly come one after the other. */
  #placeOf(folder: string): Place {
    if (folder === this.#lastFolder) return this.#lastPlace;
    this.#lastFolder = folder;
    const { paths } = this.#calls;
    const path = paths.pathOfStored(folder);
    const names = folder === "" ? [] : folder.split("/");
    const firstForeign = names.findIndex((name) => paths.isForeignName(name));
    const isForeign = firstForeign >= 0;
    if (isForeign) this.#toList.add(paths.pathOfStored(names.slice(0, firstForeign).join("/")));
    return this.#lastPlace = { path, isForeign, isDone: this.#done.has(path) };
  }

  /** What a broken stream has not given out. */
  async *#rest(): AsyncGenerator<Entry, void> {
    let folder: string | undefined;
    let given = new Set<string>();
    for await (const entry of this.#walk(this.#options.listLater)) {
      const next = parentOf(entry.path);
      if (next !== folder) {
        folder = next;
        given = this.#givenIn(folder);
      }
      // What cannot be read may share its path with what has been given out: two names that read the same.
      const isNew = !this.#done.has(folder) && !given.has(entry.path);
      if (isNew || entry.kind === "unreadable") yield entry;
    }
  }

  #givenIn(folder: string): Set<string> {
    const items = this.#given?.take(this.#calls.paths.storedPath(folder)) ?? [];
    return new Set(entriesOf(this.#calls, folder, items).map(({ path }) => path));
  }

  /** Those entries of a folder that have names of other programs, with all that is below them. */
  async *#foreignEntries(folder: string): AsyncGenerator<Entry, void> {
    const { signal } = this.#options;
    let entries: Entry[];
    try {
      entries = await listFolder(this.#calls, folder, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      return yield { kind: "unreadable", path: folder, error: toJottashError(error) };
    }
    for (const entry of entries) {
      if (entry.kind !== "unreadable" && !this.#calls.paths.isRespelled(entry.path)) continue;
      if (!this.#done.has(folder)) yield entry;
      if (entry.kind === "directory" && this.#options.wants(entry.path)) yield* this.#below(entry.path);
    }
  }

  async *#below(root: string): AsyncGenerator<Entry, void> {
    const list: ListOneFolder = (path, options) =>
      listFolder(this.#calls, path === "" ? root : path, options);
    try {
      for await (const entry of this.#walk(list)) if (!this.#done.has(parentOf(entry.path))) yield entry;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      yield { kind: "unreadable", path: root, error: toJottashError(error) };
    }
  }

  #walk(list: ListOneFolder): AsyncGenerator<Entry, void> {
    const { wants } = this.#options;
    const listWanted: ListOneFolder = (path, options) =>
      path === "" || wants(path) ? list(path, options) : Promise.resolve([]);
    return walkTree({ list: (path, options = {}) => listWanted(path, options) }, this.#options);
  }
}
