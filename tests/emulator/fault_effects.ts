/** What faults do to an answer that leaves the connection intact, and to the body of a request. */
import { ConnectionLost, ServiceError } from "./errors.ts";
import type { FaultAction } from "./faults.ts";
import {
  type BodyStream,
  type HttpRequest,
  type HttpResponse,
  piecesOf,
  type RequestBody,
  streamOf,
  textResponse,
} from "./http_types.ts";
import { jsonError } from "./json_api.ts";
import { errorDocument } from "./xml_text.ts";

const encoder = new TextEncoder();

/** The answer of a `status` fault. */
export function statusResponse(action: FaultAction & { kind: "status" }): HttpResponse {
  const error = new ServiceError(
    action.status,
    "no.jotta.backup.errors.EmulatedFault",
    "Fault of the emulator",
  );
  const response = action.body === "json" ? jsonError(error) : action.body === "xml"
    ? {
      status: action.status,
      headers: { "content-type": "text/xml;charset=UTF-8" },
      body: errorDocument(error),
    }
    : textResponse(action.status, `${action.status} fault of the emulator`);
  if (action.retryAfterSeconds === undefined) return response;
  return { ...response, headers: { ...response.headers, "retry-after": String(action.retryAfterSeconds) } };
}

/** The answer changed as the action says; other actions leave it alone. */
export function alterResponse(response: HttpResponse, action: FaultAction): HttpResponse {
  if (action.kind === "truncateBody" || action.kind === "truncateXml") {
    return truncated(response, action.bytes);
  }
  if (action.kind === "corruptBody") {
    return { ...response, body: corrupted(streamOf(response), action.at ?? 0) };
  }
  if (action.kind === "malformedXml") return { ...response, body: malformed(streamOf(response)) };
  return response;
}

/** Cuts to `bytes`; half of a body of known length, 1,000 bytes of another one. */
function truncated(response: HttpResponse, bytes: number | undefined): HttpResponse {
  const { length, chunks } = streamOf(response);
  const keep = Math.min(bytes ?? (length === undefined ? 1000 : Math.floor(length / 2)), length ?? Infinity);
  const cut = firstBytes(chunks, keep);
  return { ...response, body: length === undefined ? { chunks: cut } : { length: keep, chunks: cut } };
}

async function* firstBytes(chunks: BodyStream["chunks"], keep: number): AsyncGenerator<Uint8Array> {
  if (keep === 0) return;
  let left = keep;
  for await (const chunk of chunks) {
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    if (piece.length > 0) yield piece;
    if (left === 0) return;
  }
}

function corrupted({ length, chunks }: BodyStream, at: number): BodyStream {
  return { ...(length === undefined ? {} : { length }), chunks: withFlippedByte(chunks, at) };
}

async function* withFlippedByte(chunks: BodyStream["chunks"], at: number): AsyncGenerator<Uint8Array> {
  let before = 0;
  for await (const chunk of chunks) {
    const index = at - before;
    before += chunk.length;
    if (index < 0 || index >= chunk.length) yield chunk;
    else {
      const copy = chunk.slice();
      copy[index] = (copy[index] ?? 0) ^ 0xff;
      yield copy;
    }
  }
}

const MALFORMED_TAIL = encoder.encode("<unclosed attribute=nothing>&broken</mismatch>");

function malformed({ chunks }: BodyStream): BodyStream {
  return { chunks: withTail(chunks) };
}

async function* withTail(chunks: BodyStream["chunks"]): AsyncGenerator<Uint8Array> {
  yield* chunks;
  yield MALFORMED_TAIL;
}

/** The request changed as the action says; other actions leave it alone. */
export function alterRequest(request: HttpRequest, action: FaultAction): HttpRequest {
  const { body } = request;
  if (action.kind === "dropRequestAfterBytes") {
    return { ...request, body: bodyFrom(body, dying(firstBytes(piecesOf(body), action.bytes))) };
  }
  if (action.kind === "shortenRequest") {
    return { ...request, body: bodyFrom(body, firstBytes(piecesOf(body), action.bytes)) };
  }
  if (action.kind === "corruptRequest") {
    return { ...request, body: bodyFrom(body, withFlippedByte(piecesOf(body), action.at ?? 0)) };
  }
  return request;
}

/** Other pieces in place of a body's own. */
function bodyFrom(body: RequestBody, pieces: AsyncGenerator<Uint8Array>): RequestBody {
  return {
    declaredLength: body.declaredLength,
    get receivedBytes() {
      return body.receivedBytes;
    },
    async read() {
      const next = await pieces.next();
      return next.done ? null : next.value;
    },
  };
}

async function* dying(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
  throw new ConnectionLost("dropped by a fault");
}
