/**
 * Replaces a whole file so that a reader, and a machine that loses power, sees the old content or the new one:
 * written beside, flushed, renamed, folder flushed. What the content means is the caller's business.
 *
 * A write has two halves because a caller may have to know that it can be saved before it does something that
 * cannot be taken back (spending a refresh token): `prepareAtomicWrite` takes the name and the space on the disk,
 * `commit` only fills them.
 *
 * Where the file cannot be replaced by name (a single file mounted into a container, a sticky directory), the
 * content is written in place while the flushed copy beside it still exists. That is the one case in which a
 * power loss can leave a torn file; refusing would lose the content for certain.
 */
import type { FileSystem, OpenFile, Random } from "../edges.ts";
import { FileNotFoundError, LocalError } from "../errors.ts";

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const PERMISSION_BITS = 0o777;
/** Of randomness in the name of a temporary file. */
const TEMPORARY_NAME_BYTES = 8;
const MAX_LEFTOVER_BYTES = 32 * 1024 * 1024;
const LEFTOVER_ENDING = new RegExp(`^\\.[0-9a-f]{${2 * TEMPORARY_NAME_BYTES}}\\.tmp$`);

export interface AtomicFileContext {
  readonly fileSystem: FileSystem;
  readonly random: Random;
}

export interface AtomicWriteOptions {
  /** The widest permission the file may get; an existing file that is stricter stays so. Default 0600. */
  readonly mode?: number;
}

export interface ReserveOptions extends AtomicWriteOptions {
  /** Bytes to claim on the disk now, so that `commit` of no more than that does not meet a full disk. Default 0. */
  readonly reserveBytes?: number;
}

/** A write that has its place on the disk. Disposing without a commit leaves the target as it was. */
export interface PreparedWrite extends AsyncDisposable {
  /** Resolves when the content is durable under the target's name. Only once. */
  commit(content: string | Uint8Array): Promise<void>;
}

