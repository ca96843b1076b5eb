/**
 * A directory of this computer as a tree. Names on disk and standard names are mapped by `names/`; what the system
 * refuses is told by the file system edge. What symbolic links below the root are, the rules say; unless they are
 * followed, nothing is written or removed through one. A path that the user names himself (`stat`, `open`) may be one.
 */
import type { Edges, FileInfo, ListedItem, OpenFile, Platform } from "../edges.ts";
import { FileNotFoundError, LocalError } from "../errors.ts";
import { md5OfBytes } from "../hash/md5.ts";
import type { LocalNames } from "../names/local_name.ts";
import type { HashCache } from "../store/hash_cache.ts";
import { requireStill } from "../tree/still.ts";
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
  type RemoveOptions,
  type SpaceUsage,
  type Tree,
  type TreeFeatures,
} from "../tree/tree.ts";
import { md5OfDiskFile } from "./disk_md5.ts";
import { DiskPlaces } from "./disk_places.ts";
import { DiskWrites } from "./disk_writes.ts";
import { deviceOf, toEntries, toEntry } from "./entries.ts";
import { assertUnchanged, createFileStream } from "./file_stream.ts";
import { assertSameLink, readLinkFile, takenForLink } from "./link_file.ts";
import { resolveLinks } from "./listed_links.ts";
import { moveLocalDirectory, moveLocalFile } from "./local_move.ts";
import { createLocalPaths, type LocalPaths } from "./local_path.ts";
import { type LocalRules, PLAIN_LOCAL_RULES } from "./local_rules.ts";
import type { LocalTree, PendingFile, WriteOptions } from "./local_tree.ts";
import { directoryNotFound, lookAt, undefinedIfNothingThere, wrongKind } from "./look.ts";

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
  /** Of links, file systems and writing; without them links are left out, and files written beside and renamed. */
  readonly rules?: LocalRules;
  /** Where MD5s are kept for later runs; without it each is computed. */
  readonly hashes?: HashCache | undefined;
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
  readonly #rules: LocalRules;
  readonly #places: DiskPlaces;
  readonly #writes: DiskWrites;
  readonly #hashes: HashCache | undefined;

  constructor(edges: DiskTreeEdges, options: DiskTreeOptions) {
    const { root, names, rules = PLAIN_LOCAL_RULES } = options;
    const paths = createLocalPaths(edges.platform.os);
    this.#edges = edges;
    this.#root = root;
    this.#names = names;
    this.#paths = paths;
    this.#rules = rules;
    this.#places = new DiskPlaces({ fileSystem: edges.fileSystem, root, names, paths, rules });
    const { fileSystem, random } = edges;
    this.#writes = new DiskWrites({ fileSystem, random, places: this.#places, paths, rules });
    this.#hashes = options.hashes;
    this.label = options.label;
    const place = options.realRoot ?? root;
    this.identity = `local:${paths.join(place, "/").replaceAll("\\", "/").replace(/\/+$/, "")}/`;
    const { os } = edges.platform;
    this.features = { caseInsensitive: os !== "linux", foldsUnicode: os === "darwin", knowsMd5: false };
  }

  async list(path: string, options: LookOptions = {}): Promise<Entry[]> {
    const localPath = this.#places.at(path);
    const { fileSystem } = this.#edges;
    const { links, staysOnFileSystem, writing } = this.#rules;
    const items: ListedItem[] = [];
    try {
      for await (const batch of fileSystem.listDirectory(localPath, options)) {
        options.signal?.throwIfAborted();
        items.push(...batch);
      }
    } catch (error) {
      throw error instanceof FileNotFoundError ? directoryNotFound("list", localPath, error) : error;
    }
    const toLocalPath = (name: string) => this.#paths.join(localPath, name);
    const chain = this.#places.chain(path);
    return toEntries(await resolveLinks(fileSystem, items, { ...options, links, toLocalPath, chain }), {
      toPath: (name) => joinPath(path, this.#names.toStandard(name)),
      toLocalPath,
      links,
      partialSuffix: writing.partialSuffix,
      device: staysOnFileSystem ? deviceOf(await fileSystem.stat(this.#root)) : undefined,
    });
  }

  async stat(path: string, options: LookOptions = {}): Promise<FileEntry | DirectoryEntry | undefined> {
    options.signal?.throwIfAborted();
    const { fileSystem } = this.#edges;
    const link = this.#places.ofLink(path);
    const linkInfo = link === undefined ? undefined : await lookAt(fileSystem, link);
    if (link !== undefined && linkInfo?.kind === "symlink") {
      const { info } = await readLinkFile(fileSystem, link, linkInfo);
      return toEntry(path, info) as FileEntry;
    }
    const localPath = this.#places.at(path);
    const info = await fileSystem.stat(localPath, options).catch(undefinedIfNothingThere);
    if (info === undefined) return undefined;
    const entry = toEntry(path, info);
    if (entry.kind === "special") throw wrongKind("read", localPath, entry.reason);
    if (entry.kind === "file" && link !== undefined) throw takenForLink(localPath);
    return entry;
  }

  async open(file: FileEntry, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    options.signal?.throwIfAborted();
    const offset = options.offset ?? 0;
    const text = await this.#linkText(file);
    if (text !== undefined) return ReadableStream.from(offset < text.length ? [text.subarray(offset)] : []);
    const path = this.#places.at(file.path);
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
    const text = await this.#linkText(file);
    if (text !== undefined) {
      options.onBytes?.(text.length);
      return md5OfBytes(text);
    }
    const path = this.#places.at(file.path);
    const { fileSystem } = this.#edges;
    const open = () => this.#openUnchanged(file, path);
    return await md5OfDiskFile({ fileSystem, hashes: this.#hashes, path, entry: file, open }, options);
  }

  /** Content of a file that stands for a link; undefined for any other. */
  async #linkText(file: FileEntry): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const path = this.#places.ofLink(file.path);
    if (path === undefined) return undefined;
    const link = await readLinkFile(this.#edges.fileSystem, path);
    assertSameLink(link, file, path);
    return link.bytes;
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
    await this.#places.make(path);
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

  async removeFile(path: string, options: RemoveOptions = {}): Promise<void> {
    const { localPath, info } = await this.#existing(path, options);
    if (info.kind === "directory") throw wrongKind("remove", localPath, "it is a directory");
    if (options.expected !== undefined) {
      requireStill(options.expected, await this.stat(path, options), `remove "${localPath}"`);
    }
    await this.#edges.fileSystem.remove(localPath);
  }

  /** Where links are followed, one to an empty directory is removed as such; the directory stays. */
  async removeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    await this.#edges.fileSystem.remove(await this.#existingDirectory(path, options));
  }

  async purge(path: string, options: CallOptions = {}): Promise<void> {
    await this.#edges.fileSystem.remove(await this.#existingDirectory(path, options), { recursive: true });
  }

  /** A file (or the link it stands for) that is to be changed. */
  async #existing(path: string, options: CallOptions): Promise<{ localPath: string; info: FileInfo }> {
    options.signal?.throwIfAborted();
    await this.#places.assertReal(path);
    const link = this.#places.ofLink(path);
    const localPath = link ?? this.#places.at(path);
    const info = await this.#edges.fileSystem.lstat(localPath);
    if (link !== undefined && info.kind !== "symlink") {
      throw new FileNotFoundError(`Cannot find "${link}": it is no symbolic link`, { data: { path: link } });
    }
    return { localPath, info };
  }

  /** Its local path; a link to a directory is none, unless links are followed and the directory is empty. */
  async #existingDirectory(path: string, options: CallOptions): Promise<string> {
    options.signal?.throwIfAborted();
    await this.#places.assertReal(path);
    const localPath = this.#places.at(path);
    const { fileSystem } = this.#edges;
    const info = await lookAt(fileSystem, localPath);
    if (info === undefined) throw directoryNotFound("remove", localPath);
    if (info.kind === "symlink" && this.#rules.links === "follow") {
      if ((await fileSystem.readDirectory(localPath)).length === 0) return localPath;
      throw wrongKind("remove", localPath, "the directory that it leads to is not empty");
    }
    if (info.kind !== "directory") throw wrongKind("remove", localPath, "it is not a directory");
    return localPath;
  }

  async beginWrite(path: string, size: number, options: WriteOptions = {}): Promise<PendingFile> {
    options.signal?.throwIfAborted();
    return await this.#writes.begin(path, { size, content: options.content });
  }

  async removeUnfinished(path: string, options: { readonly withResumable: boolean }): Promise<boolean> {
    return await this.#writes.removeUnfinished(path, options);
  }

  async flush(path: string, options: CallOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    await this.#writes.flush(path);
  }

  async identityOf(path: string): Promise<string | undefined> {
    return (await this.#existing(path, {})).info.identity;
  }

  async placeOf(path: string): Promise<string> {
    return await this.#places.realOf(path);
  }

  async leadsInto(path: string, other: Tree): Promise<boolean> {
    return other.side === "local" && await this.#places.leadInto(path, other.identity.slice("local:".length));
  }

  async setTimes(path: string, modifiedAtMs: number, options: CallOptions = {}): Promise<void> {
    const { localPath } = await this.#existing(path, options);
    const { fileSystem } = this.#edges;
    if (this.#places.ofLink(path) !== undefined) await fileSystem.setLinkTimes(localPath, modifiedAtMs);
    else await fileSystem.setTimes(localPath, modifiedAtMs);
  }

  canTakeFrom(source: Tree): boolean {
    return source instanceof DiskTree;
  }

  async moveFile({ source, from, to, overwrite }: DirectFileWork, options: CallOptions = {}): Promise<void> {
    if (!(source instanceof DiskTree)) throw new Error(`"${source.label}" is no place of this machine`);
    const link = this.#places.ofLink(to);
    const target = link ?? this.#places.at(to);
    const { localPath } = await source.#existing(from, options);
    await this.#places.assertReal(to);
    if ((source.#places.ofLink(from) === undefined) !== (link === undefined)) {
      throw new LocalError(`Cannot move "${localPath}" to "${target}": only one of them is a symbolic link`, {
        code: "other-disk",
      });
    }
    await moveLocalFile(this.#edges.fileSystem, {
      from: localPath,
      to: target,
      paths: this.#paths,
      overwrite,
      ...options,
    });
  }

  async moveDirectory({ source, from, to }: DirectWork, options: CallOptions = {}): Promise<void> {
    if (!(source instanceof DiskTree)) throw new Error(`"${source.label}" is no place of this machine`);
    await source.#places.assertReal(from);
    await this.#places.assertReal(to);
    await moveLocalDirectory(this.#edges.fileSystem, {
      from: source.#places.at(from),
      to: this.#places.at(to),
      paths: this.#paths,
      ...options,
    });
  }
}
