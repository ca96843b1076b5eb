/**
 * A folder of a Jottacloud account as a tree. Decides what of the service's view is a file for our users: live,
 * completed files and live folders; what is trashed, incomplete or corrupt is not there (API reference 4.5, 5.1).
 */
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  IntegrityError,
  ProtocolError,
  UsageError,
} from "../errors.ts";
import type { JfsCommand, JfsDocument, JfsRequest } from "../jfs/client.ts";
import { toWholeSecondMs } from "../jfs/time.ts";
import type {
  CallOptions,
  DirectoryEntry,
  Entry,
  FileEntry,
  Md5Options,
  ReadOptions,
  SpaceUsage,
  Tree,
  TreeFeatures,
} from "../tree/tree.ts";
import { hasSameTime, isSameFile } from "./file_content.ts";
import { JottaCalls, type JottaPlace } from "./jotta_calls.ts";
import { makeLink, removeLink } from "./public_link.ts";
import type {
  Remote,
  ServerSideFileWork,
  ServerSideWork,
  TrashCount,
  UploadRequest,
  UploadSlot,
} from "./remote.ts";
import { fileEntry } from "./remote_paths.ts";
import { copyFile, type Ends, moveDirectory, moveFile } from "./server_side.ts";
import { requireStorableTimes } from "./storable_times.ts";
import { allocate } from "./upload_slot.ts";

const RENAME_HINT = "Rename it on the website";

export interface JottaRemoteOptions extends JottaPlace {
  /** What is deleted is gone for good, with all its versions; without it, it goes to the trash. */
  readonly hardDelete?: boolean;
}

export class JottaRemote implements Remote {
  readonly side = "remote";
  readonly label: string;
  readonly identity: string;
  readonly features: TreeFeatures = { caseInsensitive: true, foldsUnicode: false, knowsMd5: true };
  readonly #calls: JottaCalls;
  readonly #hardDelete: boolean;

  constructor(options: JottaRemoteOptions) {
    this.#calls = new JottaCalls(options);
    this.#hardDelete = options.hardDelete ?? false;
    this.label = options.label;
    this.identity = this.#calls.paths.identity;
  }

  async list(path: string, options: CallOptions = {}): Promise<Entry[]> {
    const request = this.#request(path, `list ${this.#quote(path)}`, options);
    const unreachable = this.#calls.paths.unreachableReason(path);
    if (unreachable !== undefined) {
      throw new DirectoryNotFoundError(`Cannot ${request.action}: ${unreachable}`, { hint: RENAME_HINT });
    }
    // A listing that broke off is asked for again as a whole: half a listing looks like deleted files.
    return await this.#calls.retrying(() => this.#listOnce(path, request), options);
  }

