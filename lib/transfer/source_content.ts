/**
 * The content of one source file on its way up: hashed first, then read from wherever the service wants it. A small
 * file is read from the disk once for both; so what is sent is what was hashed. Where the MD5 is known from an earlier
 * reading, the service compares it with what arrives.
 */
import type { FileEntry, Md5Options, Tree } from "../tree/tree.ts";

/** Up to here a file is kept in memory while it is uploaded: saves most of the disk's share of a small file. */
const MAX_KEPT_BYTES = 256 * 1024;

type ContentSource = Pick<Tree, "features" | "md5" | "open">;

export class SourceContent {
  readonly file: FileEntry;
  readonly #source: ContentSource;
  readonly #options: Md5Options;
  #md5: string | undefined;
  #kept: Uint8Array<ArrayBuffer> | undefined;

  constructor(source: ContentSource, file: FileEntry, options: Md5Options) {
    this.#source = source;
    this.file = file;
    this.#options = options;
  }

  /** Of the entry, or computed with the first call. Throws `LocalError` when the file is not what its entry says any more. */
  async md5(): Promise<string> {
    return this.#md5 ??= this.file.md5 ?? await this.#hash();
  }

  /** The bytes from `offset` to the end; whoever gets the stream reads it to the end or cancels it. */
  async open(offset: number): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    if (this.#kept === undefined) {
      return await this.#source.open(this.file, { offset, signal: this.#options.signal });
    }
    const rest = this.#kept.subarray(offset);
    return ReadableStream.from(rest.length === 0 ? [] : [rest]);
  }

  async #hash(): Promise<string> {
    const { features } = this.#source;
    if (features.knowsMd5 || this.file.size > MAX_KEPT_BYTES) {
      return await this.#source.md5(this.file, this.#options);
    }
    const bytes = new Uint8Array(this.file.size);
    let length = 0;
    const onContent = (part: Uint8Array) => {
      // One that turns out longer is refused in the end.
      bytes.set(part.subarray(0, bytes.length - length), length);
      length = Math.min(bytes.length, length + part.length);
    };
    const md5 = await this.#source.md5(this.file, { ...this.#options, onContent });
    // Nothing was read of a file whose MD5 was known.
    if (length === bytes.length) this.#kept = bytes;
    return md5;
  }
}
