/**
 * Content, kept once per MD5 and size for the whole account and counted by revision (API reference 6.2): the last
 * reference gone, the content is gone. Bytes live in files sharded over 256 directories; seeded content may live in
 * memory. Small files are handled synchronously: one write into the page cache costs less than an async round trip.
 */
import { createHash } from "node:crypto";

/** Content up to this size is collected in memory and written once. */
export const SMALL_CONTENT = 256 * 1024;
const READ_CHUNK = 256 * 1024;

/** One content. `bytes` is null when it is on disk. */
export class Blob {
  references = 0;
  readonly md5: string;
  readonly size: number;
  readonly bytes: Uint8Array | null;

  constructor(md5: string, size: number, bytes: Uint8Array | null) {
    this.md5 = md5;
    this.size = size;
    this.bytes = bytes;
  }
}

export function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

export class BlobStore {
  readonly #directory: string;
  readonly #blobs = new Map<string, Blob>();
  readonly #shards = new Set<string>();
  #partials = 0;

  constructor(directory: string) {
    this.#directory = directory;
    Deno.mkdirSync(`${directory}/partial`, { recursive: true });
  }

  get count(): number {
    return this.#blobs.size;
  }

  find(md5: string, size: number): Blob | undefined {
    return this.#blobs.get(keyOf(md5, size));
  }

  /** Stores verified content and returns its blob (an equal one already there is used). */
  putBytes(md5: string, bytes: Uint8Array): Blob {
    return this.find(md5, bytes.length) ?? this.#add(new Blob(md5, bytes.length, null), (path) => {
      Deno.writeFileSync(path, bytes);
    });
  }

  /** Takes over a finished, verified file. */
  adoptFile(md5: string, file: { path: string; size: number }): Blob {
    const known = this.find(md5, file.size);
    if (known === undefined) {
      return this.#add(new Blob(md5, file.size, null), (path) => Deno.renameSync(file.path, path));
    }
    removeIfThere(file.path);
    return known;
  }

  /** Content held in memory only, for seeding. */
  putInMemory(bytes: Uint8Array): Blob {
    const md5 = md5Of(bytes);
    return this.find(md5, bytes.length) ?? this.#add(new Blob(md5, bytes.length, bytes), () => {});
  }

  retain(blob: Blob): void {
    blob.references += 1;
  }

  release(blob: Blob): void {
    blob.references -= 1;
    if (blob.references > 0) return;
    this.#blobs.delete(keyOf(blob.md5, blob.size));
    if (blob.bytes === null) removeIfThere(this.#pathOf(blob));
  }

  /** A fresh path for the bytes of an unfinished upload. */
  partialPath(): string {
    this.#partials += 1;
    return `${this.#directory}/partial/${this.#partials}`;
  }

  /** Bytes `from` (inclusive) to `to` (exclusive). A chunk is valid until the next one is asked for. */
  async *read(blob: Blob, from: number, to: number): AsyncGenerator<Uint8Array> {
    if (blob.bytes !== null) {
      yield blob.bytes.subarray(from, to);
      return;
    }
    using file = Deno.openSync(this.#pathOf(blob));
    if (from > 0) file.seekSync(from, Deno.SeekMode.Start);
    const buffer = new Uint8Array(Math.min(READ_CHUNK, to - from));
    for (let at = from; at < to;) {
      const wanted = buffer.subarray(0, Math.min(buffer.length, to - at));
      const count = wanted.length <= 16384 ? file.readSync(wanted) : await file.read(wanted);
      if (count === null) throw new Error(`Content ${blob.md5} is shorter than ${blob.size} bytes`);
      yield wanted.subarray(0, count);
      at += count;
    }
  }

  readAllSync(blob: Blob): Uint8Array {
    return blob.bytes?.slice() ?? Deno.readFileSync(this.#pathOf(blob));
  }

  #add(blob: Blob, store: (path: string) => void): Blob {
    const shard = blob.md5.slice(0, 2);
    if (blob.bytes === null && !this.#shards.has(shard)) {
      Deno.mkdirSync(`${this.#directory}/${shard}`, { recursive: true });
      this.#shards.add(shard);
    }
    store(this.#pathOf(blob));
    this.#blobs.set(keyOf(blob.md5, blob.size), blob);
    return blob;
  }

  #pathOf(blob: Blob): string {
    return `${this.#directory}/${blob.md5.slice(0, 2)}/${blob.md5}-${blob.size}`;
  }
}

function keyOf(md5: string, size: number): string {
  return `${md5}-${size}`;
}

export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
