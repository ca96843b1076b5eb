/**
 * The JFS service under `/jfs/`: who may ask, GET modes, and which kind of POST it is. Source of fact: API reference
 * 3, 5.0-5.5, 5.10.
 */
import type { Account } from "./account.ts";
import { deviceDocument, userDocument } from "./account_xml.ts";
import { download } from "./download.ts";
import { invalidArgument, methodNotAllowed, noSuchPath, writeLocked } from "./errors.ts";
import { type HttpRequest, type HttpResponse, textResponse } from "./http_types.ts";
import { runCommand } from "./jfs_commands.ts";
import { findDevice, findTarget, type JfsPath, parseJfsPath } from "./jfs_path.ts";
import { fileDirList, listStream } from "./list_stream.ts";
import { FolderNode, type TreeNode } from "./nodes.ts";
import { isOldUpload, oldUpload } from "./old_upload_host.ts";
import { requireAccess, type Service } from "./service.ts";
import { disableShare, enableShare } from "./shares.ts";
import { thumbnail } from "./thumbnails.ts";
import { virtualDocument } from "./virtual_mounts.ts";
import { nodeDocument, once, xmlResponse } from "./xml_answer.ts";

export async function handleJfs(service: Service, request: HttpRequest): Promise<HttpResponse> {
  requireAccess(service, request);
  const path = parseJfsPath(service.account, request.path);
  if (request.method === "GET") return get(service, request, path);
  if (request.method !== "POST") throw methodNotAllowed(request.method);
  if (service.account.switches.writeLocked) throw writeLocked();
  if (isOldUpload(request)) return await oldUpload(service, request, path);
  if (request.headers.get("content-type")?.startsWith("application/octet-stream")) {
    throw noSuchPath(path.text);
  }
  return xmlResponse(runCommand(service.account, { path, params: request.params, headers: request.headers }));
}

interface Get {
  readonly service: Service;
  readonly request: HttpRequest;
  readonly path: JfsPath;
  readonly node: TreeNode;
}

const MODES: Readonly<Record<string, (get: Get) => HttpResponse>> = {
  bin: download,
  thumb: thumbnail,
  liststream: ({ service, path, node }) => recursive(service.account, liveFolder(node, path), listStream),
  list: ({ service, path, node }) => recursive(service.account, folderOnly(node, path), fileDirList),
  enableShare: ({ service, node }) => {
    enableShare(service.account, node);
    return xmlResponse({ pieces: nodeDocument(service.account, node, true) });
  },
  disableShare: ({ service, node }) => {
    disableShare(service.account, node);
    return xmlResponse({ pieces: nodeDocument(service.account, node, true) });
  },
};

function get(service: Service, request: HttpRequest, path: JfsPath): HttpResponse {
  const { account } = service;
  if (account.switches.percentNamesFail && path.names.some((name) => name.includes("%"))) {
    return textResponse(400, "400 Bad request");
  }
  const [device, mount] = path.names;
  if (device === undefined) return xmlResponse({ pieces: once(userDocument(account)) });
  if (mount === undefined) {
    return xmlResponse({ pieces: once(deviceDocument(account, findDevice(account, path))) });
  }
  const virtual = account.virtualMount(device, mount);
  if (virtual !== undefined) {
    if (path.names.length > 2) throw noSuchPath(path.text);
    return xmlResponse({ pieces: virtualDocument(account, virtual, request.params) });
  }
  const node = findTarget(account, path);
  if (node === undefined) throw noSuchPath(path.text);
  const mode = request.params.get("mode");
  if (mode === null) return xmlResponse({ pieces: nodeDocument(account, node) });
  const handler = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (handler === undefined) throw invalidArgument(`Unknown mode ${mode}`);
  return handler({ service, request, path, node });
}

function recursive(
  account: Account,
  folder: FolderNode,
  render: (account: Account, folder: FolderNode) => Generator<string>,
): HttpResponse {
  return xmlResponse({ pieces: render(account, folder) });
}

function folderOnly(node: TreeNode, path: JfsPath): FolderNode {
  if (!(node instanceof FolderNode)) throw noSuchPath(path.text);
  return node;
}

/** liststream knows live entries only, so a trashed start folder is not there (assumed). */
function liveFolder(node: TreeNode, path: JfsPath): FolderNode {
  const folder = folderOnly(node, path);
  if (folder.deletedAt !== 0) throw noSuchPath(path.text);
  return folder;
}
