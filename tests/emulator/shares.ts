/** Public links. Source of fact: API reference 5.10, section 7 rows 16, 26. */
import { randomBytes } from "node:crypto";
import type { Account } from "./account.ts";
import { contentResponse } from "./download.ts";
import { noSuchFile, ServiceError } from "./errors.ts";
import type { HttpRequest, HttpResponse } from "./http_types.ts";
import { currentRevision, FileNode, type TreeNode } from "./nodes.ts";
import type { Service } from "./service.ts";

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

const PUBLIC = /^\/opin\/io\/(?:downloadPublic|streamPublic)\/([^/]+)\/([0-9a-f]{32})$/;

/** Downloads by link, without authentication; 404 while the file is in the trash. */
export function handlePublicDownload(service: Service, request: HttpRequest): HttpResponse {
  const [, user, uri = ""] = PUBLIC.exec(request.path) ?? [];
  const node = user === service.account.username ? service.account.shares.get(uri) : undefined;
  if (node === undefined || node.deletedAt !== 0) throw noSuchFile(uri);
  if (!(node instanceof FileNode)) {
    throw new ServiceError(
      501,
      "no.jotta.backup.errors.NotImplementedException",
      "Folder links are not emulated",
    );
  }
  const revision = currentRevision(node);
  if (revision === undefined) throw noSuchFile(uri);
  return contentResponse(service, request, { revision, name: node.name });
}

/** The web page of a link: only that it exists. */
export function handleSharePage(service: Service, request: HttpRequest): HttpResponse {
  const node = service.account.shares.values().find((shared) =>
    shared.share?.publicSharePath === request.path
  );
  const found = node !== undefined && node.deletedAt === 0;
  return {
    status: found ? 200 : 404,
    headers: { "content-type": "text/html" },
    body: found ? "<!doctype html><title>Shared</title>" : "<!doctype html><title>Not found</title>",
  };
}
