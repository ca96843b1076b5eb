/** How paths of a tree become JFS segments, and what the service calls them in turn. No I/O. */
import { ProtocolError } from "../errors.ts";
import type { JfsFile, JfsItem } from "../jfs/types.ts";
import { foldName } from "../names/compare.ts";
import type { RemoteNames } from "../names/remote_name.ts";
import { refusedReason } from "../names/tables.ts";
import { type Entry, type FileEntry, joinPath, nameOf } from "../tree/tree.ts";

export interface RemotePlace {
  /** Name of the section in the config. */
  readonly remoteName: string;
  readonly device: string;
  readonly mountpoint: string;
  /** Standard path of the tree's root below the mountpoint. */
  readonly root: string;
  /** As the user wrote it, as in `jotta:photos`. */
  readonly label: string;
  readonly names: RemoteNames;
}

export class RemotePaths {
  readonly #place: RemotePlace;

  constructor(place: RemotePlace) {
    this.#place = place;
  }

  /** The same for the same place, whatever the case it was written in. */
  get identity(): string {
    const { remoteName, device, mountpoint, root } = this.#place;
    const parts = [remoteName, device, mountpoint, root].filter((part) => part !== "");
    return `remote:${foldName(parts.join("/"))}/`;
  }

  /** Device, mountpoint, folders and name, in stored form. */
  segments(path: string): string[] {
    const { device, mountpoint } = this.#place;
    return [device, mountpoint, ...this.#storedNames(path)];
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

  /** What a listed item is for our users; undefined for what is trashed, incomplete or corrupt. */
  entryOf(parent: string, item: JfsItem): Entry | undefined {
    if (item.name.includes("/")) {
      throw new ProtocolError(`The service sent the name "${item.name}", which holds a slash`);
    }
    const path = joinPath(parent, this.#place.names.fromStored(item.name));
    if (item.kind === "file") return fileEntry(path, item);
    if (item.kind === "folder" && !item.isDeleted) {
      return { kind: "directory", path, modifiedAtMs: undefined };
    }
    return undefined;
  }

  #storedNames(path: string): string[] {
    const { root, names } = this.#place;
    const full = joinPath(root, path);
    return full === "" ? [] : full.split("/").map((name) => names.toStored(name));
  }
}

/** A live file with a completed revision; anything else is not a file for our users. */
export function fileEntry(path: string, file: JfsFile): FileEntry | undefined {
  const { current } = file;
  if (file.isDeleted || current === undefined || current.state !== "COMPLETED") return undefined;
  if (current.size === undefined) {
    throw new ProtocolError(`The service does not tell the size of the file "${file.name}"`);
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
