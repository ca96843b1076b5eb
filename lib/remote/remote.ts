/** What only a place in the cloud can do. Engines see this interface, never the wire. */
import type { JottashError } from "../errors.ts";
import type { RemoteRepairs } from "./repairs.ts";
import type { CallOptions, DirectFileWork, FileEntry, Mover, Tree } from "../tree/tree.ts";

/** What is said of a change where the trash is shown. */
export const TRASH_IS_READ_ONLY =
  "it shows what is in the trash, where nothing can be changed (trashed-only is set)";

export interface UploadRequest {
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
  readonly modifiedAtMs: number;
  readonly createdAtMs: number;
  /** An earlier try of this very upload has sent bytes: it goes on from there, whatever the size. */
  readonly isContinued?: boolean;
}

/**
 * What the service wants of an upload. `complete`: it has the content already, and the file is in place.
 * `wanted`: it waits for the bytes from `resumeAt` to the end.
 */
export type UploadSlot =
  | { readonly state: "complete" }
  | {
    readonly state: "wanted";
    readonly resumeAt: number;
    /**
     * Sends the rest of the content, exactly `size - resumeAt` bytes. Throws `NetworkError` or `ServiceError`
     * with `retry: "now"` when asking for a new slot and going on from there may help.
     */
    readonly send: (stream: ReadableStream<Uint8Array<ArrayBuffer>>, options?: CallOptions) => Promise<void>;
  };

/** Entries of the trash. */
export interface TrashCount {
  readonly files: number;
  readonly folders: number;
}

/** How a whole tree is listed with one request. */
export interface FastListOptions {
  /** `auto`: only where it is the cheaper way; `always`: for any tree that has to be listed. */
  readonly mode: "auto" | "always";
  /** Folders listed at the same time where it is not. */
  readonly checkers: number;
  /** Whether the caller goes into a folder; into each without it. */
  readonly wants?: ((path: string) => boolean) | undefined;
  /** Called when folders are listed one by one after all, and why. */
  readonly onFallback?: ((error: JottashError) => void) | undefined;
  /** Bytes of memory for listings that nobody has asked for yet. */
  readonly maxStoreBytes?: number | undefined;
}

export interface Remote extends Tree, Mover {
  readonly side: "remote";

  /** Why nothing here can be changed, as in `it shows the trash`; undefined where it can. */
  readonly readOnlyReason?: string | undefined;

  /** Finds and clears what went wrong with uploads; undefined where that cannot be done. */
  readonly repairs?: RemoteRepairs | undefined;

  /**
   * The same place for one run over all of it, whose `list` and `walkAll` may take everything from one request: as the
   * tree was then, without media types. What is changed meanwhile is not in it; a folder that is listed again is asked
   * for again, and all that is not a listing goes to the service.
   */
  fastListed(options: FastListOptions): Remote;

  /** Asks for an upload slot; parents are made by the service. Replaces the content of an existing file. */
  allocate(request: UploadRequest, options?: CallOptions): Promise<UploadSlot>;

  /** Why the service would refuse this path, as in `it is longer than 255 characters`; undefined when it is fine. */
  refusedReason(path: string): string | undefined;

  /** Sets the times of a file whose content stays; nothing is sent but its MD5. Throws `FileNotFoundError`. */
  setTimes(
    file: FileEntry,
    times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
    options?: CallOptions,
  ): Promise<void>;

  /** Copies the current content and the times of a file; one that is overwritten keeps its content as an older version. */
  copyFile(work: DirectFileWork, options?: CallOptions): Promise<void>;

  /** The address of a public link to the file or folder; made when there is none. Throws `DirectoryNotFoundError`. */
  makeLink(path: string, options?: CallOptions): Promise<string>;

  /** There is no public link afterwards. Throws `DirectoryNotFoundError` when there is nothing at the path. */
  removeLink(path: string, options?: CallOptions): Promise<void>;

  /** What lies in the trash of the account, all devices; what is in trashed folders is not counted. */
  countTrash(options?: CallOptions): Promise<TrashCount>;

  /** Destroys what is in the trash of the account, all devices; counts what is in trashed folders too. */
  emptyTrash(options?: CallOptions): Promise<TrashCount>;
}
