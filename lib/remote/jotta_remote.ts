/** A folder of a Jottacloud account as a tree: which verb is which request of the service. */
import { ConflictError, FileNotFoundError, IntegrityError, ProtocolError, UsageError } from "../errors.ts";
import type { JfsRequest } from "../jfs/client.ts";
import { toWholeSecondMs } from "../jfs/time.ts";
import type {
  CallOptions,
  DirectFileWork,
  DirectoryEntry,
  DirectWork,
  Entry,
  FileEntry,
  Md5Options,
  ReadOptions,
  RemoveOptions,
  SpaceUsage,
  Tree,
  TreeFeatures,
  WalkAllOptions,
} from "../tree/tree.ts";
import { FastList } from "./fast_list.ts";
import { contentOf, hasSameTime, isSameFile } from "./file_content.ts";
import { JottaCalls, type JottaPlace } from "./jotta_calls.ts";
import { listFolder, lookUp, RENAME_HINT } from "./look.ts";
import { makeLink, removeLink } from "./public_link.ts";
import { purgeFolder, type RemovalOptions, removeEmptyFolder, removeFile } from "./removal.ts";
import type { FastListOptions, Remote, TrashCount, UploadRequest, UploadSlot } from "./remote.ts";
import { copyFile, type Ends, moveDirectory, moveFile } from "./server_side.ts";
import { createRepairs, type RemoteRepairs } from "./repairs.ts";
import { requireStorableTimes } from "./storable_times.ts";
import { allocate } from "./upload_slot.ts";
import { allocateVersionless } from "./versionless.ts";

export interface JottaRemoteOptions extends JottaPlace {
  /** What is deleted is gone for good, with all its versions; without it, it goes to the trash. */
  readonly hardDelete?: boolean;
  /** What an upload replaces is gone with all its versions; without it, it becomes an older version. */
  readonly noVersions?: boolean;
  /** Bytes: up to this size a file is sent anew where an earlier run broke off; none by default. */
  readonly uploadResumeLimit?: number | undefined;
}

export class JottaRemote implements Remote {
  readonly side = "remote";
  readonly label: string;
  readonly identity: string;
  readonly features: TreeFeatures = { caseInsensitive: true, foldsUnicode: false, knowsMd5: true };
  readonly #calls: JottaCalls;
  readonly #hardDelete: boolean;
  readonly #noVersions: boolean;
  readonly #resumeLimit: number;
  readonly #options: JottaRemoteOptions;
  #fastList: FastList | undefined;

  constructor(options: JottaRemoteOptions, calls: JottaCalls = new JottaCalls(options)) {
    this.#options = options;
    this.#calls = calls;
    this.#hardDelete = options.hardDelete ?? false;
    this.#noVersions = options.noVersions ?? false;
    this.#resumeLimit = options.uploadResumeLimit ?? 0;
    this.label = options.label;
    this.identity = this.#calls.paths.identity;
  }

  get repairs(): RemoteRepairs | undefined {
    return this.#calls.paths.showsTrash ? undefined : createRepairs(this.#calls);
  }

  list(path: string, options: CallOptions = {}): Promise<Entry[]> {
    return this.#fastList?.list(path, options) ?? listFolder(this.#calls, path, options);
  }

  walkAll(options: WalkAllOptions): AsyncIterable<Entry> | undefined {
    return this.#fastList?.walkAll(options);
  }

