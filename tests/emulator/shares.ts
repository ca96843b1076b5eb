/** Public links. Source of fact: API reference 5.10, section 7 rows 16, 26. */
import { randomBytes } from "node:crypto";
import type { Account } from "./account.ts";
import { contentResponse } from "./download.ts";
import { noSuchFile, ServiceError } from "./errors.ts";
import type { HttpRequest, HttpResponse } from "./http_types.ts";
import { currentRevision, FileNode, type FolderNode, type TreeNode } from "./nodes.ts";
import type { Service } from "./service.ts";
import { pictureOf } from "./thumbnails.ts";
import { zipOf } from "./zip.ts";

/** Enabling twice keeps the link. */
export function enableShare(account: Account, node: TreeNode): void {
  if (node.share !== null) return;
  const publicUri = randomBytes(16).toString("hex");
  node.share = { publicUri, publicSharePath: `/s/${randomBytes(17).toString("base64url").slice(0, 22)}` };
  account.shares.set(publicUri, node);
}

export function disableShare(account: Account, node: TreeNode): void {
  if (node.share !== null) account.shares.delete(node.share.publicUri);
  node.share = null;
}

const PUBLIC = /^\/opin\/io\/(downloadPublic|streamPublic|publicThumb)\/([^/]+)\/([0-9a-f]{32})$/;

/** Downloads by link, without authentication; 404 while the object is in the trash. */
export function handlePublicDownload(service: Service, request: HttpRequest): HttpResponse {
  const [, variant, user, uri = ""] = PUBLIC.exec(request.path) ?? [];
  const node = user === service.account.username ? service.account.shares.get(uri) : undefined;
  if (node === undefined || node.deletedAt !== 0) throw noSuchFile(uri);
  if (variant === "publicThumb") return pictureOf(node, uri);
  if (!(node instanceof FileNode)) return folderResponse(service, node);
  const revision = currentRevision(node);
  if (revision === undefined) throw noSuchFile(uri);
  return contentResponse(service, request, { revision, name: node.name });
}

function folderResponse({ account, stats }: Service, folder: FolderNode): HttpResponse {
  const body = zipOf(account.blobs, folder);
  if (body === undefined) {
    throw new ServiceError(
      501,
      "no.jotta.backup.errors.NotImplementedException",
      "Folder links of more than 4 GiB or 65535 entries are not emulated",
    );
  }
  stats.downloads += 1;
  stats.downloadedBytes += body.length;
  return { status: 200, headers: { "content-type": "application/zip" }, body };
}

const PAGE = /^\/p\/([^/]+)\/([0-9a-f]{32})$/;

/** The web page of a link, in today's and in the historical form: only that it exists. */
export function handleSharePage({ account }: Service, request: HttpRequest): HttpResponse {
  const [, user, uri = ""] = PAGE.exec(request.path) ?? [];
  const node = user === account.username
    ? account.shares.get(uri)
    : account.shares.values().find(({ share }) => share?.publicSharePath === request.path);
  const found = node !== undefined && node.deletedAt === 0;
  return {
    status: found ? 200 : 404,
    headers: { "content-type": "text/html" },
    body: found ? "<!doctype html><title>Shared</title>" : "<!doctype html><title>Not found</title>",
  };
}
