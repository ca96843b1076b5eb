/**
 * A session in a file of its own (`--token-file`), for machines whose config comes from elsewhere or does not exist.
 * Written as the config is: whole, beside, flushed, renamed, under a lock on `<file>.lock`. A file that is missing
 * or empty means that nobody is signed in yet.
 */
import { ConfigError, FileNotFoundError } from "../errors.ts";
import {
  findLeftovers,
  prepareAtomicWrite,
  type PreparedWrite,
  readLeftover,
  removeLeftovers,
  resolveTarget,
} from "./atomic_file.ts";
import { acquireLock, type LockContext } from "./lock_file.ts";
import type { SessionRecord } from "./session_record.ts";
import { successorOf } from "./session_recovery.ts";
import { formatEmptySession, formatSession, parseSession } from "./session_text.ts";
import type { SessionClient, StoredSession, TokenAccess, TokenStore } from "./token_store.ts";

/** A session has some three kilobytes. */
const MAX_FILE_BYTES = 1024 * 1024;
const RESERVE_BYTES = 64 * 1024;

export class TokenFileStore implements TokenStore {
  readonly canSave = true;
  readonly #context: LockContext;
  readonly #path: string;
  readonly #client: SessionClient;

  /** `path` in the platform's own form; `client` for a file that names none. */
  constructor(context: LockContext, path: string, client: SessionClient = {}) {
    this.#context = context;
    this.#path = path;
    this.#client = client;
  }

  async load(): Promise<StoredSession | undefined> {
    const { fileSystem } = this.#context;
    let text: string;
    try {
      const { size } = await fileSystem.stat(this.#path);
      if (size > MAX_FILE_BYTES) throw this.#damaged();
      text = await fileSystem.readText(this.#path);
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
    const session = parseSession(text, this.#client);
    if (session === undefined) throw this.#damaged();
    return session === "empty" ? undefined : session;
  }

  async exclusively<T>(work: (access: TokenAccess) => Promise<T>): Promise<T> {
    // Two names of one file (a link and its target) have to meet at one lock.
    const target = await resolveTarget(this.#context.fileSystem, this.#path);
    using _lock = await acquireLock(this.#context, target);
    const leftovers = await findLeftovers(this.#context.fileSystem, target);
    await using writes = new ReservedWrites(this.#context, target);
    if (leftovers.length > 0) await this.#recover(leftovers, writes);
    await removeLeftovers(this.#context.fileSystem, leftovers);
    const session = await this.load();
    // What was read last: only beside that a note makes sense.
    let known = session;
    const reload = async () => known = await this.load();
    const note = async (record: SessionRecord) => {
      const before = known;
      const found = await reload();
      if (found?.token.refreshToken !== before?.token.refreshToken) return found;
      const noted = found === undefined ? undefined : { ...found, record };
      await writes.commit(noted === undefined ? formatEmptySession(record) : formatSession(noted));
      return noted;
    };
    return await work({
      session,
      reload,
      reserve: async (record) => {
        // Both places are taken before anything changes.
        await writes.reserve(2);
        return await note(record);
      },
      note: async (record) => void await note(record),
      save: (saved) => writes.commit(formatSession(saved)),
    });
  }

  /** Takes over the session that only these files have. */
  async #recover(paths: readonly string[], writes: ReservedWrites): Promise<void> {
    const texts = await Promise.all(paths.map((path) => readLeftover(this.#context.fileSystem, path)));
    const sessions = texts.map((text) => parseSession(text ?? "", this.#client))
      .filter((session) => session !== undefined && session !== "empty");
    const stored = await this.load();
    const successor = stored === undefined ? undefined : await successorOf(stored, sessions);
    if (successor !== undefined) await writes.commit(formatSession(successor));
  }

  /** The text is a secret: only its place is told. */
  #damaged(): ConfigError {
    return new ConfigError(`Cannot read the session in "${this.#path}": the file is damaged`, {
      hint: "Restore the file from a backup, or empty it and sign in again",
      data: { path: this.#path },
    });
  }
}

/** Writes whose place on the disk is taken in advance; what is not used is given back. */
class ReservedWrites implements AsyncDisposable {
  readonly #context: LockContext;
  readonly #target: string;
  readonly #reserved: PreparedWrite[] = [];

  constructor(context: LockContext, target: string) {
    this.#context = context;
    this.#target = target;
  }

  async reserve(count: number): Promise<void> {
    while (this.#reserved.length < count) {
      const options = { reserveBytes: RESERVE_BYTES };
      this.#reserved.push(await prepareAtomicWrite(this.#context, this.#target, options));
    }
  }

  async commit(text: string): Promise<void> {
    await using write = this.#reserved.shift() ?? await prepareAtomicWrite(this.#context, this.#target);
    await write.commit(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const write of this.#reserved.splice(0)) await write[Symbol.asyncDispose]();
  }
}
