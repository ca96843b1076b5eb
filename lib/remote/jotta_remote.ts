/**
 * A folder of a Jottacloud account as a tree. Decides what of the service's view is a file for our users: live,
 * completed files and live folders; what is trashed, incomplete or corrupt is not there (API reference 4.5, 5.1).
 */
import { retry, type RetryContext, type RetryPolicy } from "../async/retry.ts";
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  LocalError,
  ProtocolError,
  UsageError,
} from "../errors.ts";
import { formatRfc3339, isJfsTime } from "../jfs/time.ts";
import type { JfsClient, JfsCommand, JfsDocument, JfsRequest } from "../jfs/client.ts";
import type {
  CallOptions,
  DirectoryEntry,
  Entry,
  FileEntry,
  Md5Options,
  ReadOptions,
  TreeFeatures,
} from "../tree/tree.ts";
import type { JottaAccount } from "./jotta_account.ts";
import type { Remote, SpaceUsage, UploadRequest, UploadSlot } from "./remote.ts";
import { fileEntry, RemotePaths, type RemotePlace } from "./remote_paths.ts";

const RENAME_HINT = "Rename it on the website";

export interface JottaRemoteOptions extends RemotePlace {
  readonly account: JottaAccount;
  readonly retryPolicy: RetryPolicy;
  readonly retryContext: Omit<RetryContext, "signal">;
}

export class JottaRemote implements Remote {
  readonly side = "remote";
  readonly label: string;
  readonly identity: string;
  readonly features: TreeFeatures = { caseInsensitive: true, foldsUnicode: false, knowsMd5: true };
  readonly #options: JottaRemoteOptions;
  readonly #paths: RemotePaths;

  constructor(options: JottaRemoteOptions) {
    this.#options = options;
    this.#paths = new RemotePaths(options);
    this.label = options.label;
    this.identity = this.#paths.identity;
  }

  async list(path: string, options: CallOptions = {}): Promise<Entry[]> {
    const request = this.#request(path, `list ${this.#quote(path)}`, options);
    const unreachable = this.#paths.unreachableReason(path);
    if (unreachable !== undefined) {
      throw new DirectoryNotFoundError(`Cannot ${request.action}: ${unreachable}`, { hint: RENAME_HINT });
    }
    // A listing that broke off is asked for again as a whole: half a listing looks like deleted files.
    return await this.#retrying(() => this.#listOnce(path, request), options);
  }

