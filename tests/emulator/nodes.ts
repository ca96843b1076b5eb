/**
 * The tree's nodes, kept compact: half a million files must fit. Times are whole seconds (small integers), a uuid is
 * derived from a number, collections exist only when needed. State model: API reference 6.7.
 */
import type { Blob } from "./blobs.ts";
import { foldName } from "./names.ts";
import type { Partial } from "./partial.ts";

export type RevisionState = "COMPLETED" | "INCOMPLETE" | "CORRUPT";

/** One stored version of a file. `blob` is set exactly for COMPLETED, `partial` only for INCOMPLETE. */
export class Revision {
  number = 0;
  state: RevisionState;
  readonly size: number;
  /** Lower-case hex, as promised by the uploader. */
  readonly md5: string;
  created: number;
  modified: number;
  /** When the service stored it ("utime"). */
  updated: number;
  blob: Blob | null = null;
  partial: Partial | null = null;

  constructor(state: RevisionState, facts: RevisionFacts) {
    this.state = state;
    this.size = facts.size;
    this.md5 = facts.md5;
    this.created = facts.created;
    this.modified = facts.modified;
    this.updated = facts.updated;
  }
}

export interface RevisionFacts {
  readonly size: number;
  readonly md5: string;
  readonly created: number;
  readonly modified: number;
  readonly updated: number;
}

/** A public link (5.10). */
export interface Share {
  readonly publicUri: string;
  readonly publicSharePath: string;
}

export class FileNode {
  /** Null once destroyed. */
  parent: FolderNode | null;
  name: string;
  /** Source of the uuid, which survives moves and revisions. */
  readonly id: number;
  /** Seconds since the epoch; 0 while live. */
  deletedAt = 0;
  share: Share | null = null;
  /** Newest first, at most five. */
  revisions: Revision[] = [];

  constructor(parent: FolderNode, name: string, id: number) {
    this.parent = parent;
    this.name = name;
    this.id = id;
  }
}

export type TreeNode = FileNode | FolderNode;

/** A folder; the root folder of a mountpoint has no parent but a `mount`. */
export class FolderNode {
  parent: FolderNode | null;
  name: string;
  deletedAt = 0;
  share: Share | null = null;
  mount: Mountpoint | null = null;
  #children: Map<string, TreeNode> | null = null;

  constructor(parent: FolderNode | null, name: string) {
    this.parent = parent;
    this.name = name;
  }

  children(): Iterable<TreeNode> {
    return this.#children?.values() ?? [];
  }

  *folders(): Generator<FolderNode> {
    for (const child of this.children()) if (child instanceof FolderNode) yield child;
  }

  *files(): Generator<FileNode> {
    for (const child of this.children()) if (child instanceof FileNode) yield child;
  }

  child(name: string): TreeNode | undefined {
    return this.#children?.get(foldName(name));
  }

  attach(node: TreeNode): void {
    this.#children ??= new Map();
    this.#children.set(foldName(node.name), node);
    node.parent = this;
  }

  detach(node: TreeNode): void {
    this.#children?.delete(foldName(node.name));
    node.parent = null;
  }
}

export class Mountpoint {
  readonly device: Device;
  readonly root: FolderNode;
  /** Total of the completed revisions below. */
  bytes = 0;
  /** Last change in seconds, 0 for never (shown as empty `modified`). */
  modifiedAt = 0;

  constructor(device: Device, name: string) {
    this.device = device;
    this.root = new FolderNode(null, name);
    this.root.mount = this;
  }

  get name(): string {
    return this.root.name;
  }
}

export class Device {
  readonly name: string;
  readonly type: string;
  readonly sid: string;
  readonly mounts = new Map<string, Mountpoint>();

  constructor(name: string, type: string, sid: string) {
    this.name = name;
    this.type = type;
    this.sid = sid;
  }

  get bytes(): number {
    return this.mounts.values().reduce((sum, mount) => sum + mount.bytes, 0);
  }

  get modifiedAt(): number {
    return this.mounts.values().reduce((latest, mount) => Math.max(latest, mount.modifiedAt), 0);
  }
}

/** Newest COMPLETED revision (4.6). */
export function currentRevision(file: FileNode): Revision | undefined {
  return file.revisions.find((revision) => revision.state === "COMPLETED");
}

/** The newest revision when it is not COMPLETED (4.6). */
export function latestRevision(file: FileNode): Revision | undefined {
  const newest = file.revisions[0];
  return newest?.state === "COMPLETED" ? undefined : newest;
}

/** The mountpoint a node lives in; undefined for a destroyed node. */
export function mountOf(node: TreeNode): Mountpoint | undefined {
  let at: TreeNode = node;
  while (at.parent !== null) at = at.parent;
  return at instanceof FolderNode ? at.mount ?? undefined : undefined;
}

/** Names from the mountpoint's root (its own name first) down to the node. */
export function namesTo(node: TreeNode): string[] {
  const names: string[] = [];
  for (let at: TreeNode | null = node; at !== null; at = at.parent) names.unshift(at.name);
  return names;
}

/** Makes a node and its ancestors live; siblings and descendants stay as they are. */
export function revive(node: TreeNode): void {
  for (let at: TreeNode | null = node; at !== null; at = at.parent) at.deletedAt = 0;
}
