/**
 * One HTTP/1.1 server connection over a Deno TCP socket: request heads, fixed-length and chunked bodies, answers,
 * and real drops. Knows nothing of the service. Why not a ready-made server: see server.ts.
 */
import { ConnectionLost } from "./errors.ts";
import { ChunkedBody, FixedBody, type InputBuffer } from "./http_bodies.ts";
import type { BodyStream, HttpRequest, HttpResponse, RequestBody } from "./http_types.ts";
import { isBodyStream } from "./http_types.ts";
import { BodyWriter, renderHead, type WriteHooks } from "./http_writer.ts";

const SMALL_BUFFER = 16 * 1024;
/** For bodies: one read of a fast sender fills it, and 64 connections still cost only 16 MiB. */
const LARGE_BUFFER = 256 * 1024;
const MAX_HEAD = 64 * 1024;
/** How much of an unread body is swallowed to keep the connection; a longer one ends it. */
const MAX_DRAIN = 64 * 1024 * 1024;
const CR = 13;
const LF = 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class HttpConnection implements InputBuffer {
  readonly #conn: Deno.TcpConn;
  #buffer = new Uint8Array(SMALL_BUFFER);
  #start = 0;
  #end = 0;
  #closed = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  /** Drops the connection at once; unread input makes the kernel send a reset. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Reads and throws away until the peer closes: a stall that ends when the client gives up. */
  async waitForPeerToClose(): Promise<void> {
    do this.#start = this.#end; while (await this.fill(LARGE_BUFFER));
  }

  /** The next request, or null when the peer closed between requests. */
  async readRequest(): Promise<HttpRequest | null> {
    const head = await this.#readHead();
    if (head === null) return null;
    const lines = head.split("\r\n");
    const [method = "", target = "/"] = (lines[0] ?? "").split(" ");
    const headers = parseHeaders(lines);
    const question = target.indexOf("?");
    const query = question < 0 ? "" : target.slice(question + 1);
    return {
      method,
      path: question < 0 ? target : target.slice(0, question),
      query,
      params: new URLSearchParams(query),
      headers,
      body: this.#openBody(headers),
    };
  }

  /** Unread input in the buffer. */
  get buffered(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  consume(count: number): void {
    this.#start += count;
  }

  /** Reads more input behind what is buffered; false at the end of the stream. `wanted` sizes the buffer. */
  async fill(wanted: number): Promise<boolean> {
    if (this.#start === this.#end) this.#start = this.#end = 0;
    if (this.#end === this.#buffer.length || (this.#end === 0 && wanted > this.#buffer.length)) {
      this.#makeRoom();
    }
    let count: number | null;
    try {
      count = await this.#conn.read(this.#buffer.subarray(this.#end));
    } catch {
      return false;
    }
    if (count === null) return false;
    this.#end += count;
    return true;
  }

  #makeRoom(): void {
    const held = this.buffered;
    const target = held.length < LARGE_BUFFER && this.#buffer.length < LARGE_BUFFER
      ? new Uint8Array(LARGE_BUFFER)
      : this.#buffer;
    if (target === this.#buffer) target.copyWithin(0, this.#start, this.#end);
    else target.set(held);
    this.#buffer = target;
    this.#start = 0;
    this.#end = held.length;
  }

  async #readHead(): Promise<string | null> {
    for (;;) {
      const input = this.buffered;
      const end = endOfHead(input);
      if (end >= 0) {
        const head = decoder.decode(input.subarray(0, end));
        this.consume(end + 4);
        return head;
      }
      if (input.length > MAX_HEAD) throw new ConnectionLost("request head too long");
      if (!await this.fill(SMALL_BUFFER)) {
        if (input.length > 0) throw new ConnectionLost("connection closed inside a request head");
        return null;
      }
    }
  }

  #openBody(headers: ReadonlyMap<string, string>): RequestBody {
    const expectsContinue = headers.get("expect")?.toLowerCase() === "100-continue";
    const greet = expectsContinue ? () => this.#write(encoder.encode("HTTP/1.1 100 Continue\r\n\r\n")) : null;
    if (/\bchunked\b/i.test(headers.get("transfer-encoding") ?? "")) return new ChunkedBody(this, greet);
    return new FixedBody(this, Number(headers.get("content-length") ?? 0) || 0, greet);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
    } catch (cause) {
      throw new ConnectionLost("peer closed while an answer was written", { cause });
    }
  }

  /**
   * Writes an answer. Throws ConnectionLost when the peer is gone or a hook
   * drops the connection.
   */
  async writeResponse(response: HttpResponse, keepAlive: boolean, hooks: WriteHooks = {}): Promise<void> {
    const { body } = response;
    const bytes = typeof body === "string" ? encoder.encode(body) : body;
    const stream: BodyStream = isBodyStream(bytes)
      ? bytes
      : { length: bytes?.length ?? 0, chunks: bytes ? [bytes] : [] };
    const chunked = stream.length === undefined;
    const head = encoder.encode(renderHead(response, stream.length, keepAlive));
    const writer = new BodyWriter((piece) => this.#write(piece), { head, chunked, hooks });
    for await (const piece of stream.chunks) await writer.write(piece);
    await writer.end();
  }

  /** Swallows what is left of a request body; false when there is too much of it to be worth it. */
  async drain(body: RequestBody): Promise<boolean> {
    if (body.declaredLength !== undefined && body.declaredLength - body.receivedBytes > MAX_DRAIN) {
      return false;
    }
    while (await body.read() !== null) {
      if (body.receivedBytes > MAX_DRAIN) return false;
    }
    return true;
  }
}

function endOfHead(input: Uint8Array): number {
  for (let at = input.indexOf(CR); at >= 0 && at + 3 < input.length; at = input.indexOf(CR, at + 1)) {
    if (input[at + 1] === LF && input[at + 2] === CR && input[at + 3] === LF) return at;
  }
  return -1;
}

function parseHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return headers;
}