  async #listOnce(path: string, request: JfsRequest): Promise<Entry[]> {
    const document = await this.#openDirectory(path, request);
    const entries: Entry[] = [];
    for await (const item of document.items) {
      const entry = this.#paths.entryOf(path, item);
      if (entry !== undefined) entries.push(entry);
    }
    if (document.isDeleted()) throw this.#noSuchFolder(path, request.action);
    return entries;
  }

  async #openDirectory(path: string, request: JfsRequest): Promise<JfsDocument> {
    const document = await this.#open(request);
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
    const request = this.#request(path, `look up ${this.#quote(path)}`, options);
    return await this.#retrying(() => this.#statOnce(path, request), options);
  }

  async #statOnce(path: string, request: JfsRequest): Promise<FileEntry | DirectoryEntry | undefined> {
    const document = await this.#open(request);
    if (document === undefined) return undefined;
    // The service finds names whatever their case; its own spelling is the name.
    const spelling = this.#paths.respell(path, document.root.name);
    const directory: DirectoryEntry = { kind: "directory", path: spelling, modifiedAtMs: undefined };
    if (document.root.kind === "folder") {
      await document.close(); // the entries of a folder are not asked for
      return document.root.isDeleted ? undefined : directory;
    }
    for await (const _item of document.items) {
      /* a file has none, and only the end tells of a mountpoint */
    }
    if (document.isDeleted()) return undefined;
    return document.root.kind === "file" ? fileEntry(spelling, document.file()) : directory;
  }

  async open(file: FileEntry, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const offset = options.offset ?? 0;
    if (offset >= file.size) return emptyStream();
    const request = this.#request(file.path, `download ${this.#quote(file.path)}`, options);
    const unreachable = this.#paths.unreachableReason(file.path);
    if (unreachable !== undefined) {
      throw new FileNotFoundError(`Cannot ${request.action}: ${unreachable}`, { hint: RENAME_HINT });
    }
    return await (await this.#jfs(options)).download(request, offset);
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
    await this.#command(this.#request(path, action, options), "mkDir");
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
    await this.#removing(this.#request(path, action, options), "dl");
  }

  async purge(path: string, options: CallOptions = {}): Promise<void> {
    const action = `purge ${this.#quote(path)}`;
    const request = this.#request(path, action, options);
    if (this.#paths.isMountpoint(path)) {
      throw new UsageError(`Cannot ${action}: it is the whole mountpoint`, {
        hint: "Name a folder below it; a mountpoint is never deleted by jottash",
      });
    }
    const existing = await this.stat(path, options);
    if (existing === undefined) throw new DirectoryNotFoundError(`Cannot ${action}: there is no such folder`);
    if (existing.kind === "file") {
      throw new ConflictError(`Cannot ${action}: it is a file`, {
        hint: "Delete a file with: jottash deletefile",
      });
    }
    await this.#removing(request, "dlDir");
  }

  /** A retried removal may find that the first try had done it: 404 is success then (API reference 10.2). */
  async #removing(request: JfsRequest, command: "dl" | "dlDir"): Promise<void> {
    try {
      await this.#command(request, command);
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
    }
  }

  async allocate(request: UploadRequest, options: CallOptions = {}): Promise<UploadSlot> {
    const { api } = this.#options.account;
    const action = `upload ${this.#quote(request.path)}`;
    requireStorableTimes(action, request);
    const context = { action, signal: options.signal };
    const allocation = await api.allocate({
      path: ["/jfs", ...this.#paths.segments(request.path)].join("/"),
      bytes: request.size,
      md5: request.md5,
      created: formatRfc3339(request.createdAtMs),
      modified: formatRfc3339(request.modifiedAtMs),
    }, context);
    if (allocation.isComplete) return { state: "complete" };
    return {
      state: "wanted",
      resumeAt: allocation.resumePosition,
      send: async (stream, sendOptions = {}) => {
        const body = { length: request.size - allocation.resumePosition, stream };
        await api.upload(allocation, { size: request.size, md5: request.md5, body }, {
          action,
          signal: sendOptions.signal,
        });
      },
    };
  }

  refusedReason(path: string): string | undefined {
    return this.#paths.refusedReason(path);
  }

  async setTimes(
    file: FileEntry,
    times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
    options: CallOptions = {},
  ): Promise<void> {
    const request = this.#request(file.path, `set the time of ${this.#quote(file.path)}`, options);
    requireStorableTimes(request.action, times);
    const md5 = await this.md5(file);
    const content = { md5, size: file.size };
    await this.#retrying(async () => (await this.#jfs(options)).copyByHash(request, content, times), options);
  }

  async about(options: CallOptions = {}): Promise<SpaceUsage> {
    const { account } = this.#options;
    const { capacity, usage } = await this.#retrying(() => account.user(options.signal), options);
    return {
      totalBytes: capacity,
      usedBytes: usage,
      freeBytes: capacity === undefined ? undefined : Math.max(0, capacity - usage),
    };
  }

  async #open(request: JfsRequest): Promise<JfsDocument | undefined> {
    try {
      return await (await this.#jfs(request)).open(request);
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  /** Each of these can be repeated when its answer breaks off (API reference 5.0). */
  #command(request: JfsRequest, command: JfsCommand): Promise<void> {
    return this.#retrying(async () => (await this.#jfs(request)).command(request, command), request);
  }

  #retrying<T>(work: () => Promise<T>, options: CallOptions): Promise<T> {
    const { retryPolicy, retryContext } = this.#options;
    return retry(work, retryPolicy, { ...retryContext, signal: options.signal });
  }

  #jfs(options: CallOptions): Promise<JfsClient> {
    return this.#options.account.jfs(options.signal);
  }

  #request(path: string, action: string, options: CallOptions): JfsRequest {
    return { segments: this.#paths.segments(path), action, signal: options.signal };
  }

  #quote(path: string): string {
    return this.#paths.quote(path);
  }
}

/** The service writes times with four digits for the year. Throws `LocalError` for others. */
function requireStorableTimes(
  action: string,
  times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
): void {
  for (const timeMs of [times.modifiedAtMs, times.createdAtMs]) {
    if (isJfsTime(timeMs)) continue;
    throw new LocalError(`Cannot ${action}: its time is outside the years 0 to 9999`, {
      hint: 'Give it another time with "touch"',
    });
  }
}

function emptyStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
