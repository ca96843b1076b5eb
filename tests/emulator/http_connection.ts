/**
 * One HTTP/1.1 server connection over a Deno TCP socket: request heads, fixed-length and chunked bodies, answers,
 * and real drops. Knows nothing of the service. Why not a ready-made server: see server.ts.
 */
import { ConnectionLost, RequestRefused } from "./errors.ts";
import { ChunkedBody, FixedBody, type InputBuffer } from "./http_bodies.ts";
import {
  type HttpRequest,
  type HttpResponse,
  type RequestBody,
  streamOf,
  textResponse,
} from "./http_types.ts";
import { BodyWriter, renderHead, type WriteHooks } from "./http_writer.ts";

const SMALL_BUFFER = 16 * 1024;
/** For bodies: one read of a fast sender fills it, and 64 connections still cost only 16 MiB. */
const LARGE_BUFFER = 256 * 1024;
const MAX_HEAD = 64 * 1024;
/** How long a refused client may take to read its answer. */
const PARTING_MS = 500;
const REQUEST_LINE = /^([A-Z]+) ([^ ]+) HTTP\/1\.([01])$/;
const CR = 13;
const LF = 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface WriteOptions {
  /** False: says `Connection: close`. */
  readonly keepAlive: boolean;
  /** The answer to HEAD has the head only. */
  readonly headOnly: boolean;
  readonly hooks?: WriteHooks;
}

export class HttpConnection implements InputBuffer {
  readonly #conn: Deno.TcpConn;
  #buffer = new Uint8Array(SMALL_BUFFER);
  #start = 0;
  #end = 0;
  #closed = false;
  /** The client holds its body back until told `100 Continue`. */
  #owesInvitation = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  /** Drops the connection at once; unread input makes the kernel send a reset. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
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
    const [line, method = "", target = "", minor] = REQUEST_LINE.exec(lines[0] ?? "") ?? [];
    if (line === undefined) throw new RequestRefused(400, "The request line cannot be read");
    const headers = parseHeaders(lines);
    const question = target.indexOf("?");
    const query = question < 0 ? "" : target.slice(question + 1);
    return {
      method,
      path: question < 0 ? target : target.slice(0, question),
      query,
      params: new URLSearchParams(query),
      headers,
      keepAlive: minor === "1" && !/\bclose\b/i.test(headers.get("connection") ?? ""),
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
      const length = end < 0 ? input.length : end;
      if (length > MAX_HEAD) throw new RequestRefused(431, "The request head is too long");
      if (end >= 0) {
        const head = decoder.decode(input.subarray(0, end));
        this.consume(end + 4);
        return head;
      }
      if (!await this.fill(SMALL_BUFFER)) {
        if (input.length > 0) throw new ConnectionLost("connection closed inside a request head");
        return null;
      }
    }
  }

  #openBody(headers: ReadonlyMap<string, string>): RequestBody {
    this.#owesInvitation = headers.get("expect")?.toLowerCase() === "100-continue";
    const coding = headers.get("transfer-encoding");
    const length = headers.get("content-length");
    if (coding === undefined) return new FixedBody(this, parseLength(length ?? "0"));
    if (length !== undefined || coding.toLowerCase() !== "chunked") {
      throw new RequestRefused(400, "The framing of the request body is ambiguous");
    }
    return new ChunkedBody(this);
  }

  async invite(): Promise<void> {
    if (!this.#owesInvitation) return;
    this.#owesInvitation = false;
    await this.#write(encoder.encode("HTTP/1.1 100 Continue\r\n\r\n"));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
    } catch (cause) {
      throw new ConnectionLost("peer closed while an answer was written", { cause });
    }
  }

  /** Writes an answer. Throws ConnectionLost when the peer is gone or a hook drops the connection. */
  async writeResponse(response: HttpResponse, options: WriteOptions): Promise<void> {
    const { headOnly, hooks = {} } = options;
    const stream = streamOf(response);
    const chunked = stream.length === undefined;
    const keepAlive = options.keepAlive && !this.#owesInvitation;
    const head = encoder.encode(renderHead(response, stream.length, keepAlive));
    if (headOnly) return await this.#write(head);
    const writer = new BodyWriter((piece) => this.#write(piece), { head, chunked, hooks });
    for await (const piece of stream.chunks) await writer.write(piece);
    await writer.end();
  }

  /**
   * Swallows what is left of a request body, however long: closing with unread input would make the kernel send a
   * reset and lose the answer. False when the client never sends the body, because it was not invited to.
   */
  async drain(body: RequestBody): Promise<boolean> {
    if (this.#owesInvitation) return false;
    while (await body.read() !== null) continue;
    return true;
  }

  /** Answers what could not be read as a request, and gives the client a moment to see it. */
  async refuse({ status, message }: RequestRefused): Promise<void> {
    await this.writeResponse(textResponse(status, message), { keepAlive: false, headOnly: false });
    await this.#conn.closeWrite().catch(() => {});
    const timer = setTimeout(() => this.close(), PARTING_MS);
    await this.waitForPeerToClose();
    clearTimeout(timer);
  }
}

function endOfHead(input: Uint8Array): number {
  for (let at = input.indexOf(CR); at >= 0 && at + 3 < input.length; at = input.indexOf(CR, at + 1)) {
    if (input[at + 1] === LF && input[at + 2] === CR && input[at + 3] === LF) return at;
  }
  return -1;
}

function parseLength(text: string): number {
  const length = Number(/^\d+$/.exec(text)?.[0]);
  if (!Number.isSafeInteger(length)) throw new RequestRefused(400, "Content-Length is not a number");
  return length;
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
