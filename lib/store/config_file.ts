/**
 * The configuration file on the disk: read whole, changed under a lock on what is on the disk at that moment, and
 * replaced atomically, so that no process loses the change of another and nothing else in the file is touched.
 *
 * rclone may share the file, but takes no lock and replaces the file too. `change` therefore reads again right
 * before it writes; a change that rclone makes within those milliseconds can still be lost, or undo ours.
 */
import type { Clock, FileSystem, Random } from "../edges.ts";
import { ConfigError, FileNotFoundError } from "../errors.ts";
import { prepareAtomicWrite, type PreparedWrite, resolveTarget } from "./atomic_file.ts";
import { ConfigDocument } from "./config_document.ts";
import { acquireLock } from "./lock_file.ts";

export { ConfigDocument } from "./config_document.ts";
export { checkRemoteName } from "./remote_name.ts";

/** A configuration is a few kilobytes; something this large is another file. */
const MAX_CONFIG_BYTES = 16 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
/** Room for a longer token than the one that is replaced. */
const RESERVE_EXTRA_BYTES = 64 * 1024;

export interface ConfigStoreContext {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ConfigStoreOptions {
  /** How long to wait for another process. */
  readonly lockTimeoutMs?: number | undefined;
}

/** The file while nobody else may change it. Valid only inside `exclusively`. */
export interface ExclusiveConfig {
  /** What is on the disk now. */
  read(): Promise<ConfigDocument>;
  /**
   * Proves that a change can be saved: takes the name and the space on the disk. Throws `LocalError` otherwise.
   * Calling twice is safe.
   */
  reserve(): Promise<void>;
  /** Reads, edits, writes. Resolves when the new content is durable; writes nothing when nothing changed. */
  change(edit: (document: ConfigDocument) => void | Promise<void>): Promise<void>;
}

export class ConfigStore {
  readonly path: string;
  readonly #context: ConfigStoreContext;
  readonly #options: ConfigStoreOptions;

  constructor(context: ConfigStoreContext, path: string, options: ConfigStoreOptions = {}) {
    this.#context = context;
    this.path = path;
    this.#options = options;
  }

  /** The document on the disk; an empty one when there is no file. Needs no lock: the file is always whole. */
  async load(): Promise<ConfigDocument> {
    return ConfigDocument.parse(await readConfigText(this.#context.fileSystem, this.path), this.path);
  }

  /** One change under the lock. Not to be called inside `exclusively`, whose `change` it would wait for. */
  async update(change: (document: ConfigDocument) => void | Promise<void>): Promise<void> {
    await this.exclusively((config) => config.change(change));
  }

  /** Runs `work` while no other process or task of this process changes the file. Not reentrant. */
  async exclusively<T>(work: (config: ExclusiveConfig) => Promise<T>): Promise<T> {
    // Two names of one file (a link and its target) have to meet at one lock.
    const target = await resolveTarget(this.#context.fileSystem, this.path);
    using _lock = await acquireLock(this.#context, target, { timeoutMs: this.#options.lockTimeoutMs });
    await using config = new LockedConfig(this.#context, this.path, target);
    return await work(config);
  }
}

class LockedConfig implements ExclusiveConfig, AsyncDisposable {
  readonly #context: ConfigStoreContext;
  readonly #path: string;
  readonly #target: string;
  #reserved: PreparedWrite | undefined;

  constructor(context: ConfigStoreContext, path: string, target: string) {
    this.#context = context;
    this.#path = path;
    this.#target = target;
  }

  async read(): Promise<ConfigDocument> {
    return ConfigDocument.parse(await readConfigText(this.#context.fileSystem, this.#target), this.#path);
  }

  async reserve(): Promise<void> {
    if (this.#reserved !== undefined) return;
    const current = await readConfigText(this.#context.fileSystem, this.#target);
    this.#reserved = await prepareAtomicWrite(this.#context, this.#target, {
      reserveBytes: new TextEncoder().encode(current).length + RESERVE_EXTRA_BYTES,
    });
  }

  async change(edit: (document: ConfigDocument) => void | Promise<void>): Promise<void> {
    const document = await this.read();
    const before = document.toString();
    await edit(document);
    const after = document.toString();
    if (after === before) return;
    // Whatever was edited has to be readable again before it replaces what is.
    ConfigDocument.parse(after, this.#path);
    const write = this.#reserved ?? await prepareAtomicWrite(this.#context, this.#target);
    this.#reserved = undefined;
    await using _cleanup = write;
    await write.commit(after);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reserved?.[Symbol.asyncDispose]();
    this.#reserved = undefined;
  }
}

/** Bytes that are not UTF-8 are refused: decoding them loosely would destroy them at the next write. */
async function readConfigText(fileSystem: FileSystem, path: string): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    using file = await fileSystem.open(path, { read: true });
    while (true) {
      const buffer = new Uint8Array(READ_BYTES);
      const count = await file.read(buffer);
      if (count === null) break;
      length += count;
      if (length > MAX_CONFIG_BYTES) throw notAConfig(path, `it is larger than ${MAX_CONFIG_BYTES} bytes`);
      chunks.push(buffer.subarray(0, count));
    }
  } catch (error) {
    if (error instanceof FileNotFoundError) return "";
    throw error;
  }
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notAConfig(path, "it is not UTF-8 text");
  }
}

function notAConfig(path: string, problem: string): ConfigError {
  return new ConfigError(`Cannot read the configuration "${path}": ${problem}`, { data: { path } });
}
