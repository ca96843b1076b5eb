/**
 * A directory of this computer as a tree. Names on disk and standard names are mapped by `names/`; what the system
 * refuses is told by the file system edge. Symbolic links are listed as special and neither followed nor changed below
 * the root; a path that the user names himself (`stat`, `open`) may be one.
 */
import type { Edges, ListedItem, OpenFile, Platform } from "../edges.ts";
import { ConflictError, DirectoryNotFoundError, FileNotFoundError, LocalError } from "../errors.ts";
import { md5OfFile } from "../hash/file_md5.ts";
import type { LocalNames } from "../names/local_name.ts";
import {
  type CallOptions,
  type DirectFileWork,
  type DirectoryEntry,
  type DirectWork,
  type Entry,
  type FileEntry,
  joinPath,
  type LookOptions,
  type Md5Options,
  type ReadOptions,
  type SpaceUsage,
  type Tree,
  type TreeFeatures,
} from "../tree/tree.ts";
import { toEntries, toEntry } from "./entries.ts";
import { assertUnchanged, createFileStream } from "./file_stream.ts";
import { moveLocalDirectory, moveLocalFile } from "./local_move.ts";
import { createLocalPaths, type LocalPaths } from "./local_path.ts";
import type { LocalTree, PendingFile } from "./local_tree.ts";
import { createPendingFile } from "./pending_file.ts";

export interface DiskTreeEdges extends Pick<Edges, "fileSystem" | "random"> {
  readonly platform: Pick<Platform, "os">;
}

export interface DiskTreeOptions {
  /** Absolute path of the directory, in the platform's own form; it need not exist yet. */
  readonly root: string;
  /** The same place without symbolic links, where it can be reached through some; `root` by default. */
  readonly realRoot?: string;
  /** As the user wrote it. */
  readonly label: string;
  readonly names: LocalNames;
}

export class DiskTree implements LocalTree {
  readonly side = "local";
  readonly label: string;
  readonly identity: string;
  readonly features: TreeFeatures;
  readonly #edges: Pick<Edges, "fileSystem" | "random">;
  readonly #root: string;
  readonly #names: LocalNames;
  readonly #paths: LocalPaths;

  constructor(edges: DiskTreeEdges, options: DiskTreeOptions) {
    this.#edges = edges;
    this.#root = options.root;
    this.#names = options.names;
    this.#paths = createLocalPaths(edges.platform.os);
    this.label = options.label;
    const place = options.realRoot ?? options.root;
    this.identity = `local:${this.#paths.join(place, "/").replaceAll("\\", "/").replace(/\/+$/, "")}/`;
    const { os } = edges.platform;
    this.features = { caseInsensitive: os !== "linux", foldsUnicode: os === "darwin", knowsMd5: false };
  }

