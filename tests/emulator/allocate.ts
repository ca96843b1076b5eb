/**
 * `POST /files/v1/allocate`: what happens to a file for which a client promises a content. Source of fact: API
 * reference 5.13, 6.2-6.4, 6.7, section 7 rows 1, 5, 10, 18, 23.
 */
import type { Account } from "./account.ts";
import { invalidArgument, nameConflict, noSuchPath, quotaExceeded, writeLocked } from "./errors.ts";
import { type HttpRequest, type HttpResponse, jsonResponse, readText } from "./http_types.ts";
import { checkName, foldName } from "./names.ts";
import { currentRevision, type Device, FileNode, mountOf, namesTo, type Revision } from "./nodes.ts";
import { addCompleted, addIncomplete, type ContentFacts, isSameContent, touch } from "./revisions.ts";
import { isBehindTls, type Service } from "./service.ts";
import { parseJsonTime } from "./times.ts";
import { ensureFile, ensureFolder, findNode } from "./tree.ts";

/** One origin for uploads behind TLS; the host name of the real one varies (5.13). */
const TLS_UPLOAD_ORIGIN = "https://up.jottacloud.com";

export async function allocate(service: Service, request: HttpRequest): Promise<HttpResponse> {
  const { account } = service;
  if (account.switches.writeLocked) throw writeLocked();
  const wish = parseWish(account, await readText(request.body));
  service.stats.allocations += 1;
  const { device, mountName, names } = splitPath(account, wish.path);
  [mountName, ...names].forEach(checkName);
  const known = device.mounts.get(foldName(mountName));
  const existing = known === undefined ? undefined : findNode(known, names);
  if (wish.rejectConflicts && existing instanceof FileNode && existing.deletedAt === 0) {
    throw nameConflict(`File ${wish.path} already exists`);
  }
  const outcome = decide(account, existing, wish.content);
  if ((outcome === "new" || outcome === "deduplicate") && account.wouldExceedQuota(wish.content.size)) {
    throw quotaExceeded();
  }
  const mount = known ?? account.addMountpoint(device, mountName);
  const file = ensureFile(account, ensureFolder(account, mount, names.slice(0, -1)), names.at(-1) ?? "");
  const revision = apply(account, file, { content: wish.content, outcome });
  return answer(service, request, { file, revision, content: wish.content });
}

interface Wish {
  readonly path: string;
  readonly content: ContentFacts;
  readonly rejectConflicts: boolean;
}

function parseWish(account: Account, text: string): Wish {
  const body = parseObject(text);
  const { path, bytes, md5 } = body;
  if (typeof path !== "string" || path === "") throw invalidArgument("Field path is required");
  const size = typeof bytes === "string" && /^\d+$/.test(bytes) ? Number(bytes) : bytes;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalidArgument("Field bytes is required");
  }
  if (typeof md5 !== "string" || !/^[0-9a-f]{32}$/i.test(md5)) throw invalidArgument("Field md5 is required");
  const created = timeField(account, body, "created");
  const modified = timeField(account, body, "modified");
  return {
    path,
    content: { md5: md5.toLowerCase(), size, created, modified },
    rejectConflicts: body["conflict_handler"] === "REJECT_CONFLICTS",
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch { /* told below */ }
  throw invalidArgument("Body is not a JSON object");
}

function timeField(account: Account, body: Record<string, unknown>, field: string): number {
  const value = body[field];
  if (value === undefined || value === null) return account.now();
  const time = parseJsonTime(value);
  if (time === undefined) throw invalidArgument(`Field ${field} is not a time`);
  return time;
}

/** `/jfs/<device>/<mountpoint>/…`, or the short `<mountpoint>/…` on device Jotta. */
function splitPath(account: Account, path: string): { device: Device; mountName: string; names: string[] } {
  const parts = path.split("/").filter((part) => part !== "");
  const isLong = path.startsWith("/jfs/");
  const [deviceName = "", mountName = "", ...names] = isLong ? parts.slice(1) : ["Jotta", ...parts];
  const device = account.device(deviceName);
  if (device === undefined) throw noSuchPath(path);
  if (names.length === 0 || account.refusesChanges(deviceName, mountName)) {
    throw invalidArgument(`Illegal path ${path}`);
  }
  return { device, mountName, names };
}

/** The row of 6.7 that applies. */
type Outcome = "touch" | "deduplicate" | "resume" | "new";

function decide(account: Account, existing: unknown, content: ContentFacts): Outcome {
  if (existing instanceof FileNode) {
    if (isSameContent(currentRevision(existing), content)) return "touch";
    const newest = existing.revisions[0];
    if (account.blobs.find(content.md5, content.size)) return "deduplicate";
    if (newest?.state === "INCOMPLETE" && isSameContent(newest, content)) return "resume";
  }
  return account.blobs.find(content.md5, content.size) ? "deduplicate" : "new";
}

/** Performs the row; answers the revision that still waits for bytes, if one does. */
function apply(
  account: Account,
  file: FileNode,
  wish: { content: ContentFacts; outcome: Outcome },
): Revision | undefined {
  const { content, outcome } = wish;
  const blob = account.blobs.find(content.md5, content.size);
  if (outcome === "touch") touch(account, file, content);
  else if (outcome === "deduplicate" && blob !== undefined) {
    addCompleted(account, file, { blob, facts: content });
  } else if (outcome === "resume") return resume(file, content);
  else return addIncomplete(account, file, content);
  return undefined;
}

/** The client may have new times; a writer whose connection died unnoticed is pushed aside. */
function resume(file: FileNode, content: ContentFacts): Revision | undefined {
  const revision = file.revisions[0];
  if (revision === undefined) return undefined;
  revision.created = content.created;
  revision.modified = content.modified;
  revision.partial?.takeOver();
  return revision;
}

interface Allocated {
  readonly file: FileNode;
  readonly revision: Revision | undefined;
  readonly content: ContentFacts;
}

function answer(service: Service, request: HttpRequest, allocated: Allocated): HttpResponse {
  const { file, revision, content } = allocated;
  const waiting = revision !== undefined;
  if (!waiting) service.stats.deduplicated += 1;
  const id = waiting ? service.uploads.open(file, revision, service.account.now()) : crypto.randomUUID();
  const origin = isBehindTls(request) ? TLS_UPLOAD_ORIGIN : service.endpoint;
  return jsonResponse({
    name: file.name,
    path: apiPathOf(file),
    state: waiting ? revision.state : "COMPLETED",
    upload_id: id,
    upload_url: `${origin}/upload/${id}`,
    bytes: content.size,
    resume_pos: waiting ? revision.partial?.received ?? 0 : content.size,
  }, waiting ? 200 : 201);
}

/** `/jfs/<device>/<mountpoint>/…` without user and without escaping, as the JSON services write it. */
export function apiPathOf(file: FileNode): string {
  return `/jfs/${mountOf(file)?.device.name ?? ""}/${namesTo(file).join("/")}`;
}
