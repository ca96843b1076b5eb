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
import type { Remote, SpaceUsage, UploadRequest, UploadSlot } from "../../lib/remote/remote.ts";
import type { CallOptions, DirectoryEntry, Entry, FileEntry, ReadOptions } from "../../lib/tree/tree.ts";
import { joinPath, nameOf, parentOf } from "../../lib/tree/tree.ts";

const NAMES = createRemoteNames(JOTTACLOUD_MASK);

interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly md5: string;
}

interface FileNode {
  readonly kind: "file";
  readonly name: string;
  isTrashed: boolean;
  content: Content | undefined;
  modifiedAtMs: number;
  createdAtMs: number;
  /** Of the upload that is not finished. */
  partial: { readonly md5: string; readonly size: number; bytes: Uint8Array<ArrayBuffer> } | undefined;
}

interface FolderNode {
  readonly kind: "directory";
  readonly name: string;
  isTrashed: boolean;
  readonly children: Map<string, FileNode | FolderNode>;
}

export interface RemoteCall {
  readonly name:
    | "list"
    | "stat"
    | "open"
    | "makeDirectory"
    | "removeFile"
    | "purge"
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
  readonly #root: FolderNode = folder("");
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
    this.#complete(this.#fileAt(path), { bytes, md5: md5OfBytes(bytes) }, {
      modifiedAtMs,
      createdAtMs: modifiedAtMs,
    });
  }

  putFolder(path: string): void {
    this.#folderAt(path);
  }

  /** An upload that broke off after `received`. */
  putIncomplete(path: string, whole: Uint8Array, received: number): void {
    const bytes = Uint8Array.from(whole.subarray(0, received));
    this.#fileAt(path).partial = { md5: md5OfBytes(whole), size: whole.length, bytes };
  }

  trash(path: string): void {
    const node = this.#find(path);
    if (node === undefined) throw new Error(`nothing to trash at ${path}`);
    trashAll(node);
  }

  isTrashed(path: string): boolean {
    return this.#find(path)?.isTrashed ?? false;
  }

  /** The bytes of a live file. */
  peek(path: string): Uint8Array | undefined {
    const node = this.#live(path);
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
    visit(this.#root, "");
    return found.sort();
  }

  async list(path: string, options: CallOptions = {}): Promise<Entry[]> {
    await this.#begin("list", path, options);
    const node = this.#live(path);
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
    const node = this.#live(path);
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
    if (refused !== undefined) {
      throw new UsageError(`Cannot make "${path}": ${refused}`, { code: "name-refused" });
    }
    await this.#begin("makeDirectory", path, options);
    this.#folderAt(path);
  }

  async removeFile(path: string, options: CallOptions = {}): Promise<void> {
    await this.#begin("removeFile", path, options);
    const node = this.#live(path);
    if (node === undefined) throw new FileNotFoundError(`Cannot delete "${path}": there is no such file`);
    if (node.kind === "directory") throw new ConflictError(`Cannot delete "${path}": it is a folder`);
    node.isTrashed = true;
  }

  async purge(path: string, options: CallOptions = {}): Promise<void> {
    if (path === "") throw new UsageError("Cannot purge: it is the whole mountpoint");
    await this.#begin("purge", path, options);
    const node = this.#live(path);
    if (node === undefined) {
      throw new DirectoryNotFoundError(`Cannot purge "${path}": there is no such folder`);
    }
    if (node.kind === "file") throw new ConflictError(`Cannot purge "${path}": it is a file`);
    trashAll(node);
  }

  async allocate(request: UploadRequest, options: CallOptions = {}): Promise<UploadSlot> {
    await this.#begin("allocate", request.path, options);
    const file = this.#fileAt(request.path);
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
    const node = this.#live(file.path);
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

  #find(path: string): FileNode | FolderNode | undefined {
    let node: FileNode | FolderNode | undefined = this.#root;
    for (const name of path === "" ? [] : path.split("/")) {
      node = node?.kind === "directory" ? node.children.get(foldName(name)) : undefined;
    }
    return node;
  }

  #live(path: string): FileNode | FolderNode | undefined {
    const node = this.#find(path);
    return node !== undefined && isThere(node) ? node : undefined;
  }

  /** With its parents, made and revived as needed. */
  #folderAt(path: string): FolderNode {
    if (path === "") return this.#root;
    const { children } = this.#folderAt(parentOf(path));
    const name = nameOf(path);
    let node = children.get(foldName(name));
    if (node?.kind === "file" && isThere(node)) {
      throw new ConflictError(`Cannot make "${path}": a file is in the way`);
    }
    if (node?.kind !== "directory") children.set(foldName(name), node = folder(name));
    node.isTrashed = false;
    return node;
  }

  #fileAt(path: string): FileNode {
    const { children } = this.#folderAt(parentOf(path));
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

function folder(name: string): FolderNode {
  return { kind: "directory", name, isTrashed: false, children: new Map() };
}

function isThere(node: FileNode | FolderNode): boolean {
  return !node.isTrashed && (node.kind === "directory" || node.content !== undefined);
}

function trashAll(node: FileNode | FolderNode): void {
  node.isTrashed = true;
  if (node.kind === "directory") { for (const child of node.children.values()) trashAll(child); }
}

function setTimes(
  file: FileNode,
  times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
): void {
  file.modifiedAtMs = Math.floor(times.modifiedAtMs / 1000) * 1000;
  file.createdAtMs = Math.floor(times.createdAtMs / 1000) * 1000;
}

function entryOf(path: string, node: FileNode | FolderNode): FileEntry | DirectoryEntry {
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
