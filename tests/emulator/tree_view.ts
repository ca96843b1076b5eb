/**
 * The emulator's tree without requests: tests seed it and look at it directly. Paths are
 * `/<device>/<mountpoint>/<name>…`, plain text, looked up without regard to case.
 */
import type { Account } from "./account.ts";
import { md5Of } from "./blobs.ts";
import { foldName } from "./names.ts";
import {
  currentRevision,
  FileNode,
  FolderNode,
  type Mountpoint,
  type RevisionState,
  type TreeNode,
} from "./nodes.ts";
import {
  addCompleted,
  addIncomplete,
  type ContentFacts,
  isSameContent,
  markCorrupt,
  touch,
} from "./revisions.ts";
import { destroy, ensureFile, ensureFolder, findNode, trash } from "./tree.ts";

export interface FileTimes {
  /** Default: now. */
  readonly modified?: Date;
  /** Default: as modified. */
  readonly created?: Date;
}

export interface SeenRevision {
  readonly number: number;
  readonly state: RevisionState;
  readonly size: number;
  /** Bytes held of an INCOMPLETE revision. */
  readonly received: number;
  readonly md5: string;
  readonly created: Date;
  readonly modified: Date;
  readonly updated: Date;
}

/** A file as it is now; size, md5 and times of the current completed revision (zero, empty, epoch without one). */
export interface SeenFile {
  readonly name: string;
  readonly uuid: string;
  readonly deleted: Date | null;
  readonly size: number;
  readonly md5: string;
  readonly created: Date;
  readonly modified: Date;
  /** Newest first. */
  readonly revisions: readonly SeenRevision[];
  readonly publicUri: string | null;
  /** Content of the current revision. */
  bytes(): Uint8Array;
}

export interface SyntheticTree {
  /** Mountpoint or folder below which the tree grows; default `/Jotta/Archive`. */
  readonly under?: string;
  readonly folders: number;
  readonly filesPerFolder: number;
}

/** Different contents of synthetic files: small, in memory, downloadable. */
const SYNTHETIC_CONTENTS = 16;