  async list(path: string, options: LookOptions = {}): Promise<Entry[]> {
    const localPath = this.#localPath(path);
    const items: ListedItem[] = [];
    try {
      for await (const batch of this.#edges.fileSystem.listDirectory(localPath, options)) {
        options.signal?.throwIfAborted();
        items.push(...batch);
      }
    } catch (error) {
      throw error instanceof FileNotFoundError ? directoryNotFound("list", localPath, error) : error;
    }
    return toEntries(items, {
      toPath: (name) => joinPath(path, this.#names.toStandard(name)),
      toLocalPath: (name) => this.#paths.join(localPath, name),
    });
  }

  async stat(path: string, options: LookOptions = {}): Promise<FileEntry | DirectoryEntry | undefined> {
    options.signal?.throwIfAborted();
    const localPath = this.#localPath(path);
    const info = await this.#edges.fileSystem.stat(localPath, options).catch(undefinedIfNothingThere);
    if (info === undefined) return undefined;
    const entry = toEntry(path, info);
    if (entry.kind === "special") throw wrongKind("read", localPath, entry.reason);
    return entry;
  }

  async open(file: FileEntry, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    options.signal?.throwIfAborted();
    const path = this.#localPath(file.path);
    const offset = options.offset ?? 0;
    const opened = await this.#openUnchanged(file, path);
    try {
      if (offset > 0) await opened.seek(offset);
      return createFileStream(opened, { entry: file, path, offset, signal: options.signal });
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  async md5(file: FileEntry, options: Md5Options = {}): Promise<string> {
    options.signal?.throwIfAborted();
    const path = this.#localPath(file.path);
    using opened = await this.#openUnchanged(file, path);
    const { md5, size } = await md5OfFile(opened, { ...options, expectedSize: file.size });
    assertUnchanged({ ...await opened.stat(), size }, file, path);
    return md5;
  }

  /** Looked at before, because opening a pipe may take for ever, and after, because it may be another one by then. */
  async #openUnchanged(file: FileEntry, path: string): Promise<OpenFile> {
    assertUnchanged(await this.#edges.fileSystem.stat(path), file, path);
    const opened = await this.#edges.fileSystem.open(path, { read: true });
    try {
      assertUnchanged(await opened.stat(), file, path);
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  async makeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    await this.#edges.fileSystem.makeDirectory(this.#localPath(path));
  }

  async about(options: CallOptions = {}): Promise<SpaceUsage> {
    options.signal?.throwIfAborted();
    try {
      return await this.#edges.fileSystem.space(this.#root);
    } catch (error) {
      throw error instanceof FileNotFoundError
        ? directoryNotFound("tell the space of", this.#root, error)
        : error;
    }
  }

  async removeFile(path: string, options: CallOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const localPath = this.#localPath(path);
    const info = await this.#edges.fileSystem.lstat(localPath);
    if (info.kind === "directory") throw wrongKind("remove", localPath, "it is a directory");
    await this.#edges.fileSystem.remove(localPath);
  }

  async removeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    await this.#edges.fileSystem.remove(await this.#existingDirectory(path, options));
  }

  async purge(path: string, options: CallOptions = {}): Promise<void> {
    await this.#edges.fileSystem.remove(await this.#existingDirectory(path, options), { recursive: true });
  }

  /** Its local path; a link to a directory is none. */
  async #existingDirectory(path: string, options: CallOptions): Promise<string> {
    options.signal?.throwIfAborted();
    const localPath = this.#localPath(path);
    const info = await this.#edges.fileSystem.lstat(localPath).catch(undefinedIfNothingThere);
    if (info === undefined) throw directoryNotFound("remove", localPath);
    if (info.kind !== "directory") throw wrongKind("remove", localPath, "it is not a directory");
    return localPath;
  }

  async beginWrite(path: string, _size: number, options: CallOptions = {}): Promise<PendingFile> {
    options.signal?.throwIfAborted();
    const localPath = this.#localPath(path);
    // Before the download rather than at its end; this also finds names that are too long.
    const info = await this.#edges.fileSystem.lstat(localPath).catch(undefinedIfNothingThere);
    if (info?.kind === "directory") throw wrongKind("write", localPath, "it is a directory");
    return await createPendingFile(this.#edges, { path: localPath, paths: this.#paths });
  }

  async setTimes(path: string, modifiedAtMs: number, options: CallOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    await this.#edges.fileSystem.setTimes(this.#localPath(path), modifiedAtMs);
  }

  canTakeFrom(source: Tree): boolean {
    return source instanceof DiskTree;
  }

  async moveFile({ source, from, to, overwrite }: DirectFileWork, options: CallOptions = {}): Promise<void> {
    if (!(source instanceof DiskTree)) throw new Error(`"${source.label}" is no place of this machine`);
    await moveLocalFile(this.#edges.fileSystem, {
      from: source.#localPath(from),
      to: this.#localPath(to),
      paths: this.#paths,
      overwrite,
      ...options,
    });
  }

  async moveDirectory({ source, from, to }: DirectWork, options: CallOptions = {}): Promise<void> {
    if (!(source instanceof DiskTree)) throw new Error(`"${source.label}" is no place of this machine`);
    await moveLocalDirectory(this.#edges.fileSystem, {
      from: source.#localPath(from),
      to: this.#localPath(to),
      paths: this.#paths,
      ...options,
    });
  }

  /** Never leads out of the root, whatever names a service sends. */
  #localPath(path: string): string {
    if (path === "") return this.#root;
    return path.split("/").reduce((directory, standardName) => {
      const name = this.#names.fromStandard(standardName);
      if (this.#paths.isName(name) && name.isWellFormed()) return this.#paths.join(directory, name);
      throw new LocalError(`Cannot use "${path}": "${name}" cannot be the name of a file on this computer`, {
        data: { path },
      });
    }, this.#root);
  }
}

/** Also when a file stands where a parent directory would be. */
function undefinedIfNothingThere(error: unknown): undefined {
  if (error instanceof FileNotFoundError) return undefined;
  if (error instanceof ConflictError && error.data.osCode === "ENOTDIR") return undefined;
  throw error;
}

function directoryNotFound(verb: string, path: string, cause?: unknown): DirectoryNotFoundError {
  return new DirectoryNotFoundError(`Cannot ${verb} "${path}": no such directory`, { cause, data: { path } });
}

function wrongKind(verb: string, path: string, state: string): ConflictError {
  return new ConflictError(`Cannot ${verb} "${path}": ${state}`, { data: { path } });
}
