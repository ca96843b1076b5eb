/**
 * `POST <upload_url>`: the bytes. A short or cut body keeps what arrived (420 or nothing), a wrong start is 416, a wrong
 * digest makes the revision CORRUPT (421). Source of fact: API reference 5.14, section 7 row 27.
 */
import { apiPathOf } from "./allocate.ts";
import {
  ConnectionLost,
  corruptUpload,
  incompleteUpload,
  invalidArgument,
  methodNotAllowed,
  noSuchFile,
  rangeNotSatisfied,
  ServiceError,
} from "./errors.ts";
import { type HttpRequest, type HttpResponse, jsonResponse, piecesOf } from "./http_types.ts";
import type { Partial } from "./partial.ts";
import { complete, markCorrupt } from "./revisions.ts";
import { requireAccess, type Service } from "./service.ts";
import type { Upload } from "./uploads.ts";

export async function handleUpload(service: Service, request: HttpRequest): Promise<HttpResponse> {
  requireAccess(service, request);
  if (request.method !== "POST") throw methodNotAllowed(request.method);
  const id = request.path.slice("/upload/".length);
  const upload = service.uploads.find(id, service.account.now());
  const partial = upload?.revision.partial;
  if (upload === undefined || !partial) throw noSuchFile(`upload ${id}`);
  checkStart(request, upload, partial);
  await receive(service, request, { upload, partial });
  const { revision } = upload;
  if (revision.partial !== partial) throw noSuchFile(apiPathOf(upload.file));
  if (partial.received < revision.size) throw incompleteUpload(partial.received, revision.size);
  return finish(service, upload, partial);
}

function checkStart(request: HttpRequest, { revision }: Upload, partial: Partial): void {
  const length = request.body.declaredLength;
  if (length === undefined || !request.headers.has("content-length")) {
    throw new ServiceError(
      411,
      "no.jotta.backup.errors.LengthRequiredException",
      "Content-Length is required",
    );
  }
  const start = rangeStart(request.headers.get("range"));
  if (start !== partial.received) {
    throw rangeNotSatisfied(`Upload must continue at ${partial.received}, not at ${start}`);
  }
  if (start + length > revision.size) {
    throw invalidArgument(`Body is longer than the ${revision.size} bytes allocated`);
  }
}

/** Only the start counts; one client sends an end that is one too large (5.14). */
function rangeStart(header: string | undefined): number {
  if (header === undefined) return 0;
  const [, start] = /^bytes=(\d+)-\d*$/.exec(header.trim()) ?? [];
  if (start === undefined) throw rangeNotSatisfied(`Range ${header} cannot be read`);
  return Number(start);
}

/** Appends the body as it comes; what arrived before a cut stays. */
async function receive(
  service: Service,
  request: HttpRequest,
  { upload, partial }: { upload: Upload; partial: Partial },
): Promise<void> {
  const writer = partial.takeOver();
  service.stats.uploads += 1;
  try {
    for await (const piece of piecesOf(request.body)) {
      if (upload.revision.partial !== partial) throw noSuchFile(apiPathOf(upload.file));
      if (partial.writer !== writer) throw new ConnectionLost("a later request took over this upload");
      partial.append(piece);
      service.stats.uploadedBytes += piece.length;
    }
  } finally {
    if (partial.writer === writer) partial.rest();
  }
}

function finish(service: Service, { file, revision }: Upload, partial: Partial): HttpResponse {
  const { account } = service;
  service.uploads.close(partial.ids);
  const result = partial.finish(revision.md5);
  if (typeof result === "string") {
    markCorrupt(account, file, revision);
    throw corruptUpload(revision.md5, result);
  }
  complete(account, file, { revision, blob: result });
  return jsonResponse({
    path: apiPathOf(file),
    content_id: `${result.md5}-${result.size}`,
    bytes: result.size,
    md5: account.switches.upperCaseMd5 ? result.md5.toUpperCase() : result.md5,
    modified: revision.modified * 1000,
  });
}
