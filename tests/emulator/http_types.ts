/** The plain values that travel between the HTTP front and the emulated services. */

/** Request body, read in order. A chunk is valid only until the next read. */
export interface RequestBody {
  /** Content-Length; undefined for a chunked body. */
  readonly declaredLength: number | undefined;
  /** Body bytes read from the connection so far. */
  readonly receivedBytes: number;
  /** Next piece, or null at the proper end; throws ConnectionLost when the peer went away before it. */
  read(): Promise<Uint8Array | null>;
}

export interface HttpRequest {
  readonly method: string;
  /** Raw path as sent: neither decoded nor normalised. */
  readonly path: string;
  /** Raw query without `?`. */
  readonly query: string;
  readonly params: URLSearchParams;
  /** Lower-case names; repeated headers are joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** The connection may be used again: HTTP/1.1 without `Connection: close`. */
  readonly keepAlive: boolean;
  readonly body: RequestBody;
}

/** A body produced piece by piece. A piece is written before the next one is asked for, so it may be reused. */
export interface BodyStream {
  /** Known total, else the answer is chunked. */
  readonly length?: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const encoder = new TextEncoder();

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | BodyStream;
}

function isBodyStream(body: HttpResponse["body"]): body is BodyStream {
  return typeof body === "object" && "chunks" in body;
}

/** The body of an answer as a stream of known or unknown length. */
export function streamOf({ body }: HttpResponse): BodyStream {
  if (isBodyStream(body)) return body;
  const bytes = typeof body === "string" ? encoder.encode(body) : body ?? new Uint8Array(0);
  return { length: bytes.length, chunks: [bytes] };
}

/** The rest of a body, piece by piece; a piece is valid only until the next one is asked for. */
export async function* piecesOf(body: RequestBody): AsyncGenerator<Uint8Array> {
  for (let piece = await body.read(); piece !== null; piece = await body.read()) yield piece;
}

const MAX_SMALL_BODY = 1 << 20;

/** The whole body as text; for the small JSON and form bodies only. */
export async function readText(body: RequestBody): Promise<string> {
  const bytes = await readBytes(body, MAX_SMALL_BODY);
  return new TextDecoder().decode(bytes);
}

/** The whole body, at most `limit` bytes (the rest is left unread). */
export async function readBytes(body: RequestBody, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let piece = await body.read(); piece !== null && total < limit; piece = await body.read()) {
    parts.push(piece.slice());
    total += piece.length;
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function jsonResponse(value: unknown, status = 200): HttpResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

export function textResponse(status: number, text: string): HttpResponse {
  return { status, headers: { "content-type": "text/plain" }, body: text };
}

const CHUNK_CHARACTERS = 48 * 1024;

/**
 * Text pieces as UTF-8 chunks of about 48 KiB: a document of half a million entries never exists as a whole. A
 * document that fits one chunk becomes a plain string body (so it gets a Content-Length).
 */
export function textBody(pieces: Generator<string>): string | BodyStream {
  const first = takeChunk(pieces);
  if (first.done) return first.text;
  return { chunks: remainingChunks(first.text, pieces) };
}

function takeChunk(pieces: Generator<string>): { text: string; done: boolean } {
  let text = "";
  while (text.length < CHUNK_CHARACTERS) {
    const next = pieces.next();
    if (next.done) return { text, done: true };
    text += next.value;
  }
  return { text, done: false };
}

function* remainingChunks(first: string, pieces: Generator<string>): Generator<Uint8Array> {
  yield encoder.encode(first);
  for (;;) {
    const { text, done } = takeChunk(pieces);
    if (text.length > 0) yield encoder.encode(text);
    if (done) return;
  }
}