  fastListed(options: FastListOptions): Remote {
    if (this.#calls.paths.showsTrash) return this;
    // The same calls: names of other programs, once listed, can be asked for.
    const remote = new JottaRemote(this.#options, this.#calls);
    remote.#fastList = new FastList(this.#calls, options);
    return remote;
  }

  stat(path: string, options: CallOptions = {}): Promise<FileEntry | DirectoryEntry | undefined> {
    return lookUp(this.#calls, path, options);
  }

  async open(file: FileEntry, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const offset = options.offset ?? 0;
    if (offset >= file.size) return emptyStream();
    const request = this.#request(file.path, `download ${this.#quote(file.path)}`, options);
    const unreachable = this.#calls.paths.unreachableReason(file.path);
    if (unreachable !== undefined) {
      throw new FileNotFoundError(`Cannot ${request.action}: ${unreachable}`, { hint: RENAME_HINT });
    }
    return await (await this.#calls.jfs(options)).download(request, offset);
  }

  md5(file: FileEntry, _options?: Md5Options): Promise<string> {
    if (file.md5 !== undefined) return Promise.resolve(file.md5);
    return Promise.reject(
      new ProtocolError(`Cannot read the MD5 of ${this.#quote(file.path)}: the service does not tell it`),
    );
  }

  async makeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    const action = `make the folder ${this.#quote(path)}`;
    const refused = this.refusedReason(path);
    if (refused !== undefined) throw new UsageError(`Cannot ${action}: ${refused}`, { code: "name-refused" });
    const existing = await this.stat(path, options);
    if (existing?.kind === "file") {
      throw new ConflictError(`Cannot ${action}: a file of that name is in the way`);
    }
    if (existing !== undefined) return;
    await this.#calls.command(this.#request(path, action, options), "mkDir");
  }

  async removeFile(path: string, options: RemoveOptions = {}): Promise<void> {
    await removeFile(this.#calls, path, this.#removal(options));
  }

  async removeDirectory(path: string, options: RemoveOptions = {}): Promise<void> {
    await removeEmptyFolder(this.#calls, path, this.#removal(options));
  }

  async purge(path: string, options: CallOptions = {}): Promise<void> {
    await purgeFolder(this.#calls, path, this.#removal(options));
  }

  #removal({ signal, expected, toTrash = false }: RemoveOptions): RemovalOptions {
    return { signal, expected, isForGood: this.#hardDelete && !toTrash };
  }

  allocate(request: UploadRequest, options: CallOptions = {}): Promise<UploadSlot> {
    const allocateSlot = this.#noVersions ? allocateVersionless : allocate;
    return allocateSlot(this.#calls, request, { ...options, resumeLimit: this.#resumeLimit });
  }

  refusedReason(path: string): string | undefined {
    return this.#calls.paths.refusedReason(path);
  }

  async setTimes(
    file: FileEntry,
    times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
    options: CallOptions = {},
  ): Promise<void> {
    const request = this.#request(file.path, `set the time of ${this.#quote(file.path)}`, options);
    requireStorableTimes(request.action, times);
    // What is there now, not what was listed: the MD5 of older content would bring that back, even from the trash.
    const content = contentOf(await this.#calls.find(request));
    if (content === undefined) {
      const reason = this.#calls.paths.unreachableReason(file.path) ?? "there is no such file";
      throw new FileNotFoundError(`Cannot ${request.action}: ${reason}`);
    }
    await this.#calls.retrying(
      async () => (await this.#calls.jfs(options)).copyByHash(request, content, times),
      options,
    );
    // The answer may describe a file that is not complete (API reference 5.8).
    const found = await this.#calls.find(request);
    const wanted = { ...content, createdAtMs: undefined, modifiedAtMs: toWholeSecondMs(times.modifiedAtMs) };
    if (isSameFile(found, wanted) && hasSameTime(found, wanted)) return;
    throw new IntegrityError(`Cannot ${request.action}: the service has something else there afterwards`, {
      retry: "never",
    });
  }

  canTakeFrom(source: Tree): boolean {
    return source instanceof JottaRemote && source.#calls.account === this.#calls.account &&
      !source.#calls.paths.showsTrash;
  }

  async moveFile(work: DirectFileWork, options: CallOptions = {}): Promise<void> {
    await moveFile(this.#ends(work, options), options);
  }

  async copyFile(work: DirectFileWork, options: CallOptions = {}): Promise<void> {
    await copyFile(this.#ends(work, options), options);
  }

  async moveDirectory(work: DirectWork, options: CallOptions = {}): Promise<void> {
    await moveDirectory(this.#ends(work, options), options);
  }

  #ends({ source, from, to, overwrite = false }: DirectFileWork, options: CallOptions): Ends {
    if (!(source instanceof JottaRemote) || !this.canTakeFrom(source)) {
      throw new Error(`"${source.label}" is of another account than "${this.label}"`);
    }
    return {
      from: source.#calls,
      fromPath: from,
      to: this.#calls,
      toPath: to,
      overwrite,
      removeSource: () => source.removeFile(from, { toTrash: true }),
      makeDirectory: (path) => this.makeDirectory(path, options),
    };
  }

  makeLink(path: string, options: CallOptions = {}): Promise<string> {
    return makeLink(this.#calls, path, options);
  }

  removeLink(path: string, options: CallOptions = {}): Promise<void> {
    return removeLink(this.#calls, path, options);
  }

  countTrash(options: CallOptions = {}): Promise<TrashCount> {
    return this.#calls.account.countTrash(options.signal);
  }

  emptyTrash(options: CallOptions = {}): Promise<TrashCount> {
    return this.#calls.account.emptyTrash(options.signal);
  }

  async about(options: CallOptions = {}): Promise<SpaceUsage> {
    const { account } = this.#calls;
    const { capacity, usage } = await this.#calls.retrying(() => account.user(options.signal), options);
    return {
      totalBytes: capacity,
      usedBytes: usage,
      freeBytes: capacity === undefined ? undefined : Math.max(0, capacity - usage),
    };
  }

  #request(path: string, action: string, options: CallOptions): JfsRequest {
    return this.#calls.request(path, action, options);
  }

  #quote(path: string): string {
    return this.#calls.quote(path);
  }
}

function emptyStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
