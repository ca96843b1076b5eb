/**
 * Uploads on a JFS file path, as the old upload host takes them: raw or multipart, always 201, even for wrong content.
 * Source of fact: API reference 5.15.
 */
import { Buffer } from "node:buffer";
import { contentFromHeaders } from "./cphash.ts";
import { ConnectionLost, invalidArgument, noSuchPath, quotaExceeded } from "./errors.ts";
import { type HttpRequest, type HttpResponse, piecesOf, readBytes } from "./http_types.ts";
import type { JfsPath } from "./jfs_path.ts";
import { mountFor } from "./jfs_targets.ts";
import { currentRevision, type FileNode, type Revision } from "./nodes.ts";
import type { Partial } from "./partial.ts";
import {
  addIncomplete,
  complete,
  type ContentFacts,
  isSameContent,
  markCorrupt,
  touch,
} from "./revisions.ts";
import type { Service } from "./service.ts";
import { ensureFile, ensureFolder } from "./tree.ts";
import { nodeDocument, xmlResponse } from "./xml_answer.ts";

/** Multipart bodies are held in memory: no client of ours sends them. */
const MAX_MULTIPART = 256 * 1024 * 1024;

export function isOldUpload(request: HttpRequest): boolean {
  const type = request.headers.get("content-type") ?? "";
  if (type.startsWith("multipart/form-data")) return true;
  if (!type.startsWith("application/octet-stream")) return false;
  return request.params.get("umode") === "nomultipart" ||
    /^[0-9a-f]{32}$/i.test(request.params.get("cphash") ?? "");
}

export async function oldUpload(
  service: Service,
  request: HttpRequest,
  path: JfsPath,
): Promise<HttpResponse> {
  const { account } = service;
  const [device = "", mountName = ""] = path.names;
  if (path.names.length < 3 || account.refusesChanges(device, mountName)) throw noSuchPath(path.text);
  const facts = contentFromHeaders(account, request.headers, request.params.get("cphash") ?? undefined);
  if (account.wouldExceedQuota(facts.size)) throw quotaExceeded();
  const parent = ensureFolder(account, mountFor(account, path), path.names.slice(2, -1));
  const file = ensureFile(account, parent, path.names.at(-1) ?? "");
  await store(service, request, { file, facts });
  return xmlResponse({ status: 201, pieces: nodeDocument(account, file) });
}

async function store(
  service: Service,
  request: HttpRequest,
  wish: { file: FileNode; facts: ContentFacts },
): Promise<void> {
  const { account } = service;
  const { file, facts } = wish;
  const newest = file.revisions[0];
  const resumes = newest?.state === "INCOMPLETE" && isSameContent(newest, facts);
  const revision = resumes ? newest : addIncomplete(account, file, facts);
  const { partial } = revision;
  if (partial === null) return;
  service.stats.uploads += 1;
  const writer = partial.takeOver();
  try {
    for await (const piece of bodyPieces(request)) {
      if (partial.writer !== writer) throw new ConnectionLost("a later request took over this upload");
      if (partial.received + piece.length > facts.size) return fail(service, { file, revision, partial });
      partial.append(piece);
      service.stats.uploadedBytes += piece.length;
    }
  } finally {
    if (partial.writer === writer) partial.rest();
  }
  if (revision.partial !== partial) throw new ConnectionLost("the file was destroyed meanwhile");
  if (partial.received === facts.size) settle(service, { file, revision, partial });
}

interface Attempt {
  readonly file: FileNode;
  readonly revision: Revision;
  readonly partial: Partial;
}

function settle(service: Service, { file, revision, partial }: Attempt): void {
  service.uploads.close(partial.ids);
  const result = partial.finish(revision.md5);
  if (typeof result === "string") markCorrupt(service.account, file, revision);
  else if (isSameContent(currentRevision(file), revision)) {
    file.revisions.shift(); // the same content again is a touch, as with allocate
    touch(service.account, file, revision);
  } else complete(service.account, file, { revision, blob: result });
}

function fail(service: Service, { file, revision, partial }: Attempt): void {
  service.uploads.close(partial.ids);
  partial.discard();
  markCorrupt(service.account, file, revision);
}

async function* bodyPieces(request: HttpRequest): AsyncGenerator<Uint8Array> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("multipart/form-data")) yield* piecesOf(request.body);
  else yield filePart(await readBytes(request.body, MAX_MULTIPART), type);
}

/** The bytes of the part named `file`. */
function filePart(body: Uint8Array, contentType: string): Uint8Array {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;]+))/.exec(contentType) ?? [];
  const boundary = `--${quoted ?? plain ?? ""}`;
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let at = buffer.indexOf(boundary); at >= 0;) {
    const next = buffer.indexOf(`\r\n${boundary}`, at);
    const headEnd = buffer.indexOf("\r\n\r\n", at);
    if (next < 0 || headEnd < 0) break;
    if (/name="?file"?/i.test(buffer.subarray(at, headEnd).toString())) {
      return buffer.subarray(headEnd + 4, next);
    }
    at = next + 2;
  }
  throw invalidArgument("Multipart body has no part named file");
}
