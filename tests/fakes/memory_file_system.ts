/**
 * A disk in memory with `/` paths: keeps files, directories, links, modes and times. Two things make it useful
 * beyond that. `beforeOperation` is asked before each operation and can throw what the disk shall fail with. And
 * the disk knows what is durable: `crash` throws away what was not flushed - content that was not synced, names
 * whose directory was not synced - or, like a real disk, only some of it.
 *
 * Left out: hard links, permission checks, and the durability of directories themselves (a new one is kept).
 */
import type {
  DirectoryItem,
  DiskSpace,
  FileInfo,
  FileSystem,
  ListedItem,
  OpenFile,
  OpenMode,
  StatOptions,
} from "../../lib/edges.ts";
import { exactInfoOf, infoOf, MemoryFile, type Node } from "./memory_file.ts";
import type { Disk, Operation } from "./memory_disk.ts";
import { conflict, localFailure, missing } from "./memory_failures.ts";
import { parentOf, resolveOnDisk } from "./memory_paths.ts";

export { localFailure, type Operation };

export class MemoryFileSystem implements FileSystem {
  readonly #disk: Disk;

  constructor(options: { readonly nowMs?: () => number; readonly foldsCase?: boolean } = {}, disk?: Disk) {
    this.#disk = disk ?? {
      entries: new Map(),
      durable: new Map(),
      locks: new Set(),
      fileLocks: new Map(),
      nextId: 1,
      operations: 0,
      beforeOperation: () => {},
      nowMs: options.nowMs ?? (() => 0),
      foldsCase: options.foldsCase ?? false,
    };
    if (disk === undefined) this.#add("/", "directory", 0o755);
  }

  /** The same disk seen by another process. */
  asAnotherProcess(): MemoryFileSystem {
    return new MemoryFileSystem({}, this.#disk);
  }

  set beforeOperation(callback: (operation: Operation) => void) {
    this.#disk.beforeOperation = callback;
  }

  /** Operations so far. */
  get operations(): number {
    return this.#disk.operations;
  }

  /**
   * Power loss and restart: locks are gone, and of what was not flushed only that is kept for which `survives` says
   * so ("content" of the file or the "name" as it was, path given).
   */
  crash(survives: (what: "content" | "name", path: string) => boolean = () => false): void {
    const disk = this.#disk;
    const kept = new Map(disk.durable);
    for (const path of new Set([...disk.entries.keys(), ...disk.durable.keys()])) {
      const now = disk.entries.get(path);
      if (now === disk.durable.get(path) || !survives("name", path)) continue;
      if (now === undefined) kept.delete(path);
      else kept.set(path, now);
    }
    for (const [path, node] of kept) {
      if (!survives("content", path)) node.bytes = node.durableBytes;
      node.durableBytes = node.bytes;
    }
    disk.entries = kept;
    disk.durable = new Map(kept);
    disk.locks.clear();
    disk.fileLocks.clear();
    disk.beforeOperation = () => {};
  }

  /** Puts a durable file there, with its directories. */
  put(path: string, content: string | Uint8Array, options: { readonly mode?: number } = {}): void {
    this.#addParents(path, 0o755);
    const node = this.#add(path, "file", options.mode ?? 0o644);
    node.bytes = typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);
    node.durableBytes = node.bytes;
    this.#disk.durable.set(path, node);
  }

  putLink(path: string, target: string): void {
    this.#addParents(path, 0o755);
    this.#disk.durable.set(path, this.#add(path, "symlink", 0o777, target));
  }

  /** Makes a directory that is on a disk of its own. */
  mount(path: string): void {
    this.#addParents(path, 0o755);
    this.#add(path, "directory", 0o755).device = this.#disk.nextId;
  }

  /** The content as the running system sees it; undefined when there is no file. */
  peek(path: string): string | undefined {
    const node = this.#disk.entries.get(path);
    return node?.kind === "file" ? new TextDecoder().decode(node.bytes) : undefined;
  }

  /** Every path, sorted. */
  paths(): string[] {
    return [...this.#disk.entries.keys()].sort();
  }

  open(path: string, mode: OpenMode): Promise<OpenFile> {
    return this.#run("open", path, () => {
      const real = this.#resolve(path);
      let node = this.#disk.entries.get(real);
      if (mode.createNew && (node !== undefined || real !== this.#resolve(path, false))) {
        throw conflict("write", path, "it exists already");
      }
      if (node === undefined) {
        if (!mode.create && !mode.createNew) throw missing("read", path);
        this.#requireDirectory(real);
        node = this.#add(real, "file", mode.mode ?? 0o644);
      }
      if (node.kind !== "file") throw conflict("open", path, "it is a directory");
      if (mode.truncate) this.#write(node, new Uint8Array());
      return new MemoryFile(this, node, { path, append: mode.append ?? false });
    });
  }

  stat(path: string, { changeTime = false }: StatOptions = {}): Promise<FileInfo> {
    const toInfo = changeTime ? exactInfoOf : infoOf;
    return this.#run("stat", path, () => toInfo(this.#find(this.#resolve(path), path)));
  }

  lstat(path: string): Promise<FileInfo> {
    return this.#run("lstat", path, () => infoOf(this.#find(this.#resolve(path, false), path)));
  }

  readDirectory(path: string): Promise<DirectoryItem[]> {
    return this.#run(
      "readDirectory",
      path,
      () => this.#list(path).map(([name, { kind }]) => ({ name, kind })),
    );
  }

  async *listDirectory(path: string): AsyncIterable<readonly ListedItem[]> {
    yield await this.#run(
      "readDirectory",
      path,
      () => this.#list(path).map(([name, node]) => ({ name, info: infoOf(node) })),
    );
  }

  makeDirectory(path: string, options: { readonly mode?: number } = {}): Promise<void> {
    return this.#run("makeDirectory", path, () => {
      const real = this.#resolve(path);
      const node = this.#disk.entries.get(real);
      if (node?.kind === "file") throw conflict("make the directory", path, "it exists already");
      if (node !== undefined) return;
      this.#addParents(`${real}/x`, options.mode ?? 0o755);
    });
  }

  readText(path: string): Promise<string> {
    return this.#run("readText", path, () => {
      const node = this.#find(this.#resolve(path), path);
      if (node.kind !== "file") throw conflict("read", path, "it is a directory");
      return new TextDecoder().decode(node.bytes);
    });
  }

  readLink(path: string): Promise<string> {
    return this.#run("readLink", path, () => {
      const node = this.#find(this.#resolve(path, false), path);
      if (node.kind !== "symlink") throw localFailure("EINVAL", path);
      return node.target;
    });
  }

  makeLink(path: string, target: string): Promise<void> {
    return this.#run("makeLink", path, () => {
      const real = this.#resolve(path, false);
      if (this.#disk.entries.has(real)) throw conflict("write", path, "it exists already");
      this.#requireDirectory(real);
      this.#add(real, "symlink", 0o777, target);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#run("rename", to, () => {
      const [source, target] = [this.#resolve(from, false), this.#resolve(to, false)];
      const node = this.#find(source, from);
      const existing = this.#disk.entries.get(target);
      if (this.#deviceAt(parentOf(target)) !== node.device) throw localFailure("EXDEV", to);
      if (existing?.kind === "directory" && node.kind !== "directory") {
        throw conflict("write", to, "it is a directory");
      }
      this.#requireDirectory(target);
      const below = [...this.#disk.entries].filter(([path]) => path.startsWith(`${source}/`));
      const newPath = `${parentOf(target)}/${to.split("/").at(-1)}`.replace("//", "/");
      this.#disk.entries.delete(target);
      this.#noteChange(node);
      for (const [path, child] of [[source, node] as const, ...below]) {
        this.#disk.entries.delete(path);
        this.#disk.entries.set(newPath + path.slice(source.length), child);
      }
    });
  }

  remove(path: string, options: { readonly recursive?: boolean } = {}): Promise<void> {
    return this.#run("remove", path, () => {
      const real = this.#resolve(path, false);
      this.#find(real, path);
      const below = [...this.#disk.entries.keys()].filter((other) => other.startsWith(`${real}/`));
      if (below.length > 0 && !options.recursive) {
        throw conflict("remove", path, "the directory is not empty");
      }
      for (const gone of [real, ...below]) this.#disk.entries.delete(gone);
    });
  }

  setMode(path: string, mode: number): Promise<void> {
    return this.#run("setMode", path, () => {
      const node = this.#find(this.#resolve(path), path);
      node.mode = mode;
      this.#noteChange(node);
    });
  }

  copyOwner(example: string, path: string): Promise<void> {
    return this.#run("copyOwner", path, () => {
      for (const each of [example, path]) this.#find(this.#resolve(each), each);
    });
  }

  setTimes(path: string, modifiedAtMs: number): Promise<void> {
    return this.#run("setTimes", path, () => {
      this.setTimeOf(this.#find(this.#resolve(path), path), modifiedAtMs);
    });
  }

  setLinkTimes(path: string, modifiedAtMs: number): Promise<void> {
    return this.#run("setLinkTimes", path, () => {
      this.setTimeOf(this.#find(this.#resolve(path, false), path), modifiedAtMs);
    });
  }

  realPath(path: string): Promise<string> {
    return this.#run("realPath", path, () => {
      const real = this.#resolve(path);
      this.#find(real, path);
      return real;
    });
  }

  space(path: string): Promise<DiskSpace> {
    return this.#run("space", path, () => {
      this.#find(this.#resolve(path), path);
      return { totalBytes: 1_000_000, usedBytes: 400_000, freeBytes: 500_000 };
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.#run("syncDirectory", path, () => {
      const real = this.#resolve(path);
      const { entries, durable } = this.#disk;
      for (const known of [...durable.keys()]) {
        if (parentOf(known) === real && !entries.has(known)) durable.delete(known);
      }
      for (const [name, node] of entries) if (parentOf(name) === real) durable.set(name, node);
    });
  }

  tryLock(path: string): Promise<Disposable | undefined> {
    return this.#run("tryLock", path, () => {
      const real = this.#resolve(path);
      this.#requireDirectory(real);
      if (!this.#disk.entries.has(real)) this.#add(real, "file", 0o644);
      const { locks } = this.#disk;
      if (locks.has(real)) return undefined;
      locks.add(real);
      return { [Symbol.dispose]: () => void locks.delete(real) };
    });
  }

  /** For open files only. */
  async runOnFile<T>(name: string, path: string, work: () => T): Promise<T> {
    return await this.#run(name, path, work);
  }

  touch(node: Node, bytes: Uint8Array<ArrayBuffer>): void {
    this.#write(node, bytes);
  }

  setTimeOf(node: Node, modifiedAtMs: number): void {
    node.modifiedAtMs = modifiedAtMs;
    this.#noteChange(node);
  }

  /** Other bytes of the same number, and no time tells of it: what only a damaged disk or a lying clock does. */
  forge(path: string, content: string | Uint8Array): void {
    const node = this.#find(this.#resolve(path), path);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);
    if (bytes.length !== node.bytes.length) throw new Error(`"${path}" has ${node.bytes.length} bytes`);
    node.bytes = bytes;
  }

  lock(node: Node, file: object): boolean {
    const holder = this.#disk.fileLocks.get(node) ?? file;
    if (holder === file) this.#disk.fileLocks.set(node, file);
    return holder === file;
  }

  unlock(node: Node, file: object): void {
    if (this.#disk.fileLocks.get(node) === file) this.#disk.fileLocks.delete(node);
  }

  async #run<T>(name: string, path: string, work: () => T): Promise<T> {
    // A real disk answers later: whoever relies on an answer in the same turn fails here, too.
    await Promise.resolve();
    const disk = this.#disk;
    disk.beforeOperation({ name, path, index: ++disk.operations });
    return work();
  }

  #write(node: Node, bytes: Uint8Array<ArrayBuffer>): void {
    node.bytes = bytes;
    node.modifiedAtMs = this.#disk.nowMs();
    this.#noteChange(node);
  }

  #noteChange(node: Node): void {
    node.changedAtMs = this.#disk.nowMs();
  }

  #add(path: string, kind: Node["kind"], mode: number, target = ""): Node {
    const nowMs = this.#disk.nowMs();
    const bytes = new TextEncoder().encode(target);
    const id = this.#disk.nextId++;
    const node = {
      id,
      kind,
      target,
      bytes,
      durableBytes: bytes,
      mode,
      modifiedAtMs: nowMs,
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      device: this.#deviceAt(parentOf(path)),
    };
    this.#disk.entries.set(path, node);
    if (kind === "directory") this.#disk.durable.set(path, node);
    return node;
  }

  #deviceAt(directory: string): number {
    return this.#disk.entries.get(directory)?.device ?? 1;
  }

  #addParents(path: string, mode: number): void {
    const parts = path.split("/").slice(1, -1);
    for (let count = 1; count <= parts.length; count++) {
      const directory = `/${parts.slice(0, count).join("/")}`;
      if (!this.#disk.entries.has(directory)) this.#add(directory, "directory", mode);
    }
  }

  #find(real: string, shown: string): Node {
    const node = this.#disk.entries.get(real);
    if (node === undefined) throw missing("read", shown);
    return node;
  }

  #list(path: string): [string, Node][] {
    const real = this.#resolve(path);
    if (this.#find(real, path).kind !== "directory") throw conflict("list", path, "it is not a directory");
    return [...this.#disk.entries]
      .filter(([other]) => other !== "/" && parentOf(other) === real)
      .map(([other, node]) => [other.slice(other.lastIndexOf("/") + 1), node]);
  }

  #requireDirectory(real: string): void {
    if (this.#find(parentOf(real), real).kind !== "directory") {
      throw conflict("write", real, "it lies below something that is not a directory");
    }
  }

  /** With links followed, in the last part only when `last`; the result need not exist. */
  #resolve(path: string, last = true): string {
    const real = resolveOnDisk(path, { ...this.#disk, last });
    if (real === undefined) throw localFailure("ELOOP", path);
    return real;
  }
}
