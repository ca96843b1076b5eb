/**
 * What commands and engines know of a place that holds files: a folder tree, local or in the cloud. Everything
 * that all trees can do stands here; what only one side can do is in `remote/remote.ts` and
 * `local/local_tree.ts`.
 *
 * A path is relative to the root of the tree, made of standard names (API reference 8.4) joined with `/`; the
 * root itself is the empty path.
 */
import type { JottashError } from "../errors.ts";

export interface FileEntry {
  readonly kind: "file";
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970 UTC; undefined where the service does not say. */
  readonly modifiedAtMs: number | undefined;
  /** The same to the nanosecond; only where it was asked for and is known. */
  readonly modifiedAtNs?: bigint | undefined;
  readonly createdAtMs?: number | undefined;
  /** Lower-case hex; only where it is known without reading the content. */
  readonly md5?: string | undefined;
  readonly mimeType?: string | undefined;
}

export interface DirectoryEntry {
  readonly kind: "directory";
  readonly path: string;
  readonly modifiedAtMs: number | undefined;
  readonly modifiedAtNs?: bigint | undefined;
}

/** There, but nothing that is copied: a symbolic link, a socket, a device. */
export interface SpecialEntry {
  readonly kind: "special";
  readonly path: string;
  /** As in "it is a symbolic link". */
  readonly reason: string;
  /** The user has asked for it to be left out: nobody is warned. */
  readonly isExpected?: boolean;
  /** A file of this program's own, which some run is writing or has left half written. */
  readonly isUnfinished?: boolean;
}

/** There, but it cannot be looked at. Never to be taken for missing. */
export interface UnreadableEntry {
  readonly kind: "unreadable";
  readonly path: string;
  readonly error: JottashError;
  /** The name could not be read either: what another tree has in the same directory may be this entry. */
  readonly isNameUnknown?: boolean;
}

export type Entry = FileEntry | DirectoryEntry | SpecialEntry | UnreadableEntry;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface LookOptions extends CallOptions {
  /** Asks for `modifiedAtNs`, which takes a local tree longer. */
  readonly nanoseconds?: boolean | undefined;
}

export interface WalkAllOptions extends LookOptions {
  /** Listings asked for at the same time; at least 1. */
  readonly checkers: number;
}

export interface RemoveOptions extends CallOptions {
  /** Only while it is still this file; otherwise a `ConflictError`. */
  readonly expected?: FileEntry;
  /** Into the trash also where a tree is set to delete for good: it is not the user who asks for the removal. */
  readonly toTrash?: boolean;
}

export interface ReadOptions extends CallOptions {
  /** Bytes to leave out at the beginning. */
  readonly offset?: number;
}

export interface Md5Options extends CallOptions {
  /** Called with the number of bytes hashed since the last call. */
  readonly onBytes?: (count: number) => void;
  /** The content is to be read now, whatever is known of it from an earlier reading. */
  readonly fresh?: boolean | undefined;
  /** Called with the size when nothing was read, because the MD5 is known from an earlier reading of the same file. */
  readonly onKnown?: (size: number) => void;
  /** Called with the content part by part, when it is read on this machine; the bytes are reused afterwards. */
  readonly onContent?: (bytes: Uint8Array) => void;
}

/** Bytes of the whole account or disk; undefined where there is no limit. */
export interface SpaceUsage {
  readonly totalBytes: number | undefined;
  readonly usedBytes: number;
  readonly freeBytes: number | undefined;
}

export interface TreeFeatures {
  /** Names that differ only by case are the same name. */
  readonly caseInsensitive: boolean;
  /** Names that differ only by how accents are written (NFC, NFD) are the same name. */
  readonly foldsUnicode: boolean;
  /** `FileEntry.md5` is always there; otherwise `md5()` reads the whole content. */
  readonly knowsMd5: boolean;
}

