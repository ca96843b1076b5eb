/**
 * A folder of a Jottacloud account as a tree. Decides what of the service's view is a file for our users: live,
 * completed files and live folders; what is trashed, incomplete or corrupt is not there (API reference 4.5, 5.1).
 */
import { retry, type RetryContext, type RetryPolicy } from "../async/retry.ts";
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  ProtocolError,
  UsageError,
} from "../errors.ts";
import { formatRfc3339 } from "../jfs/time.ts";
import type { JfsClient, JfsRequest } from "../jfs/client.ts";
import type { JfsFile, JfsItem } from "../jfs/types.ts";
import { foldName } from "../names/compare.ts";
import type { RemoteNames } from "../names/remote_name.ts";
import { refusedReason } from "../names/tables.ts";
import {
  type CallOptions,
  type DirectoryEntry,
  type Entry,
  type FileEntry,
  joinPath,
  type Md5Options,
  nameOf,
  type ReadOptions,
  type TreeFeatures,
} from "../tree/tree.ts";
import type { JottaAccount } from "./jotta_account.ts";
import type { Remote, SpaceUsage, UploadRequest, UploadSlot } from "./remote.ts";

export interface JottaRemoteOptions {
  readonly account: JottaAccount;
  /** Name of the section in the config. */
  readonly remoteName: string;
  readonly device: string;
  readonly mountpoint: string;
  /** Standard path of the tree's root below the mountpoint. */
  readonly root: string;
  /** As the user wrote it, as in `jotta:photos`. */
  readonly label: string;
  readonly names: RemoteNames;
  readonly retryPolicy: RetryPolicy;
  readonly retryContext: Omit<RetryContext, "signal">;
}

export class JottaRemote implements Remote {
  readonly side = "remote";
  readonly label: string;
  readonly identity: string;
  readonly features: TreeFeatures = { caseInsensitive: true, knowsMd5: true };
  readonly #options: JottaRemoteOptions;

  constructor(options: JottaRemoteOptions) {
    this.#options = options;
    this.label = options.label;
    const place = [options.remoteName, options.device, options.mountpoint, options.root].filter((part) =>
      part !== ""
    );
    this.identity = `remote:${foldName(place.join("/"))}/`;
  }

