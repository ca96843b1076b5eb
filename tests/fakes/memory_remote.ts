/**
 * A small working remote in memory: keeps folders, files, tombstones and unfinished uploads, folds case and knows
 * content by MD5 and size, as the service does. `beforeCall` can throw what a call shall fail with; `cutUploads`
 * lets uploads break off.
 */
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  IntegrityError,
  NetworkError,
  UsageError,
} from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { foldName } from "../../lib/names/compare.ts";
import { JOTTACLOUD_MASK } from "../../lib/names/mask.ts";
import { createRemoteNames } from "../../lib/names/remote_name.ts";
import { refusedReason } from "../../lib/names/tables.ts";
import type { Remote, TrashCount, UploadRequest, UploadSlot } from "../../lib/remote/remote.ts";
import type {
  CallOptions,
  DirectFileWork,
  DirectoryEntry,
  DirectWork,
  Entry,
  FileEntry,
  ReadOptions,
  RemoveOptions,
  SpaceUsage,
  Tree,
} from "../../lib/tree/tree.ts";
import { requireStill } from "../../lib/tree/still.ts";
import { joinPath, nameOf, parentOf } from "../../lib/tree/tree.ts";
import {
  type Content,
  dropTrashed,
  entryOf,
  type FileNode,
  type FolderNode,
  isThere,
  NodeTree,
  setTimes,
  trashAll,
} from "./memory_remote_nodes.ts";

const NAMES = createRemoteNames(JOTTACLOUD_MASK);

export interface RemoteCall {
  readonly name:
    | "list"
    | "stat"
    | "open"
    | "makeDirectory"
    | "removeFile"
    | "purge"
    | "removeDirectory"
    | "moveFile"
    | "copyFile"
    | "moveDirectory"
    | "makeLink"
    | "removeLink"
    | "emptyTrash"
    | "allocate"
    | "send"
    | "setTimes";
  readonly path: string;
}

export interface MemoryRemoteOptions {
  readonly label?: string;
  readonly capacity?: number;
}

export class MemoryRemote implements Remote {
  readonly side = "remote";
  readonly label: string;
  readonly identity: string;
  readonly features = { caseInsensitive: true, foldsUnicode: false, knowsMd5: true };
  /** Asked before each call; throws what the call shall fail with. */
  beforeCall: (call: RemoteCall) => void | Promise<void> = () => {};
  /** For each upload to come: the bytes after which it breaks off. */
  cutUploads: number[] = [];
  /** All calls so far. */
  readonly calls: RemoteCall[] = [];
  sentBytes = 0;
  readonly #capacity: number | undefined;
  readonly #nodes = new NodeTree();
  readonly #known = new Map<string, Content>();

  constructor(options: MemoryRemoteOptions = {}) {
    this.label = options.label ?? "memory:";
    this.identity = `remote:${this.label}/`;
    this.#capacity = options.capacity;
  }

