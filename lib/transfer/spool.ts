/**
 * Content that comes from a pipe, on its way to a place that has to know size and MD5 before the first byte: kept in
 * memory while it is short, then in a temporary file, and read from there as often as an upload has to begin again.
 *
 * The file belongs to this user alone. Where the system lets an open file go without a name it has none from the start,
 * so that nothing is left whatever becomes of this process; elsewhere its name begins with `.jottash-`.
 */
import type { FileSystem, OpenFile, Platform, Random } from "../edges.ts";
import { JottashError, LocalError } from "../errors.ts";
import { createMd5 } from "../hash/md5.ts";
import { formatSizeCompact } from "../units.ts";
import { readStream, type ReadStreamOptions } from "./read_stream.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface SpoolEdges {
  readonly fileSystem: FileSystem;
  readonly random: Random;
  readonly platform: Pick<Platform, "os">;
}

/** Where the size is announced, the disk is asked for room before anything is read. */
export interface SpoolOptions extends ReadStreamOptions {
  /** Up to so many bytes stay in memory; Infinity for all. */
  readonly memoryLimit: number;
  /** Where the temporary file is made, in the platform's own form. */
  readonly directory: string;
}

/** Disposing it removes what was kept; streams that are open fail then. */
export interface Spool extends AsyncDisposable {
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
  /** The content from `offset` to the end; several streams may be open. */
  open(offset: number): ReadableStream<Bytes>;
}

/** Where one part after the other goes, and where it is read from again. */
interface Store extends AsyncDisposable {
  write(bytes: Bytes): Promise<void>;
  /** The bytes at `offset`, some of them or all to the end. */
  read(offset: number): Promise<Bytes>;
}

const READ_BYTES = 1024 * 1024;
const FIRST_BUFFER_BYTES = 64 * 1024;
const NAME_BYTES = 12;
/** The disk is full, one way or another. */
const FULL_CODES: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Takes all of `stream`. Throws `LocalError` when the disk will not do, and as `readStream`; nothing is left then.
 */
export async function spool(
  edges: SpoolEdges,
  stream: ReadableStream<Bytes>,
  options: SpoolOptions,
): Promise<Spool> {
  const { memoryLimit, expectedSize = 0 } = options;
  await using stack = new AsyncDisposableStack();
  const file = async (wanted: number) => stack.use(await FileStore.create(edges, { ...options, wanted }));
  const memory = stack.use(new MemoryStore());
  let store: Store = expectedSize > memoryLimit ? await file(expectedSize) : memory;
  const md5 = createMd5();
  let size = 0;
  for await (const chunk of readStream(stream, options)) {
    size += chunk.length;
    if (store === memory && size > memoryLimit) {
      store = await file(size);
      await store.write(memory.bytes);
      memory.clear();
    }
    md5.update(chunk);
    await store.write(chunk);
  }
  const kept = stack.move();
  return {
    size,
    md5: md5.digestHex(),
    open: (offset) => streamFrom(store, { offset, size }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function streamFrom(
  store: Store,
  { offset, size }: { readonly offset: number; readonly size: number },
): ReadableStream<Bytes> {
  let position = offset;
  return new ReadableStream({
    async pull(controller) {
      if (position >= size) return controller.close();
      const bytes = await store.read(position);
      position += bytes.length;
      controller.enqueue(bytes);
    },
  }, { highWaterMark: 0 });
}

/** One growing buffer: a pipe may give a few bytes at a time. */
class MemoryStore implements Store {
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  #size = 0;

  write(bytes: Bytes): Promise<void> {
    const size = this.#size + bytes.length;
    if (size > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#buffer.length));
      grown.set(this.bytes);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#size);
    this.#size = size;
    return Promise.resolve();
  }

  /** All of it. */
  get bytes(): Bytes {
    return this.#buffer.subarray(0, this.#size);
  }

  read(offset: number): Promise<Bytes> {
    return Promise.resolve(this.bytes.subarray(offset, offset + READ_BYTES));
  }

  clear(): void {
    this.#buffer = new Uint8Array();
    this.#size = 0;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.clear();
    return Promise.resolve();
  }
}

interface FileOptions {
  readonly directory: string;
  /** Bytes that it will be at least. */
  readonly wanted: number;
}

class FileStore implements Store {
  readonly #file: OpenFile;
  readonly #directory: string;
  readonly #remove: () => Promise<void>;
  #size = 0;
  /** One file has one position: reads come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(file: OpenFile, directory: string, remove: () => Promise<void>) {
    this.#file = file;
    this.#directory = directory;
    this.#remove = remove;
  }

  static async create(
    { fileSystem, random, platform }: SpoolEdges,
    { directory, wanted }: FileOptions,
  ): Promise<FileStore> {
    // What cannot be asked is found out when it is written.
    const space = await fileSystem.space(directory).catch(() => undefined);
    if (space !== undefined && space.freeBytes < wanted) {
      const [needed, free] = [wanted, space.freeBytes].map(formatSizeCompact);
      throw noRoom(directory, `${needed} are needed at least, ${free} are free`);
    }
    const letters = Array.from(random.bytes(NAME_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
    const separator = platform.os === "windows" ? "\\" : "/";
    const path = `${directory.replace(/[\\/]$/, "")}${separator}.jottash-${letters.join("")}.spool`;
    const mode = { read: true, write: true, createNew: true, mode: 0o600 };
    const file = await fileSystem.open(path, mode).catch((error: unknown) => {
      throw inDirectory(error, directory);
    });
    // Windows keeps the name of an open file, and some network disks do.
    const isGone = platform.os !== "windows" && await fileSystem.remove(path).then(() => true, () => false);
    const remove = () => isGone ? Promise.resolve() : fileSystem.remove(path).catch(() => {});
    return new FileStore(file, directory, remove);
  }

  async write(bytes: Bytes): Promise<void> {
    try {
      await this.#file.write(bytes);
      this.#size += bytes.length;
    } catch (error) {
      if (!(error instanceof JottashError) || !FULL_CODES.has(error.data.osCode)) {
        throw inDirectory(error, this.#directory);
      }
      throw noRoom(this.#directory, `it is full, after ${formatSizeCompact(this.#size)}`, error);
    }
  }

  read(offset: number): Promise<Bytes> {
    const result = this.#turn.then(async () => {
      const buffer = new Uint8Array(READ_BYTES);
      await this.#file.seek(offset);
      const count = await this.#file.read(buffer);
      if (count === null) {
        throw new LocalError(`Cannot read the temporary file in "${this.#directory}": it ended`);
      }
      return buffer.subarray(0, count);
    });
    this.#turn = result.catch(() => {});
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn;
    this.#file.close();
    await this.#remove();
  }
}

const ELSEWHERE = "Choose another directory with --temp-dir, or more memory with --md5-memory-limit";

function noRoom(directory: string, state: string, cause?: unknown): LocalError {
  return new LocalError(`Cannot keep the content in "${directory}": ${state}`, { hint: ELSEWHERE, cause });
}

/** The temporary name means nothing to anybody. */
function inDirectory(error: unknown, directory: string): unknown {
  if (!(error instanceof JottashError)) return error;
  const state = error.message.replace(/^Cannot .*": /s, "");
  return noRoom(directory, state, error);
}
