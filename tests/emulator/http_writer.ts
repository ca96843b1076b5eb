/** Framing of answers: the head, fixed-length and chunked bodies, and the faults that strike in the middle of one. */
import { ConnectionLost, reasonOf } from "./errors.ts";
import type { HttpResponse } from "./http_types.ts";

/** Up to this size a piece is sent together with the head. */
const SMALL_PIECE = 16 * 1024;

const encoder = new TextEncoder();

export interface WriteHooks {
  /** Told the size of each piece of body before it is sent. */
  readonly onBodyBytes?: (count: number) => void;
  /** Drop the connection after this many body bytes. */
  readonly dropAfterBytes?: number;
  /** Called once before the body byte of this index is written. */
  readonly pause?: { readonly afterBytes: number; readonly wait: () => Promise<void> };
}

interface BodyWriterOptions {
  readonly head: Uint8Array;
  readonly chunked: boolean;
  readonly hooks: WriteHooks;
}

/** Frames a body; the head leaves together with the first piece, so a small answer is one packet. */
export class BodyWriter {
  bodyBytes = 0;
  #pending: Uint8Array | null;
  #paused = false;
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  readonly #options: BodyWriterOptions;

  constructor(send: (bytes: Uint8Array) => Promise<void>, options: BodyWriterOptions) {
    this.#send = send;
    this.#options = options;
    this.#pending = options.head;
  }

  async write(piece: Uint8Array): Promise<void> {
    const { dropAfterBytes, pause } = this.#options.hooks;
    if (pause !== undefined && !this.#paused && this.bodyBytes + piece.length > pause.afterBytes) {
      this.#paused = true;
      const before = pause.afterBytes - this.bodyBytes;
      await this.#frame(piece.subarray(0, before));
      await pause.wait();
      return await this.write(piece.subarray(before));
    }
    if (dropAfterBytes !== undefined && this.bodyBytes + piece.length >= dropAfterBytes) {
      await this.#frame(piece.subarray(0, dropAfterBytes - this.bodyBytes));
      throw new ConnectionLost("dropped by a fault");
    }
    await this.#frame(piece);
  }

  async end(): Promise<void> {
    if (this.#options.hooks.dropAfterBytes !== undefined) throw new ConnectionLost("dropped by a fault");
    if (this.#options.chunked) await this.#flush(encoder.encode("0\r\n\r\n"));
    else await this.#flush(new Uint8Array(0));
  }

  async #frame(piece: Uint8Array): Promise<void> {
    if (piece.length === 0) return await this.#flush(piece);
    this.bodyBytes += piece.length;
    this.#options.hooks.onBodyBytes?.(piece.length);
    if (this.#options.chunked) {
      const size = encoder.encode(`${piece.length.toString(16)}\r\n`);
      await this.#flush(concat(size, piece, encoder.encode("\r\n")));
    } else await this.#flush(piece);
  }

  async #flush(piece: Uint8Array): Promise<void> {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) await this.#send(piece);
    else if (piece.length <= SMALL_PIECE) await this.#send(concat(pending, piece));
    else {
      await this.#send(pending);
      await this.#send(piece);
    }
  }
}

export function renderHead(response: HttpResponse, length: number | undefined, keepAlive: boolean): string {
  let head = `HTTP/1.1 ${response.status} ${reasonOf(response.status)}\r\n`;
  for (const [name, value] of Object.entries(response.headers ?? {})) head += `${name}: ${value}\r\n`;
  if (length === undefined) head += "transfer-encoding: chunked\r\n";
  else if (response.status !== 204) head += `content-length: ${length}\r\n`;
  if (!keepAlive) head += "connection: close\r\n";
  return `${head}\r\n`;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