  /** Puts a file there, with its folders, as if it had been uploaded. */
  put(path: string, content: string | Uint8Array, times: { modifiedAtMs?: number } = {}): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);
    const modifiedAtMs = times.modifiedAtMs ?? 1_600_000_000_000;
    this.#complete(this.#nodes.fileAt(path), { bytes, md5: md5OfBytes(bytes) }, {
      modifiedAtMs,
      createdAtMs: modifiedAtMs,
    });
  }

  putFolder(path: string): void {
    this.#nodes.folderAt(path);
  }

  /** An upload that broke off after `received`. */
  putIncomplete(path: string, whole: Uint8Array, received: number): void {
    const bytes = Uint8Array.from(whole.subarray(0, received));
    this.#nodes.fileAt(path).partial = { md5: md5OfBytes(whole), size: whole.length, bytes };
  }

  trash(path: string): void {
    const node = this.#nodes.find(path);
    if (node === undefined) throw new Error(`nothing to trash at ${path}`);
    trashAll(node);
  }

  isTrashed(path: string): boolean {
    return this.#nodes.find(path)?.isTrashed ?? false;
  }

  /** The bytes of a live file. */
  peek(path: string): Uint8Array | undefined {
    const node = this.#nodes.live(path);
    return node?.kind === "file" ? node.content?.bytes : undefined;
  }

  /** Paths of all live, complete files, sorted. */
  files(): string[] {
    const found: string[] = [];
    const visit = (node: FolderNode, path: string) => {
      for (const child of node.children.values()) {
        const childPath = joinPath(path, child.name);
        if (!isThere(child)) continue;
        if (child.kind === "file") found.push(childPath);
        else visit(child, childPath);
      }
    };
    visit(this.#nodes.root, "");
    return found.sort();
  }

  fastListed(): Remote {
    return this;
  }

  async list(path: string, options: CallOptions = {}): Promise<Entry[]> {
    await this.#begin("list", path, options);
    const node = this.#nodes.live(path);
    if (node === undefined) {
      throw new DirectoryNotFoundError(`Cannot list "${path}": there is no such folder`);
    }
    if (node.kind === "file") throw new ConflictError(`Cannot list "${path}": it is a file`);
    return [...node.children.values()].filter(isThere).map((child) =>
      entryOf(joinPath(path, child.name), child)
    );
  }

  async stat(path: string, options: CallOptions = {}): Promise<FileEntry | DirectoryEntry | undefined> {
    await this.#begin("stat", path, options);
    const node = this.#nodes.live(path);
    return node && entryOf(path === "" ? "" : joinPath(parentOf(path), node.name), node);
  }

  async open(file: FileEntry, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    await this.#begin("open", file.path, options);
    const bytes = this.peek(file.path);
    if (bytes === undefined) throw new FileNotFoundError(`Cannot download "${file.path}": it does not exist`);
    const rest = Uint8Array.from(bytes.subarray(options.offset ?? 0));
    return ReadableStream.from(rest.length === 0 ? [] : [rest]);
  }

  md5(file: FileEntry): Promise<string> {
    return Promise.resolve(file.md5 ?? "");
  }

  async makeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    const refused = this.refusedReason(path);
    if (refused !== undefined) throw new UsageError(refused, { code: "name-refused" });
    await this.#begin("makeDirectory", path, options);
    this.#nodes.folderAt(path);
  }

  async removeFile(path: string, options: RemoveOptions = {}): Promise<void> {
    await this.#begin("removeFile", path, options);
    const node = this.#nodes.live(path);
    if (node === undefined) throw new FileNotFoundError(`Cannot delete "${path}": there is no such file`);
    if (node.kind === "directory") throw new ConflictError(`Cannot delete "${path}": it is a folder`);
    if (options.expected !== undefined) requireStill(options.expected, entryOf(path, node), "delete it");
    node.isTrashed = true;
  }

  async purge(path: string, options: CallOptions = {}): Promise<void> {
    if (path === "") throw new UsageError("Cannot purge: it is the whole mountpoint");
    await this.#begin("purge", path, options);
    const node = this.#nodes.live(path);
    if (node === undefined) {
      throw new DirectoryNotFoundError(`Cannot purge "${path}": there is no such folder`);
    }
    if (node.kind === "file") throw new ConflictError(`Cannot purge "${path}": it is a file`);
    trashAll(node);
  }

  async removeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    if (path === "") throw new UsageError("Cannot remove: it is the whole mountpoint");
    await this.#begin("removeDirectory", path, options);
    const node = this.#nodes.live(path);
    if (node === undefined) throw new DirectoryNotFoundError(`Cannot remove "${path}": no such folder`);
    if (node.kind === "file") throw new ConflictError(`Cannot remove "${path}": it is a file`);
    if (node.children.values().some(isThere)) throw new ConflictError(`Cannot remove "${path}": not empty`);
    trashAll(node);
  }

  canTakeFrom(source: Tree): boolean {
    return source === this;
  }

  async moveFile({ from, to, overwrite }: DirectFileWork, options: CallOptions = {}): Promise<void> {
    await this.#begin("moveFile", from, options);
    this.#move(this.#requireFile(from), from, { to, overwrite: overwrite === true });
  }

  async copyFile({ from, to, overwrite }: DirectFileWork, options: CallOptions = {}): Promise<void> {
    await this.#begin("copyFile", from, options);
    const source = this.#requireFile(from);
    const existing = this.#nodes.live(to);
    if (existing === source) throw new ConflictError(`Cannot copy "${from}": it is the same file`);
    if (existing !== undefined && !overwrite) {
      throw new ConflictError(`Cannot copy "${from}": "${to}" exists`);
    }
    this.#complete(this.#nodes.fileAt(to), source.content ?? raise("no content"), source);
  }

  async moveDirectory({ from, to }: DirectWork, options: CallOptions = {}): Promise<void> {
    await this.#begin("moveDirectory", from, options);
    if (from === "" || to === "") throw new UsageError("Cannot move: a whole mountpoint does not move");
    const node = this.#nodes.live(from);
    if (node === undefined) throw new DirectoryNotFoundError(`Cannot move "${from}": no such folder`);
    if (node.kind === "file") throw new ConflictError(`Cannot move "${from}": it is a file`);
    if (`${foldName(to)}/`.startsWith(`${foldName(from)}/`) && this.#nodes.find(to) !== node) {
      throw new UsageError(`Cannot move "${from}" into itself`);
    }
    this.#move(node, from, { to, overwrite: false });
  }

  #requireFile(path: string): FileNode {
    const node = this.#nodes.live(path);
    if (node === undefined) throw new FileNotFoundError(`Cannot use "${path}": there is no such file`);
    if (node.kind === "directory") throw new ConflictError(`Cannot use "${path}": it is a folder`);
    return node;
  }

  #move(
    node: FileNode | FolderNode,
    from: string,
    { to, overwrite }: { readonly to: string; readonly overwrite: boolean },
  ): void {
    const reason = this.refusedReason(to);
    if (reason !== undefined) {
      throw new UsageError(`Cannot move "${from}": ${reason}`, { code: "name-refused" });
    }
    const existing = this.#nodes.live(to);
    const isInTheWay = existing !== undefined && existing !== node;
    if (isInTheWay && !(overwrite && existing.kind === "file")) {
      throw new ConflictError(`Cannot move "${from}": "${to}" exists`);
    }
    const target = this.#nodes.folderAt(parentOf(to));
    this.#nodes.folderAt(parentOf(from)).children.delete(foldName(nameOf(from)));
    node.name = nameOf(to);
    target.children.set(foldName(node.name), node);
  }

  async makeLink(path: string, options: CallOptions = {}): Promise<string> {
    await this.#begin("makeLink", path, options);
    const node = this.#nodes.live(path) ?? raise(`Cannot link "${path}": nothing is there`);
    return node.link ??= `memory://public/${path}`;
  }

  async removeLink(path: string, options: CallOptions = {}): Promise<void> {
    await this.#begin("removeLink", path, options);
    (this.#nodes.live(path) ?? raise(`Cannot unlink "${path}": nothing is there`)).link = undefined;
  }

  countTrash(options: CallOptions = {}): Promise<TrashCount> {
    options.signal?.throwIfAborted();
    const tops = (node: FolderNode): (FileNode | FolderNode)[] =>
      [...node.children.values()].flatMap((child) =>
        child.isTrashed ? [child] : child.kind === "directory" ? tops(child) : []
      );
    const all = tops(this.#nodes.root);
    const files = all.filter(({ kind }) => kind === "file").length;
    return Promise.resolve({ files, folders: all.length - files });
  }

  async emptyTrash(options: CallOptions = {}): Promise<TrashCount> {
    await this.#begin("emptyTrash", "", options);
    const count = { files: 0, folders: 0 };
    dropTrashed(this.#nodes.root, count);
    return count;
  }

  async allocate(request: UploadRequest, options: CallOptions = {}): Promise<UploadSlot> {
    await this.#begin("allocate", request.path, options);
    const file = this.#nodes.fileAt(request.path);
    const known = this.#known.get(`${request.md5} ${request.size}`);
    if (known !== undefined) {
      this.#complete(file, known, request);
      return { state: "complete" };
    }
    if (file.partial?.md5 !== request.md5 || file.partial.size !== request.size) {
      file.partial = { md5: request.md5, size: request.size, bytes: new Uint8Array() };
    }
    const resumeAt = file.partial.bytes.length;
    return {
      state: "wanted",
      resumeAt,
      send: (stream, sendOptions = {}) => this.#receive(file, request, { stream, resumeAt, ...sendOptions }),
    };
  }

  refusedReason(path: string): string | undefined {
    const names = path === "" ? [] : path.split("/");
    return names.map((name) => refusedReason(NAMES.toStored(name))).find((reason) => reason !== undefined);
  }

  async setTimes(
    file: FileEntry,
    times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
    options: CallOptions = {},
  ): Promise<void> {
    await this.#begin("setTimes", file.path, options);
    const node = this.#nodes.live(file.path);
    if (node?.kind !== "file") throw new FileNotFoundError(`Cannot set the time of "${file.path}"`);
    setTimes(node, times);
  }

  about(): Promise<SpaceUsage> {
    const usedBytes = [...this.#known.values()].reduce((sum, content) => sum + content.bytes.length, 0);
    const totalBytes = this.#capacity;
    const freeBytes = totalBytes === undefined ? undefined : Math.max(0, totalBytes - usedBytes);
    return Promise.resolve({ totalBytes, usedBytes, freeBytes });
  }

  async #begin(name: RemoteCall["name"], path: string, options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
    this.calls.push({ name, path });
    await this.beforeCall({ name, path });
  }

  async #receive(
    file: FileNode,
    request: UploadRequest,
    upload: CallOptions & {
      readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
      readonly resumeAt: number;
    },
  ): Promise<void> {
    const { stream, signal } = upload;
    const cutAt = this.cutUploads.shift() ?? Infinity;
    let bytes = file.partial?.bytes ?? new Uint8Array();
    try {
      await this.#begin("send", request.path, upload);
      for await (const chunk of stream) {
        signal?.throwIfAborted();
        const kept = chunk.subarray(0, cutAt - (bytes.length - upload.resumeAt));
        this.sentBytes += kept.length;
        bytes = new Uint8Array(await new Blob([bytes, kept]).arrayBuffer());
        if (bytes.length - upload.resumeAt >= cutAt) throw new NetworkError("the connection was cut");
      }
    } finally {
      if (!stream.locked) await stream.cancel().catch(() => {});
      file.partial = { md5: request.md5, size: request.size, bytes };
    }
    const md5 = md5OfBytes(bytes);
    file.partial = undefined;
    if (bytes.length !== request.size || md5 !== request.md5) {
      throw new IntegrityError("got bytes with another MD5");
    }
    this.#complete(file, { bytes, md5 }, request);
  }

  #complete(
    file: FileNode,
    content: Content,
    times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
  ): void {
    this.#known.set(`${content.md5} ${content.bytes.length}`, content);
    file.content = content;
    file.isTrashed = false;
    setTimes(file, times);
  }
}

function raise(message: string): never {
  throw new DirectoryNotFoundError(message);
}