export interface Tree {
  readonly side: "local" | "remote";
  /** As the user wrote it, as in `jotta:photos`; for messages. */
  readonly label: string;
  /** The same for the same place however it was written; that of a place inside begins with it. Ends with a slash. */
  readonly identity: string;
  readonly features: TreeFeatures;

  /**
   * All entries directly below `path`, in no particular order: one directory at a time is what a run keeps in
   * memory. Throws `DirectoryNotFoundError` when nothing is there, `ConflictError` when it is a file.
   */
  list(path: string, options?: LookOptions): Promise<Entry[]>;

  /**
   * All entries of all levels in no order, each when it is known, where the place can tell them without a listing for
   * each directory; undefined where it cannot. Throws and reports as `walkTree`.
   */
  walkAll?(options: WalkAllOptions): AsyncIterable<Entry> | undefined;

  /** The file or directory at `path`; undefined when there is none. */
  stat(path: string, options?: LookOptions): Promise<FileEntry | DirectoryEntry | undefined>;

  /** The content from `offset` to the end. The caller reads it to the end or cancels it. */
  open(file: FileEntry, options?: ReadOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;

  /** Lower-case hex MD5 of the content. Throws `LocalError` when the file is not what `file` says any more. */
  md5(file: FileEntry, options?: Md5Options): Promise<string>;

  /** Makes the directory with its parents; an existing one is fine. */
  makeDirectory(path: string, options?: CallOptions): Promise<void>;

  /** Space of what the tree lies on. */
  about(options?: CallOptions): Promise<SpaceUsage>;

  /** Removes one file (into the trash, where there is one). Throws `FileNotFoundError` when it is not there. */
  removeFile(path: string, options?: RemoveOptions): Promise<void>;

  /**
   * Removes an empty directory (into the trash, where there is one). Throws `ConflictError` when anything is in it or it
   * is no directory, `DirectoryNotFoundError` when it is not there.
   */
  removeDirectory(path: string, options?: RemoveOptions): Promise<void>;

  /** Removes the directory with all that it holds (into the trash, where there is one). */
  purge(path: string, options?: CallOptions): Promise<void>;
}

/** A file or folder that a place moves or copies by itself: its bytes do not pass through this program. */
export interface DirectWork {
  /** One that `canTakeFrom` accepts. */
  readonly source: Tree;
  readonly from: string;
  /** Where it goes to in this tree, with its name; parents are made. */
  readonly to: string;
}

export interface DirectFileWork extends DirectWork {
  /** A file that has the name makes way; without it, that is a conflict. */
  readonly overwrite?: boolean;
}

/** Moves without a transfer: within an account, within a disk. */
export interface Mover {
  /** Whether the place moves from that tree to this one by itself: the same account, the same machine. */
  canTakeFrom(source: Tree): boolean;

  /**
   * Moves a file with all that belongs to it (times, and on the service versions and link). On the service a file that
   * has to make way is put into the trash first and comes back when the move fails; the service may drop it from the
   * trash once its name is taken. Another case of the own name is a rename. Throws `FileNotFoundError`,
   * `ConflictError`; `LocalError` with the code "other-disk" where the paths are on two disks. A repeated move that had
   * happened is no error.
   */
  moveFile(work: DirectFileWork, options?: CallOptions): Promise<void>;

  /**
   * Moves a directory with all that is in it to where none is. Throws `DirectoryNotFoundError`, `UsageError` for a
   * target inside the directory, `ConflictError`: one that only comes from the trash has `data.isTrashed`; `LocalError`
   * "other-disk" as above.
   */
  moveDirectory(work: DirectWork, options?: CallOptions): Promise<void>;
}

/** What a walk needs of a tree. */
export type Listable = Pick<Tree, "list" | "walkAll">;

/** `directory` and `name` joined to one path; either may be empty. */
export function joinPath(directory: string, name: string): string {
  if (directory === "") return name;
  return name === "" ? directory : `${directory}/${name}`;
}

/** The directory part of a path; the empty path for a name at the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
