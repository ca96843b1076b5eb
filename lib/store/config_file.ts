/**
 * The configuration file on the disk: read whole, changed under a lock on what is on the disk at that moment, and
 * replaced atomically, so that no process loses the change of another and nothing else in the file is touched.
 *
 * rclone may share the file, but takes no lock and replaces the file too. `change` therefore reads again right
 * before it writes; a change that rclone makes within those milliseconds can still be lost, or undo ours.
 *
 * A file that is encrypted is opened in memory and written encrypted again; nothing of its text touches the disk.
 */
import type { Clock, FileSystem, Random } from "../edges.ts";
import { ConfigError, FileNotFoundError } from "../errors.ts";
import {
  findLeftovers,
  prepareAtomicWrite,
  type PreparedWrite,
  readLeftover,
  removeLeftovers,
  resolveTarget,
} from "./atomic_file.ts";
import { ConfigDocument } from "./config_document.ts";
import {
  ConfigEncryption,
  type ConfigPasswords,
  NO_PASSWORDS,
  type OpenedConfig,
} from "./config_encryption.ts";
import { encryptedPart } from "./config_envelope.ts";
import { acquireLock } from "./lock_file.ts";

export { ConfigDocument } from "./config_document.ts";
export { checkRemoteName } from "../path/remote_name.ts";

/** A configuration is a few kilobytes; something this large is another file. */
const MAX_CONFIG_BYTES = 16 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
/** Room for a longer token than the one that is replaced, which takes a third more when it is encrypted. */
const RESERVE_EXTRA_BYTES = 96 * 1024;

export interface ConfigStoreContext {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ConfigStoreOptions {
  /** How long to wait for another process. */
  readonly lockTimeoutMs?: number | undefined;
  /** Where the password of an encrypted file comes from; without it such a file cannot be read. */
  readonly passwords?: ConfigPasswords | undefined;
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
  readonly #encryption: ConfigEncryption;

  constructor(context: ConfigStoreContext, path: string, options: ConfigStoreOptions = {}) {
    this.#context = context;
    this.path = path;
    this.#options = options;
    const { passwords = NO_PASSWORDS } = options;
    this.#encryption = new ConfigEncryption({ random: context.random, passwords }, path);
  }

  /** The document on the disk; an empty one when there is no file. Needs no lock: the file is always whole. */
  async load(): Promise<ConfigDocument> {
    const { text } = await this.#encryption.open(await this.#read());
    return ConfigDocument.parse(text, this.path);
  }

  /** As `load`, but undefined where a password would have to be looked for: for what is merely nice to know. */
  async loadUnasked(): Promise<ConfigDocument | undefined> {
    const opened = await this.#encryption.openKnown(await this.#read());
    return opened === undefined ? undefined : ConfigDocument.parse(opened.text, this.path);
  }

