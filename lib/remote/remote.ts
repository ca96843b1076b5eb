/** What only a place in the cloud can do. Engines see this interface, never the wire. */
import type { CallOptions, FileEntry, Tree } from "../tree/tree.ts";

export interface UploadRequest {
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
  readonly modifiedAtMs: number;
  readonly createdAtMs: number;
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

/** A file or folder that the service moves or copies by itself. */
export interface ServerSideWork {
  /** One that `canTakeFrom` accepts. */
  readonly source: Tree;
  readonly from: string;
  /** Where it goes to in this tree, with its name; parents are made. */
  readonly to: string;
}

export interface ServerSideFileWork extends ServerSideWork {
  /** A file that has the name makes way; without it, that is a conflict. */
  readonly overwrite?: boolean;
}

/** Entries of the trash. */
export interface TrashCount {
  readonly files: number;
  readonly folders: number;
}

export interface Remote extends Tree {
  readonly side: "remote";

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

  /** Whether the service itself moves and copies from that tree to this one: is it of the same account? */
  canTakeFrom(source: Tree): boolean;

  /**
   * Moves a file with its versions, times and link. A file that has to make way is put into the trash first and comes
   * back when the move fails; the service may drop it from the trash once its name is taken. Another case of the own
   * name is a rename. Throws `FileNotFoundError`, `ConflictError`. A repeated move that had happened is no error.
   */
  moveFile(work: ServerSideFileWork, options?: CallOptions): Promise<void>;

  /** Copies the current content and the times of a file; one that is overwritten keeps its content as an older version. */
  copyFile(work: ServerSideFileWork, options?: CallOptions): Promise<void>;

  /**
   * Moves a folder with all that is in it to where no folder is. Throws `DirectoryNotFoundError`, `UsageError` for a
   * target inside the folder, `ConflictError`: one that only comes from the trash has `data.isTrashed`.
   */
  moveDirectory(work: ServerSideWork, options?: CallOptions): Promise<void>;

  /** The address of a public link to the file or folder; made when there is none. Throws `DirectoryNotFoundError`. */
  makeLink(path: string, options?: CallOptions): Promise<string>;

  /** There is no public link afterwards. Throws `DirectoryNotFoundError` when there is nothing at the path. */
  removeLink(path: string, options?: CallOptions): Promise<void>;

  /** What lies in the trash of the account, all devices; what is in trashed folders is not counted. */
  countTrash(options?: CallOptions): Promise<TrashCount>;

  /** Destroys what is in the trash of the account, all devices; counts what is in trashed folders too. */
  emptyTrash(options?: CallOptions): Promise<TrashCount>;
}
