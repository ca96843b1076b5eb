/**
 * Listings of a whole tree from one request (`mode=liststream`). Whoever asks for folders one by one waits for the end of
 * the stream, because no folder is known to be complete before (see `jfs/list_stream.ts`); whoever takes entries in any
 * order gets each when it arrives, from `fast_list_walk.ts`. What the stream cannot give, for want of memory or because
 * it breaks off again and again, is listed folder by folder: a part is never taken for the whole.
 *
 * A stream shows the tree as it was when it was asked for: what is changed meanwhile is not in it. So each of its
 * listings is given out once, and who asks again asks the service.
 */
import { Lazy } from "../async/single_flight.ts";
import { AuthError, ProtocolError, toJottashError } from "../errors.ts";
import type { CallOptions, Entry } from "../tree/tree.ts";
import type { WalkOptions } from "../tree/walk.ts";
import { FolderCensus } from "./fast_list_census.ts";
import { ListingStore } from "./fast_list_store.ts";
import { walkStream } from "./fast_list_walk.ts";
import type { JottaCalls } from "./jotta_calls.ts";
import type { FastListOptions } from "./remote.ts";
import { entriesOf, listFolder, lookUp } from "./look.ts";

/** A stream may take minutes; a service that counts wrong does so each time. */
const MAX_TRIES = 3;
/** Some two million files with names of usual length. */
const MAX_STORE_BYTES = 200 << 20;

export class FastList {
  readonly #calls: JottaCalls;
  readonly #options: FastListOptions;
  readonly #census: FolderCensus;
  readonly #store: Lazy<ListingStore | undefined>;
  #usesStream = false;

  constructor(calls: JottaCalls, options: FastListOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#census = new FolderCensus(options);
    this.#store = new Lazy((signal) => this.#load(signal));
  }

  /** As `Tree.list`. */
  async list(path: string, options: CallOptions): Promise<Entry[]> {
    this.#census.ask(path);
    this.#usesStream ||= this.#options.mode === "always" || this.#census.isStreamCheaper;
    if (!this.#usesStream) return await this.#listCounted(path, options);
    const store = await this.#store.get(options.signal);
    const { paths } = this.#calls;
    if (store === undefined || paths.unreachableReason(path) !== undefined) {
      return await listFolder(this.#calls, path, options);
    }
    const items = store.take(paths.storedPath(path));
    return items === undefined
      ? await listFolder(this.#calls, path, options)
      : entriesOf(this.#calls, path, items);
  }

  async #listCounted(path: string, options: CallOptions): Promise<Entry[]> {
    const entries = await listFolder(this.#calls, path, options);
    this.#census.note(entries);
    return entries;
  }

  /** All entries in any order, each when it is known. Throws what the listing of the root throws. */
  walkAll(options: WalkOptions): AsyncIterable<Entry> {
    const { mode, maxStoreBytes = MAX_STORE_BYTES, wants = () => true } = this.#options;
    return walkStream(this.#calls, {
      ...options,
      maxStoreBytes,
      wants,
      listFirst: mode === "auto" ? (path, call) => this.#listFirst(path, call) : undefined,
      isTimeForStream: () => this.#census.isStreamCheaper,
      listLater: (path, call) => {
        this.#usesStream = true;
        return this.list(path, call);
      },
      onBroken: (error) => this.#options.onFallback?.(error),
    });
  }

  #listFirst(path: string, options: CallOptions): Promise<Entry[]> {
    this.#census.ask(path);
    return this.#listCounted(path, options);
  }

  /** Undefined when folders have to be listed one by one. */
  async #load(signal: AbortSignal): Promise<ListingStore | undefined> {
    // Of a root that is gone or a file the ordinary listing says what is wrong.
    const root = this.#options.mode === "always" ? await lookUp(this.#calls, "", { signal }) : undefined;
    if (this.#options.mode === "always" && root?.kind !== "directory") return undefined;
    try {
      return await this.#calls.retrying(() => this.#readAll(signal), { signal, maxTries: MAX_TRIES });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AuthError) throw error;
      this.#options.onFallback?.(toJottashError(error));
      return undefined;
    }
  }

  async #readAll(signal: AbortSignal): Promise<ListingStore> {
    const { maxStoreBytes = MAX_STORE_BYTES } = this.#options;
    const action = `list all of ${this.#calls.quote("")}`;
    const jfs = await this.#calls.jfs({ signal });
    const store = new ListingStore();
    for await (const { folder, item } of jfs.listStream(this.#calls.request("", action, { signal }))) {
      store.add(folder, item);
      if (store.bytes > maxStoreBytes) {
        throw new ProtocolError(`Cannot ${action} with one request: there is too much for the memory`);
      }
    }
    return store;
  }
}