/** Prepares and commits in one go. Throws `LocalError`; the target is then as it was. */
export async function writeFileAtomically(
  context: AtomicFileContext,
  path: string,
  content: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> {
  await using write = await prepareAtomicWrite(context, path, options);
  await write.commit(content);
}

/** Makes the parent directory where it is missing, and the temporary file; throws `LocalError` when it cannot. */
export async function prepareAtomicWrite(
  context: AtomicFileContext,
  path: string,
  options: ReserveOptions = {},
): Promise<PreparedWrite> {
  const { fileSystem, random } = context;
  const target = await resolveTarget(fileSystem, path);
  const directory = parentDirectory(target);
  await fileSystem.makeDirectory(directory, { mode: OWNER_ONLY_DIRECTORY });
  const existingMode = await modeOf(fileSystem, target);
  const widest = options.mode ?? OWNER_ONLY_FILE;
  const temporary = `${target}.${hex(random.bytes(TEMPORARY_NAME_BYTES))}.tmp`;
  // Nobody else can read it even before its content and final mode are there.
  const file = await fileSystem.open(temporary, {
    write: true,
    createNew: true,
    mode: OWNER_ONLY_FILE,
    shownPath: path,
  });
  const write = new TemporaryWrite(fileSystem, {
    target,
    directory,
    temporary,
    mode: existingMode.mode === undefined ? widest : existingMode.mode & widest,
    targetExists: existingMode.exists,
  }, file);
  try {
    // Of the user whose file it is, also when root changes it.
    if (existingMode.exists) await fileSystem.copyOwner(target, temporary);
    await write.reserve(options.reserveBytes ?? 0);
  } catch (error) {
    await write[Symbol.asyncDispose]();
    throw error;
  }
  return write;
}

/**
 * What killed writers of the file have left beside it, which may hold secrets. Only for those who hold the lock under
 * which all writers of the file work, before they prepare a write of their own. `target` is what `resolveTarget`
 * gives.
 */
export async function findLeftovers(fileSystem: FileSystem, target: string): Promise<string[]> {
  const nameStart = lastSeparator(target) + 1;
  const ownName = target.slice(nameStart);
  try {
    return (await fileSystem.readDirectory(parentDirectory(target)))
      .filter(({ name, kind }) =>
        kind === "file" && name.startsWith(ownName) && LEFTOVER_ENDING.test(name.slice(ownName.length))
      )
      .map(({ name }) => target.slice(0, nameStart) + name);
  } catch {
    // They harm nobody; a directory that forbids this is met by the write itself.
    return [];
  }
}

/** What was written to a leftover, without the space that was only claimed; undefined when it cannot be read. */
export async function readLeftover(fileSystem: FileSystem, path: string): Promise<string | undefined> {
  try {
    const { size } = await fileSystem.stat(path);
    return size > MAX_LEFTOVER_BYTES ? undefined : withoutFill(await fileSystem.readText(path));
  } catch {
    return undefined;
  }
}

/** Never throws. */
export async function removeLeftovers(fileSystem: FileSystem, paths: readonly string[]): Promise<void> {
  for (const path of paths) await fileSystem.remove(path).catch(() => {});
}

interface Places {
  readonly target: string;
  readonly directory: string;
  readonly temporary: string;
  readonly mode: number;
  readonly targetExists: boolean;
}

class TemporaryWrite implements PreparedWrite {
  readonly #fileSystem: FileSystem;
  readonly #places: Places;
  readonly #file: OpenFile;
  #renamed = false;
  #closed = false;

  constructor(fileSystem: FileSystem, places: Places, file: OpenFile) {
    this.#fileSystem = fileSystem;
    this.#places = places;
    this.#file = file;
  }

  async reserve(length: number): Promise<void> {
    if (length === 0) return;
    await this.#file.write(new Uint8Array(length));
    await this.#file.sync();
  }

  async commit(content: string | Uint8Array): Promise<void> {
    const { target, directory, temporary, mode, targetExists } = this.#places;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await this.#file.seek(0);
    await this.#file.write(bytes);
    await this.#file.truncate(bytes.length);
    await this.#file.sync();
    this.#close();
    if (mode !== OWNER_ONLY_FILE) await this.#fileSystem.setMode(temporary, mode);
    try {
      await this.#fileSystem.rename(temporary, target);
      this.#renamed = true;
    } catch (error) {
      if (!targetExists || !(error instanceof LocalError)) throw error;
      await this.#overwrite(bytes, error);
    }
    await this.#fileSystem.syncDirectory(directory);
  }

  /** The last resort of the header comment; `refusal` is what the rename said. */
  async #overwrite(bytes: Uint8Array, refusal: LocalError): Promise<void> {
    let file: OpenFile;
    try {
      file = await this.#fileSystem.open(this.#places.target, { write: true });
    } catch {
      throw refusal;
    }
    using target = file;
    await target.write(bytes);
    await target.truncate(bytes.length);
    await target.sync();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    if (this.#renamed) return;
    // A leftover is harmless, and the failure that led here matters more than this one.
    await this.#fileSystem.remove(this.#places.temporary).catch(() => {});
  }
}

/** The file itself when `path` is a symbolic link to it: a linked configuration stays a link. */
export async function resolveTarget(fileSystem: FileSystem, path: string): Promise<string> {
  try {
    const info = await fileSystem.lstat(path);
    return info.kind === "symlink" ? await realFile(fileSystem, path) : path;
  } catch (error) {
    if (error instanceof FileNotFoundError) return path;
    throw error;
  }
}

async function realFile(fileSystem: FileSystem, link: string): Promise<string> {
  try {
    return await fileSystem.realPath(link);
  } catch (error) {
    if (!(error instanceof FileNotFoundError)) throw error;
    throw new LocalError(`Cannot write "${link}": it is a symbolic link to a file that does not exist`, {
      cause: error,
      data: { path: link },
    });
  }
}

async function modeOf(
  fileSystem: FileSystem,
  path: string,
): Promise<{ readonly exists: boolean; readonly mode: number | undefined }> {
  try {
    const info = await fileSystem.stat(path);
    if (info.kind !== "file") {
      throw new LocalError(`Cannot write "${path}": it is not a file`, { data: { path } });
    }
    return { exists: true, mode: info.mode === undefined ? undefined : info.mode & PERMISSION_BITS };
  } catch (error) {
    if (error instanceof FileNotFoundError) return { exists: false, mode: undefined };
    throw error;
  }
}

/** The directory part of a path in the platform's own form; `.` for a bare name. */
export function parentDirectory(path: string): string {
  const end = lastSeparator(path);
  if (end < 0) return ".";
  return end === 0 ? path.slice(0, 1) : path.slice(0, end);
}

function lastSeparator(path: string): number {
  const isWindows = /^[A-Za-z]:|^\\\\/.test(path);
  return isWindows ? Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) : path.lastIndexOf("/");
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function withoutFill(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}