export class TreeView {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Creates or overwrites (new revision) a live file; parents are made as needed. */
  putFile(path: string, bytes: Uint8Array | string, times: FileTimes = {}): void {
    const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    const facts = this.#facts(content, times);
    const file = this.#ensureFile(path);
    if (isSameContent(currentRevision(file), facts)) touch(this.#account, file, facts);
    else addCompleted(this.#account, file, { blob: this.#account.blobs.putBytes(facts.md5, content), facts });
  }

  makeFolder(path: string): void {
    const { mount, names } = this.#split(path);
    ensureFolder(this.#account, mount, names);
  }

  /** The file at a path, live or trashed; undefined when there is none. */
  getFile(path: string): SeenFile | undefined {
    const node = this.#find(path);
    return node instanceof FileNode ? this.#seen(node) : undefined;
  }

  /** A live file with a completed revision, or a live folder. */
  exists(path: string): boolean {
    const node = this.#find(path);
    if (node === undefined || node.deletedAt !== 0) return false;
    return node instanceof FolderNode || currentRevision(node) !== undefined;
  }

  /** What is at a path, whatever its state. */
  kindOf(path: string): "file" | "folder" | undefined {
    const node = this.#find(path);
    return node === undefined ? undefined : node instanceof FileNode ? "file" : "folder";
  }

  isTrashed(path: string): boolean {
    return (this.#find(path)?.deletedAt ?? 0) !== 0;
  }

  /** Stored names of the live, complete entries of a folder (all entries with `all`), sorted. */
  list(path: string, options: { readonly all?: boolean } = {}): string[] {
    const node = this.#find(path);
    if (!(node instanceof FolderNode)) return [];
    const shown = Array.from(node.children()).filter((child) =>
      options.all ||
      (child.deletedAt === 0 && (child instanceof FolderNode || currentRevision(child) !== undefined))
    );
    return shown.map((child) => child.name).sort();
  }

  /** Paths of all live, complete files below a folder, relative to it, sorted. */
  walkFiles(path: string): string[] {
    const found: string[] = [];
    const visit = (node: TreeNode | undefined, prefix: string): void => {
      if (node === undefined || node.deletedAt !== 0) return;
      if (node instanceof FolderNode) {
        for (const child of node.children()) visit(child, `${prefix}/${child.name}`);
      } else if (currentRevision(node) !== undefined) found.push(prefix.slice(1));
    };
    visit(this.#find(path), "");
    return found.sort();
  }

  trash(path: string): void {
    trash(this.#account, this.#require(path));
  }

  /** Destroys a node for good. */
  remove(path: string): void {
    destroy(this.#account, this.#require(path));
  }

  /** An unfinished upload: `received` bytes of `bytes` are held. */
  seedIncomplete(path: string, bytes: Uint8Array | string, received: number): void {
    const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    const revision = addIncomplete(this.#account, this.#ensureFile(path), this.#facts(content, {}));
    revision.partial?.append(content.subarray(0, received));
    revision.partial?.rest();
  }

  /** An upload whose bytes did not have the promised MD5. */
  seedCorrupt(path: string, bytes: Uint8Array | string): void {
    const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    const file = this.#ensureFile(path);
    const revision = addIncomplete(this.#account, file, this.#facts(content, {}));
    revision.partial?.discard();
    markCorrupt(this.#account, file, revision);
  }

  /** Many small files quickly, without content on disk: `folder-00001/file-00001.bin` and so on. */
  seedSynthetic(tree: SyntheticTree): void {
    const { mount, names } = this.#split(tree.under ?? "/Jotta/Archive");
    const start = ensureFolder(this.#account, mount, names);
    const contents = Array.from({ length: SYNTHETIC_CONTENTS }, (_, index) => {
      const bytes = new TextEncoder().encode(`synthetic content ${index}\n`);
      return { blob: this.#account.blobs.putInMemory(bytes), facts: this.#facts(bytes, {}) };
    });
    let made = 0;
    for (let folder = 1; folder <= tree.folders; folder += 1) {
      const parent = ensureFolder(this.#account, mount, [...names, numbered("folder", folder)]);
      for (let index = 1; index <= tree.filesPerFolder; index += 1, made += 1) {
        const content = contents[made % SYNTHETIC_CONTENTS];
        if (content === undefined) continue;
        const file = this.#account.newFile(parent, `${numbered("file", index)}.bin`);
        addCompleted(this.#account, file, content);
      }
    }
    this.#account.noteChange(start);
  }

  #seen(file: FileNode): SeenFile {
    const account = this.#account;
    const current = currentRevision(file);
    return {
      name: file.name,
      uuid: account.uuidOf(file),
      deleted: file.deletedAt === 0 ? null : dateOf(file.deletedAt),
      size: current?.size ?? 0,
      md5: current?.md5 ?? "",
      created: dateOf(current?.created ?? 0),
      modified: dateOf(current?.modified ?? 0),
      revisions: file.revisions.map((revision) => ({
        number: revision.number,
        state: revision.state,
        size: revision.size,
        received: revision.partial?.received ?? 0,
        md5: revision.md5,
        created: dateOf(revision.created),
        modified: dateOf(revision.modified),
        updated: dateOf(revision.updated),
      })),
      publicUri: file.share?.publicUri ?? null,
      bytes: () => current?.blob ? account.blobs.readAllSync(current.blob) : new Uint8Array(0),
    };
  }

  #facts(content: Uint8Array, times: FileTimes): ContentFacts {
    const modified = times.modified === undefined ? this.#account.now() : secondsOf(times.modified);
    const created = times.created === undefined ? modified : secondsOf(times.created);
    return { md5: md5Of(content), size: content.length, created, modified };
  }

  #split(path: string): { mount: Mountpoint; names: string[] } {
    const [deviceName = "", mountName = "", ...names] = path.split("/").filter((part) => part !== "");
    const account = this.#account;
    const device = account.device(deviceName) ?? account.addDevice(deviceName, "WORKSTATION");
    const mount = device.mounts.get(foldName(mountName)) ?? account.addMountpoint(device, mountName);
    return { mount, names };
  }

  #ensureFile(path: string): FileNode {
    const { mount, names } = this.#split(path);
    return ensureFile(
      this.#account,
      ensureFolder(this.#account, mount, names.slice(0, -1)),
      names.at(-1) ?? "",
    );
  }

  #find(path: string): TreeNode | undefined {
    const [deviceName = "", mountName = "", ...names] = path.split("/").filter((part) => part !== "");
    const mount = this.#account.device(deviceName)?.mounts.get(foldName(mountName));
    return mount === undefined ? undefined : findNode(mount, names);
  }

  #require(path: string): TreeNode {
    const node = this.#find(path);
    if (node === undefined) throw new Error(`Cannot find "${path}" in the emulator: nothing is there`);
    return node;
  }
}

function numbered(word: string, index: number): string {
  return `${word}-${String(index).padStart(6, "0")}`;
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
