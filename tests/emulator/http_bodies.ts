/** Request bodies read from a connection: fixed length and chunked. */
import { ConnectionLost } from "./errors.ts";
import type { RequestBody } from "./http_types.ts";

/** What bodies need of a connection. */
export interface InputBuffer {
  /** Unread input. */
  readonly buffered: Uint8Array;
  consume(count: number): void;
  /** Reads more input; false at the end of the stream. `wanted` sizes the buffer. */
  fill(wanted: number): Promise<boolean>;
  /** Sends `100 Continue` where the client still waits for it; to be called before a body is read. */
  invite(): Promise<void>;
}

const CHUNKED_READ = 256 * 1024;
/** Longest chunk-size or trailer line. */
const MAX_LINE = 8 * 1024;
const LF = 10;
const decoder = new TextDecoder();

/** Exactly Content-Length bytes. */
export class FixedBody implements RequestBody {
  readonly declaredLength: number;
  receivedBytes = 0;
  readonly #connection: InputBuffer;

  constructor(connection: InputBuffer, length: number) {
    this.#connection = connection;
    this.declaredLength = length;
  }

  async read(): Promise<Uint8Array | null> {
    const left = this.declaredLength - this.receivedBytes;
    if (left === 0) return null;
    await this.#connection.invite();
    if (this.#connection.buffered.length === 0 && !await this.#connection.fill(left)) {
      throw new ConnectionLost("connection closed inside a request body");
    }
    const piece = this.#connection.buffered.subarray(0, left);
    this.#connection.consume(piece.length);
    this.receivedBytes += piece.length;
    return piece;
  }
}

/** Transfer-Encoding: chunked, as fetch sends streams; trailers are skipped. */
export class ChunkedBody implements RequestBody {
  readonly declaredLength = undefined;
  receivedBytes = 0;
  #left = 0;
  #first = true;
  #done = false;
  readonly #connection: InputBuffer;

  constructor(connection: InputBuffer) {
    this.#connection = connection;
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#done) return null;
    await this.#connection.invite();
    if (this.#left === 0) await this.#nextChunk();
    if (this.#done) return null;
    if (this.#connection.buffered.length === 0) await this.#more();
    const piece = this.#connection.buffered.subarray(0, this.#left);
    this.#connection.consume(piece.length);
    this.#left -= piece.length;
    this.receivedBytes += piece.length;
    return piece;
  }

  async #nextChunk(): Promise<void> {
    if (!this.#first) await this.#line();
    this.#first = false;
    this.#left = Number.parseInt(await this.#line(), 16);
    if (!(this.#left >= 0)) throw new ConnectionLost("malformed chunk size");
    if (this.#left > 0) return;
    while (await this.#line() !== "") continue;
    this.#done = true;
  }

  async #line(): Promise<string> {
    for (;;) {
      const input = this.#connection.buffered;
      const end = input.indexOf(LF);
      if (end >= 0) {
        this.#connection.consume(end + 1);
        return decoder.decode(input.subarray(0, end)).trimEnd();
      }
      if (input.length > MAX_LINE) throw new ConnectionLost("line of a chunked body too long");
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    if (!await this.#connection.fill(CHUNKED_READ)) {
      throw new ConnectionLost("connection closed inside a chunked body");
    }
  }
}
