/** What the faults that leave the connection intact do to an answer, and request bodies that break off. */
import { ConnectionLost, ServiceError } from "./errors.ts";
import type { FaultAction } from "./faults.ts";
import type { BodyStream, HttpResponse, RequestBody } from "./http_types.ts";
import { isBodyStream, textResponse } from "./http_types.ts";
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

function streamOf({ body }: HttpResponse): BodyStream {
  if (isBodyStream(body)) return body;
  const bytes = typeof body === "string" ? encoder.encode(body) : body ?? new Uint8Array(0);
  return { length: bytes.length, chunks: [bytes] };
}

/** Cuts to `bytes`; half of a body of known length, 1,000 bytes of another one. */
function truncated(response: HttpResponse, bytes: number | undefined): HttpResponse {
  const { length, chunks } = streamOf(response);
  const keep = Math.min(bytes ?? (length === undefined ? 1000 : Math.floor(length / 2)), length ?? Infinity);
  const cut = firstBytes(chunks, keep);
  return { ...response, body: length === undefined ? { chunks: cut } : { length: keep, chunks: cut } };
}

async function* firstBytes(chunks: BodyStream["chunks"], keep: number): AsyncGenerator<Uint8Array> {
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

/** A request body whose connection dies after `bytes`. */
export function brokenBody(body: RequestBody, bytes: number): RequestBody {
  let left = bytes;
  return {
    declaredLength: body.declaredLength,
    get receivedBytes() {
      return body.receivedBytes;
    },
    async read() {
      if (left === 0) throw new ConnectionLost("dropped by a fault");
      const piece = await body.read();
      const kept = piece?.subarray(0, left) ?? null;
      left -= kept?.length ?? 0;
      return kept;
    },
  };
}
