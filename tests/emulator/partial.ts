/**
 * Bytes of an unfinished upload: kept when the connection is cut, hashed as they arrive, one writer at a time (a later
 * allocate or POST takes over from a connection whose end has not been noticed yet). Source of fact: 5.14.
 */
import { createHash, type Hash } from "node:crypto";
import { type Blob, type BlobStore, removeIfThere, SMALL_CONTENT } from "./blobs.ts";

export class Partial {
  received = 0;
  /** Number of the writer that may append. */
  writer = 0;
  /** Upload ids that lead here. */
  readonly ids: string[] = [];
  readonly #blobs: BlobStore;
  readonly #size: number;
  readonly #hash: Hash = createHash("md5");
  readonly #memory: Uint8Array | null;
  readonly #path: string;
  #file: Deno.FsFile | null = null;

  constructor(blobs: BlobStore, size: number) {
    this.#blobs = blobs;
    this.#size = size;
    this.#memory = size <= SMALL_CONTENT ? new Uint8Array(size) : null;
    this.#path = this.#memory === null ? blobs.partialPath() : "";
  }

  /** Makes the caller the only writer and answers its number; an older one must stop. */
  takeOver(): number {
    this.rest();
    this.writer += 1;
    return this.writer;
  }

  append(piece: Uint8Array): void {
    this.#hash.update(piece);
    if (this.#memory !== null) this.#memory.set(piece, this.received);
    else {
      this.#file ??= Deno.openSync(this.#path, { create: true, append: true });
      for (let at = 0; at < piece.length;) at += this.#file.writeSync(piece.subarray(at));
    }
    this.received += piece.length;
  }

  /** Closes the file between two connections; appending opens it again. */
  rest(): void {
    this.#file?.close();
    this.#file = null;
  }

  /** The verified content as a blob, or the digest it has instead. Call once, with all bytes received. */
  finish(md5: string): Blob | string {
    const digest = this.#hash.digest("hex");
    if (digest !== md5) {
      this.discard();
      return digest;
    }
    this.rest();
    if (this.#memory !== null) return this.#blobs.putBytes(md5, this.#memory);
    return this.#blobs.adoptFile(md5, { path: this.#path, size: this.#size });
  }

  discard(): void {
    this.takeOver();
    if (this.#memory === null) removeIfThere(this.#path);
  }
}