  /** Whether the file on the disk is encrypted, in whatever way. Needs no password. */
  async isEncrypted(): Promise<boolean> {
    return encryptedPart(await this.#read()) !== undefined;
  }

  /** One change under the lock. Not to be called inside `exclusively`, whose `change` it would wait for. */
  async update(change: (document: ConfigDocument) => void | Promise<void>): Promise<void> {
    await this.exclusively((config) => config.change(change));
  }

  /** Runs `work` while no other process or task of this process changes the file. Not reentrant. */
  async exclusively<T>(work: (config: ExclusiveConfig) => Promise<T>): Promise<T> {
    return await this.#locked(work);
  }

  /**
   * Encrypts the file with this password, or makes it plain text; the same content otherwise. Makes the file when
   * there is none. A crash leaves the file as it was, or as it shall be.
   */
  async setPassword(password: string | undefined): Promise<void> {
    await this.#locked((config) => config.sealWith(password));
  }

  async #locked<T>(work: (config: LockedConfig) => Promise<T>): Promise<T> {
    // The password is looked for before the lock is taken: who is asked takes their time.
    await this.#encryption.open(await this.#read());
    // Two names of one file (a link and its target) have to meet at one lock.
    const target = await resolveTarget(this.#context.fileSystem, this.path);
    using _lock = await acquireLock(this.#context, target, { timeoutMs: this.#options.lockTimeoutMs });
    const leftovers = await findLeftovers(this.#context.fileSystem, target);
    const places = { path: this.path, target };
    await using config = new LockedConfig(this.#context, places, this.#encryption);
    if (leftovers.length > 0) await config.recover(leftovers);
    await removeLeftovers(this.#context.fileSystem, leftovers);
    return await work(config);
  }

  async #read(): Promise<string> {
    return await readConfigText(this.#context.fileSystem, this.path);
  }
}

/** The file as users name it, and the file that the name leads to. */
interface Places {
  readonly path: string;
  readonly target: string;
}

class LockedConfig implements ExclusiveConfig, AsyncDisposable {
  readonly #context: ConfigStoreContext;
  readonly #path: string;
  readonly #target: string;
  readonly #encryption: ConfigEncryption;
  #reserved: PreparedWrite | undefined;

  constructor(context: ConfigStoreContext, { path, target }: Places, encryption: ConfigEncryption) {
    this.#context = context;
    this.#path = path;
    this.#target = target;
    this.#encryption = encryption;
  }

  async read(): Promise<ConfigDocument> {
    return ConfigDocument.parse((await this.#open()).text, this.#path);
  }

  async reserve(): Promise<void> {
    if (this.#reserved !== undefined) return;
    const current = await readConfigText(this.#context.fileSystem, this.#target);
    this.#reserved = await prepareAtomicWrite(this.#context, this.#target, {
      reserveBytes: new TextEncoder().encode(current).length + RESERVE_EXTRA_BYTES,
    });
  }

  async change(edit: (document: ConfigDocument) => void | Promise<void>): Promise<void> {
    const opened = await this.#open();
    const document = ConfigDocument.parse(opened.text, this.#path);
    const before = document.toString();
    await edit(document);
    const after = document.toString();
    if (after === before) return;
    // Whatever was edited has to be readable again before it replaces what is.
    ConfigDocument.parse(after, this.#path);
    await this.#write(opened.seal(after));
  }

  async sealWith(password: string | undefined): Promise<void> {
    const { text } = await this.#open();
    ConfigDocument.parse(text, this.#path);
    const seal = await this.#encryption.sealWith(password);
    await this.#write(seal(text));
  }

  /** Takes over the sessions that only these files have. */
  async recover(paths: readonly string[]): Promise<void> {
    const documents = await Promise.all(paths.map((path) => this.#parseLeftover(path)));
    const readable = documents.filter((each) => each !== undefined);
    if (readable.length === 0) return;
    const { recoverSections } = await import("./session_recovery.ts");
    await this.change((document) => recoverSections(document, readable));
  }

  async #parseLeftover(path: string): Promise<ConfigDocument | undefined> {
    const raw = await readLeftover(this.#context.fileSystem, path);
    try {
      const opened = await this.#encryption.openKnown(raw ?? "");
      return opened === undefined ? undefined : ConfigDocument.parse(opened.text, path);
    } catch {
      return undefined;
    }
  }

  async #open(): Promise<OpenedConfig> {
    return await this.#encryption.open(await readConfigText(this.#context.fileSystem, this.#target));
  }

  async #write(content: string): Promise<void> {
    const bytes = new TextEncoder().encode(content);
    if (bytes.length > MAX_CONFIG_BYTES) {
      throw new ConfigError(
        `Cannot save the configuration "${this.#path}": it would be larger than ${MAX_CONFIG_BYTES} bytes`,
        { data: { path: this.#path } },
      );
    }
    const write = this.#reserved ?? await prepareAtomicWrite(this.#context, this.#target);
    this.#reserved = undefined;
    await using _cleanup = write;
    await write.commit(bytes);
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