  async #listOnce(path: string, request: JfsRequest): Promise<Entry[]> {
    const document = await this.#openDirectory(path, request);
    const entries: Entry[] = [];
    for await (const item of document.items) {
      const entry = this.#calls.paths.entryOf(path, item);
      if (entry !== undefined) entries.push(entry);
    }
    if (document.isDeleted()) throw this.#noSuchFolder(path, request.action);
    return entries;
  }

  async #openDirectory(path: string, request: JfsRequest): Promise<JfsDocument> {
    const document = await this.#calls.open(request);
    if (document === undefined) throw this.#noSuchFolder(path, request.action);
    if (document.root.kind === "file" || document.root.isDeleted) {
      await document.close();
      if (document.root.isDeleted) throw this.#noSuchFolder(path, request.action);
      throw new ConflictError(`Cannot ${request.action}: it is a file, not a folder`);
    }
    return document;
  }

  #noSuchFolder(path: string, action: string): DirectoryNotFoundError {
    return new DirectoryNotFoundError(`Cannot ${action}: there is no such folder`, {
      hint: path === "" ? undefined : "Names are listed with: jottash lsd " + this.#quote(""),
    });
  }

  async stat(path: string, options: CallOptions = {}): Promise<FileEntry | DirectoryEntry | undefined> {
    const found = await this.#calls.find(this.#request(path, `look up ${this.#quote(path)}`, options));
    if (found === undefined || found.isDeleted) return undefined;
    // The service finds names whatever their case; its own spelling is the name.
    const spelling = this.#calls.paths.respell(path, found.name);
    if (found.kind === "file") return fileEntry(spelling, found.file);
    return { kind: "directory", path: spelling, modifiedAtMs: undefined };
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

  async removeFile(path: string, options: CallOptions = {}): Promise<void> {
    const action = `delete ${this.#quote(path)}`;
    const existing = await this.stat(path, options);
    if (existing === undefined) throw new FileNotFoundError(`Cannot ${action}: there is no such file`);
    if (existing.kind === "directory") {
      // `dl` on a folder makes it vanish without a trace in the trash (API reference 5.6): never sent.
      throw new ConflictError(`Cannot ${action}: it is a folder`, {
        hint: "Delete a folder with: jottash purge",
      });
    }
    await this.#removing(
      this.#request(path, action, options),
      this.#hardDelete ? "rm" : "dl",
    );
  }

  async removeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    const action = `remove the folder ${this.#quote(path)}`;
    this.#refuseMountpoint(path, action);
    const request = this.#request(path, action, options);
    // The service would take away a full one just as well. What is in the trash does not count; it goes along.
    if (!await this.#calls.retrying(() => this.#isEmpty(path, request), options)) {
      throw new ConflictError(`Cannot ${action}: it is not empty`, {
        hint: 'Empty folders in it are removed by "rmdirs", all that is in it by "purge"',
      });
    }
    await this.#removing(request, this.#hardDelete ? "rmDir" : "dlDir");
  }

  async #isEmpty(path: string, request: JfsRequest): Promise<boolean> {
    const document = await this.#openDirectory(path, request);
    for await (const item of document.items) {
      if (this.#calls.paths.entryOf(path, item) !== undefined) return false; // the rest is not read
    }
    return true;
  }

  async purge(path: string, options: CallOptions = {}): Promise<void> {
    const action = `purge ${this.#quote(path)}`;
    this.#refuseMountpoint(path, action);
    const request = this.#request(path, action, options);
    const existing = await this.stat(path, options);
    if (existing === undefined) throw new DirectoryNotFoundError(`Cannot ${action}: there is no such folder`);
    if (existing.kind === "file") {
      throw new ConflictError(`Cannot ${action}: it is a file`, {
        hint: "Delete a file with: jottash deletefile",
      });
    }
    await this.#removing(request, this.#hardDelete ? "rmDir" : "dlDir");
  }

  #refuseMountpoint(path: string, action: string): void {
    if (!this.#calls.paths.isMountpoint(path)) return;
    throw new UsageError(`Cannot ${action}: it is the whole mountpoint`, {
      hint: "Name a folder below it; a mountpoint is never deleted by jottash",
    });
  }

  /** A retried removal may find that the first try had done it: 404 is success then (API reference 10.2). */
  async #removing(request: JfsRequest, command: JfsCommand): Promise<void> {
    try {
      await this.#calls.command(request, command);
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
    }
  }

  allocate(request: UploadRequest, options: CallOptions = {}): Promise<UploadSlot> {
    return allocate(this.#calls, request, options);
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
    const content = { md5: await this.md5(file), size: file.size };
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
    return source instanceof JottaRemote && source.#calls.account === this.#calls.account;
  }

  async moveFile(work: ServerSideFileWork, options: CallOptions = {}): Promise<void> {
    await moveFile(this.#ends(work, options), options);
  }

  async copyFile(work: ServerSideFileWork, options: CallOptions = {}): Promise<void> {
    await copyFile(this.#ends(work, options), options);
  }

  async moveDirectory(work: ServerSideWork, options: CallOptions = {}): Promise<void> {
    await moveDirectory(this.#ends(work, options), options);
  }

  #ends({ source, from, to, overwrite = false }: ServerSideFileWork, options: CallOptions): Ends {
    if (!(source instanceof JottaRemote) || !this.canTakeFrom(source)) {
      throw new Error(`"${source.label}" is of another account than "${this.label}"`);
    }
    return {
      from: source.#calls,
      fromPath: from,
      to: this.#calls,
      toPath: to,
      overwrite,
      removeSource: () => source.removeFile(from, options),
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
