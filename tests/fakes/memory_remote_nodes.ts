/** Files, folders and tombstones of the remote in memory. */
import { ConflictError } from "../../lib/errors.ts";
import { foldName } from "../../lib/names/compare.ts";
import { type DirectoryEntry, type FileEntry, nameOf, parentOf } from "../../lib/tree/tree.ts";

export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly md5: string;
}

export interface FileNode {
  readonly kind: "file";
  name: string;
  isTrashed: boolean;
  content: Content | undefined;
  modifiedAtMs: number;
  createdAtMs: number;
  /** Name of its public link. */
  link?: string | undefined;
  /** Of the upload that is not finished. */
  partial: { readonly md5: string; readonly size: number; bytes: Uint8Array<ArrayBuffer> } | undefined;
}

export interface FolderNode {
  readonly kind: "directory";
  name: string;
  isTrashed: boolean;
  /** Name of its public link. */
  link?: string | undefined;
  readonly children: Map<string, FileNode | FolderNode>;
}

/** The tree itself: one name is one node, live or trashed. */
export class NodeTree {
  readonly root: FolderNode = folder("");

  find(path: string): FileNode | FolderNode | undefined {
    let node: FileNode | FolderNode | undefined = this.root;
    for (const name of path === "" ? [] : path.split("/")) {
      node = node?.kind === "directory" ? node.children.get(foldName(name)) : undefined;
    }
    return node;
  }

  live(path: string): FileNode | FolderNode | undefined {
    const node = this.find(path);
    return node !== undefined && isThere(node) ? node : undefined;
  }

  /** With its parents, made and revived as needed. */
  folderAt(path: string): FolderNode {
    if (path === "") return this.root;
    const { children } = this.folderAt(parentOf(path));
    const name = nameOf(path);
    let node = children.get(foldName(name));
    if (node?.kind === "file" && isThere(node)) {
      throw new ConflictError(`Cannot make "${path}": a file is in the way`);
    }
    if (node?.kind !== "directory") children.set(foldName(name), node = folder(name));
    node.isTrashed = false;
    return node;
  }

  fileAt(path: string): FileNode {
    const { children } = this.folderAt(parentOf(path));
    const name = nameOf(path);
    let node = children.get(foldName(name));
    if (node?.kind === "directory" && isThere(node)) {
      throw new ConflictError(`Cannot upload "${path}": a folder is in the way`);
    }
    if (node?.kind !== "file") {
      node = {
        kind: "file",
        name,
        isTrashed: false,
        content: undefined,
        modifiedAtMs: 0,
        createdAtMs: 0,
        partial: undefined,
      };
      children.set(foldName(name), node);
    }
    return node;
  }
}

export function folder(name: string): FolderNode {
  return { kind: "directory", name, isTrashed: false, children: new Map() };
}

export function isThere(node: FileNode | FolderNode): boolean {
  return !node.isTrashed && (node.kind === "directory" || node.content !== undefined);
}

export function trashAll(node: FileNode | FolderNode): void {
  node.isTrashed = true;
  if (node.kind === "directory") { for (const child of node.children.values()) trashAll(child); }
}

export function setTimes(
  file: FileNode,
  times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
): void {
  file.modifiedAtMs = Math.floor(times.modifiedAtMs / 1000) * 1000;
  file.createdAtMs = Math.floor(times.createdAtMs / 1000) * 1000;
}

export function entryOf(path: string, node: FileNode | FolderNode): FileEntry | DirectoryEntry {
  if (node.kind === "directory") return { kind: "directory", path, modifiedAtMs: undefined };
  const { modifiedAtMs, createdAtMs, content } = node;
  return {
    kind: "file",
    path,
    size: content?.bytes.length ?? 0,
    modifiedAtMs,
    createdAtMs,
    md5: content?.md5,
  };
}

/** All files and folders in a tombstone, itself included; of what is live only what is in it. */
export function dropTrashed(
  node: FolderNode,
  count: { files: number; folders: number },
  isTrashed = false,
): void {
  for (const [key, child] of node.children) {
    const isGone = isTrashed || child.isTrashed;
    if (child.kind === "directory") dropTrashed(child, count, isGone);
    if (!isGone) continue;
    if (child.kind === "file") count.files++;
    else count.folders++;
    node.children.delete(key);
  }
}