  async list(path: string, options: CallOptions = {}): Promise<Entry[]> {
    const request = this.#request(path, `list ${this.#quote(path)}`, options);
    // A listing that broke off is asked for again as a whole: half a listing looks like deleted files.
    const { retryPolicy, retryContext } = this.#options;
    return await retry(() => this.#listOnce(path, request), retryPolicy, {
      ...retryContext,
      signal: options.signal,
    });
  }

  async #listOnce(path: string, request: JfsRequest): Promise<Entry[]> {
    const document = await this.#openDirectory(path, request);
    const entries: Entry[] = [];
    for await (const item of document.items) {
      const entry = this.#entryOf(path, item);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  async #openDirectory(path: string, request: JfsRequest) {
    const missing = () =>
      new DirectoryNotFoundError(`Cannot ${request.action}: there is no such folder`, {
        hint: path === "" ? undefined : "Names are listed with: jottash lsd " + this.#quote(""),
      });
    const document = await this.#open(request);
    if (document === undefined) throw missing();
    if (document.root.kind === "file" || document.root.isDeleted) {
      await document.close();
      if (document.root.isDeleted) throw missing();
      throw new ConflictError(`Cannot ${request.action}: it is a file, not a folder`);
    }
    return document;
  }

  async stat(path: string, options: CallOptions = {}): Promise<FileEntry | DirectoryEntry | undefined> {
    const request = this.#request(path, `look up ${this.#quote(path)}`, options);
    const { retryPolicy, retryContext } = this.#options;
    return await retry(() => this.#statOnce(path, request), retryPolicy, {
      ...retryContext,
      signal: options.signal,
    });
  }

  async #statOnce(path: string, request: JfsRequest): Promise<FileEntry | DirectoryEntry | undefined> {
    const document = await this.#open(request);
    if (document === undefined) return undefined;
    if (document.root.kind !== "file") {
      await document.close(); // the entries of a folder are not asked for
      return document.root.isDeleted ? undefined : { kind: "directory", path, modifiedAtMs: undefined };
    }
    for await (const _item of document.items) { /* a file has no entries; read to its end */ }
    const entry = fileEntry(path, document.file());
    // The service finds names whatever their case; its own spelling is the name.
    return entry === undefined ? undefined : { ...entry, path: this.#respell(path, document.root.name) };
  }

  async open(file: FileEntry, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const offset = options.offset ?? 0;
    if (offset >= file.size) return emptyStream();
    const request = this.#request(file.path, `download ${this.#quote(file.path)}`, options);
    return await (await this.#jfs()).download(request, offset);
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
    await (await this.#jfs()).command(this.#request(path, action, options), "mkDir");
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
    if (request.segments.length <= 2) {
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
      await (await this.#jfs()).command(request, command);
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
    }
  }

  async allocate(request: UploadRequest, options: CallOptions = {}): Promise<UploadSlot> {
    const { api } = this.#options.account;
    const action = `upload ${this.#quote(request.path)}`;
    const context = { action, signal: options.signal };
    const allocation = await api.allocate({
      path: ["/jfs", ...this.#segments(request.path)].join("/"),
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
    for (const name of path === "" ? [] : path.split("/")) {
      const reason = refusedReason(this.#options.names.toStored(name));
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  async setTimes(
    file: FileEntry,
    times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
    options: CallOptions = {},
  ): Promise<void> {
    const request = this.#request(file.path, `set the time of ${this.#quote(file.path)}`, options);
    const md5 = await this.md5(file);
    await (await this.#jfs()).copyByHash(request, { md5, size: file.size }, times);
  }

  async about(options: CallOptions = {}): Promise<SpaceUsage> {
    const { capacity, usage } = await this.#options.account.user(options.signal);
    return {
      totalBytes: capacity,
      usedBytes: usage,
      freeBytes: capacity === undefined ? undefined : Math.max(0, capacity - usage),
    };
  }

  #entryOf(parent: string, item: JfsItem): Entry | undefined {
    const name = this.#options.names.fromStored(item.name);
    if (name.includes("/")) {
      throw new ProtocolError(`The service sent the name "${item.name}", which holds a slash`);
    }
    const path = joinPath(parent, name);
    if (item.kind === "file") return fileEntry(path, item);
    if (item.kind === "folder" && !item.isDeleted) {
      return { kind: "directory", path, modifiedAtMs: undefined };
    }
    return undefined;
  }

  async #open(request: JfsRequest) {
    try {
      return await (await this.#jfs()).open(request);
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  #jfs(): Promise<JfsClient> {
    return this.#options.account.jfs();
  }

  #request(path: string, action: string, options: CallOptions): JfsRequest {
    return { segments: this.#segments(path), action, signal: options.signal };
  }

  #segments(path: string): string[] {
    const { device, mountpoint, root, names } = this.#options;
    const full = joinPath(root, path);
    return [device, mountpoint, ...(full === "" ? [] : full.split("/").map((name) => names.toStored(name)))];
  }

  #respell(path: string, stored: string | undefined): string {
    if (stored === undefined || path === "") return path;
    return path.slice(0, path.length - nameOf(path).length) + this.#options.names.fromStored(stored);
  }

  #quote(path: string): string {
    if (path === "") return `"${this.label}"`;
    return this.label.endsWith(":") || this.label.endsWith("/")
      ? `"${this.label}${path}"`
      : `"${this.label}/${path}"`;
  }
}

/** A live file with a completed revision; anything else is not a file for our users. */
function fileEntry(path: string, file: JfsFile): FileEntry | undefined {
  const { current } = file;
  if (file.isDeleted || current === undefined || current.state !== "COMPLETED") return undefined;
  if (current.size === undefined) {
    throw new ProtocolError(`The service does not tell the size of the file "${file.name}"`);
  }
  return {
    kind: "file",
    path,
    size: current.size,
    modifiedAtMs: current.modifiedAtMs,
    createdAtMs: current.createdAtMs,
    md5: current.md5,
    mimeType: current.mimeType,
  };
}

function emptyStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
