/** How paths of a tree become JFS segments, and what the service calls them in turn. No I/O. */
import { ProtocolError } from "../errors.ts";
import type { JfsFile, JfsItem } from "../jfs/types.ts";
import { foldName } from "../names/compare.ts";
import type { RemoteNames } from "../names/remote_name.ts";
import { refusedReason } from "../names/tables.ts";
import { type Entry, type FileEntry, joinPath, nameOf, parentOf } from "../tree/tree.ts";

export interface RemotePlace {
  /** What tells its account from others. */
  readonly remoteName: string;
  readonly device: string;
  readonly mountpoint: string;
  /** Standard path of the tree's root below the mountpoint. */
  readonly root: string;
  /** As the user wrote it, as in `jotta:photos`. */
  readonly label: string;
  readonly names: RemoteNames;
  /** Its files are the trashed ones, in folders live and trashed (API reference 5.1). */
  readonly trashedOnly?: boolean | undefined;
}

/** The service lists such a name of another program, but answers 400 to whoever asks for it (API reference 6.1). */
const NOT_GIVEN_OUT = "%";

export class RemotePaths {
  readonly #place: RemotePlace;
  /** Names of other programs that we would store otherwise, by path: only so can they be asked for. A few at most. */
  readonly #spellings = new Map<string, string>();

  constructor(place: RemotePlace) {
    this.#place = place;
  }

  /** The same for the same place, whatever the case it was written in. What is in the trash is at another place. */
  get identity(): string {
    const { remoteName, device, mountpoint, root } = this.#place;
    const parts = [remoteName, device, mountpoint, root].filter((part) => part !== "");
    return `${this.showsTrash ? "trash" : "remote"}:${foldName(parts.join("/"))}/`;
  }

  /** Device, mountpoint, folders and name, in stored form; what has been listed, as it was listed. */
  segments(path: string): string[] {
    const { device, mountpoint } = this.#place;
    return [device, mountpoint, ...this.#storedNames(path)];
  }

  /** Why what was listed at `path` cannot be had; undefined when nothing is known against it. */
  unreachableReason(path: string): string | undefined {
    for (let each = path; each !== ""; each = parentOf(each)) {
      if (this.#spellings.get(each)?.includes(NOT_GIVEN_OUT)) {
        return `another program stored "${
          nameOf(each)
        }" with a "%" in its name, which the service does not give out`;
      }
    }
    return undefined;
  }

  /** Whether files are those in the trash, and folders are all that there are. */
  get showsTrash(): boolean {
    return this.#place.trashedOnly ?? false;
  }

  isMountpoint(path: string): boolean {
    return joinPath(this.#place.root, path) === "";
  }

  refusedReason(path: string): string | undefined {
    for (const name of this.#storedNames(path)) {
      const reason = refusedReason(name);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** The path with its last name as the service spells it; as it is where the service does not tell. */
  respell(path: string, stored: string | undefined): string {
    if (stored === undefined || path === "") return path;
    return path.slice(0, path.length - nameOf(path).length) + this.#place.names.fromStored(stored);
  }

  /** The path in double quotes, below what the user wrote. */
  quote(path: string): string {
    const { label } = this.#place;
    if (path === "") return `"${label}"`;
    return /[:/]$/.test(label) ? `"${label}${path}"` : `"${label}/${path}"`;
  }

  /**
   * What a listed item is for our users; undefined for what is trashed (with `showsTrash`: live), incomplete or corrupt.
   * One that makes no sense is unreadable: the rest of the folder is as good as ever.
   */
  entryOf(parent: string, item: JfsItem): Entry | undefined {
    const path = joinPath(parent, this.#place.names.fromStored(item.name));
    try {
      const entry = toEntry(path, item, this);
      if (entry !== undefined) this.#note(path, item.name);
      return entry;
    } catch (error) {
      if (error instanceof ProtocolError) return { kind: "unreadable", path, error };
      throw error;
    }
  }

  /** Whether what was listed last at `path` is stored under a name that we would not give it. */
  isForeign(path: string, stored: string): boolean {
    return this.#spellings.get(path) === stored;
  }

  /** Whether the service may have what we would never store under that name, so that only a listing tells its path. */
  isForeignName(stored: string): boolean {
    const { names } = this.#place;
    return stored.includes("/") || names.toStored(names.fromStored(stored)) !== stored;
  }

  /** The stored path of a folder below the root as a path of the tree. */
  pathOfStored(folder: string): string {
    return namesOf(folder).map((name) => this.#place.names.fromStored(name)).join("/");
  }

  /** The stored path of a folder of the tree below its root. */
  storedPath(path: string): string {
    return this.#storedNames(path).slice(namesOf(this.#place.root).length).join("/");
  }

  /** Whether what was listed last at `path` is stored under a name that we would not give it. */
  isRespelled(path: string): boolean {
    return this.#spellings.has(path);
  }

  /** From now on the path stands for the name that we would give it. */
  forget(path: string): void {
    this.#spellings.delete(path);
  }

  /** Remembers how a live entry is spelled on the service, where that does not follow from its path. */
  #note(path: string, stored: string): void {
    if (stored.includes("/")) {
      throw new ProtocolError(`Cannot use the name "${stored}" that the service sent: it holds a slash`);
    }
    if (this.#place.names.toStored(nameOf(path)) === stored) this.#spellings.delete(path);
    else this.#spellings.set(path, stored);
  }

  #storedNames(path: string): string[] {
    const { root, names } = this.#place;
    const above = namesOf(root).map((name) => names.toStored(name));
    let listed = "";
    const below = namesOf(path).map((name) => {
      listed = joinPath(listed, name);
      const spelling = this.#spellings.get(listed);
      // What is written anew gets a name that can be read again.
      return spelling === undefined || spelling.includes(NOT_GIVEN_OUT) ? names.toStored(name) : spelling;
    });
    return [...above, ...below];
  }
}

type Shown = Pick<RemotePaths, "showsTrash">;

function toEntry(path: string, item: JfsItem, shown: Shown): Entry | undefined {
  if (item.kind === "file") return fileEntry(path, item, shown);
  if (item.kind !== "folder" || item.isDeleted && !shown.showsTrash) return undefined;
  return { kind: "directory", path, modifiedAtMs: undefined };
}

function namesOf(path: string): string[] {
  return path === "" ? [] : path.split("/");
}

/** A live (or a trashed) file with a completed revision; anything else is not a file for our users. */
export function fileEntry(path: string, file: JfsFile, { showsTrash }: Shown): FileEntry | undefined {
  const { current } = file;
  if (file.isDeleted !== showsTrash || current === undefined || current.state !== "COMPLETED") {
    return undefined;
  }
  if (current.size === undefined) {
    throw new ProtocolError(`Cannot use "${path}": the service does not tell its size`);
  }
  return {
    kind: "file",
    path,
    size: current.size,
    modifiedAtMs: current.modifiedAtMs,
    createdAtMs: current.createdAtMs,
    md5: current.md5,
    mimeType: current.mimeType,
  };
}
