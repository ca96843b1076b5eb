/**
 * JFS commands: a POST without body, told apart by its query and by what the path names (account, device, mountpoint,
 * below). Source of fact: API reference 3.3, 3.4, 5.5-5.8; section 7 rows 3, 6-11, 20, 24.
 */
import type { Account } from "./account.ts";
import { deviceDocument, userDocument } from "./account_xml.ts";
import { cphash } from "./cphash.ts";
import { noSuchFile, noSuchPath, type ServiceError, unknownCommand } from "./errors.ts";
import { copyFile, moveFile, moveFolder } from "./jfs_moves.ts";
import { findDevice, findTarget, type JfsPath } from "./jfs_path.ts";
import { type Command, mountFor, targetOf } from "./jfs_targets.ts";
import { mountDocument } from "./jfs_xml.ts";
import { checkName, foldName } from "./names.ts";
import { FileNode, FolderNode, type TreeNode } from "./nodes.ts";
import { destroy, ensureFolder, trash } from "./tree.ts";
import { nodeDocument, once, type XmlAnswer } from "./xml_answer.ts";

type Run = (command: Command) => XmlAnswer;

const ON_DEVICE: Readonly<Record<string, Run>> = { type: createDevice, rm: removeDevice };
const ON_MOUNT: Readonly<Record<string, Run>> = { mkDir, dl: trashMount, rm: removeMount };
const BELOW: Readonly<Record<string, Run>> = {
  mkDir,
  dl: trashFile,
  dlDir: trashFolder,
  rm: removeFile,
  rmDir: removeFolder,
  mv: moveFile,
  mvDir: moveFolder,
  cp: copyFile,
  cphash,
};

export interface CommandRequest {
  readonly path: JfsPath;
  readonly params: URLSearchParams;
  readonly headers: ReadonlyMap<string, string>;
}

export function runCommand(account: Account, request: CommandRequest): XmlAnswer {
  const { path, params, headers } = request;
  const level = path.names.length;
  if (level === 0) throw unknownCommand();
  if (account.refusesChanges(path.names[0] ?? "", path.names[1] ?? "")) {
    throw noSuchPath(path.text);
  }
  if (level === 2 && params.size === 0) return createMount({ account, path, value: "", headers });
  const table = level === 1 ? ON_DEVICE : level === 2 ? ON_MOUNT : BELOW;
  const name = Array.from(params.keys()).find((key) => Object.hasOwn(table, key));
  const run = name === undefined ? undefined : table[name];
  if (name === undefined || run === undefined) throw levelFailure(level, params, path);
  return run({ account, path, value: params.get(name) ?? "", headers });
}

/** Folder verbs and moves do not work on devices and mountpoints (3.4): 404; anything else is no command: 500. */
function levelFailure(level: number, params: URLSearchParams, path: JfsPath): ServiceError {
  const isKnownBelow = Array.from(params.keys()).some((key) => Object.hasOwn(BELOW, key));
  return level < 3 && isKnownBelow ? noSuchPath(path.text) : unknownCommand();
}

function answer(account: Account, node: TreeNode, status = 200): XmlAnswer {
  return { status, pieces: nodeDocument(account, node, true) };
}

/** The answer of a destroying command: the parent, without its entries. */
function parentAnswer(account: Account, parent: FolderNode | null): XmlAnswer {
  if (parent === null) return { pieces: once(userDocument(account)) };
  return answer(account, parent);
}

function createDevice({ account, path, value }: Command): XmlAnswer {
  const name = path.names[0] ?? "";
  checkName(name);
  const device = account.device(name) ?? account.addDevice(name, value.toUpperCase());
  return { status: 201, pieces: once(deviceDocument(account, device, true)) };
}

function removeDevice({ account, path }: Command): XmlAnswer {
  const device = findDevice(account, path);
  for (const mount of device.mounts.values()) destroy(account, mount.root);
  account.devices.delete(foldName(device.name));
  return { pieces: once(userDocument(account)) };
}

/** 201 for a new mountpoint, 200 for an existing one; a trashed one comes back (assumed, as with folders). */
function createMount({ account, path }: Command): XmlAnswer {
  const device = findDevice(account, path);
  const existing = device.mounts.get(foldName(path.names[1] ?? ""));
  const mount = existing ?? mountFor(account, path);
  mount.root.deletedAt = 0;
  return { status: existing === undefined ? 201 : 200, pieces: mountDocument(account, mount, true) };
}

function trashMount({ account, path }: Command): XmlAnswer {
  const node = targetOf(account, path, FolderNode);
  trash(account, node);
  return answer(account, node);
}

function removeMount({ account, path }: Command): XmlAnswer {
  const device = findDevice(account, path);
  destroy(account, targetOf(account, path, FolderNode));
  device.mounts.delete(foldName(path.names[1] ?? ""));
  return { pieces: once(deviceDocument(account, device, true)) };
}

function mkDir({ account, path }: Command): XmlAnswer {
  path.names.slice(2).forEach(checkName);
  return answer(account, ensureFolder(account, mountFor(account, path), path.names.slice(2)));
}

/** `dl` on nothing is a success or 404 by switch; the body of that success is the parent (assumed). */
function trashFile({ account, path }: Command): XmlAnswer {
  const node = findTarget(account, path);
  if (node instanceof FileNode) {
    trash(account, node);
    return answer(account, node);
  }
  if (node instanceof FolderNode && account.switches.dlOnFolder === "vanish") {
    const { parent } = node;
    destroy(account, node);
    return parentAnswer(account, parent);
  }
  if (node !== undefined || account.switches.dlMissingStatus === 404) throw noSuchFile(path.text);
  return { pieces: once(userDocument(account)) };
}

function trashFolder({ account, path }: Command): XmlAnswer {
  const folder = targetOf(account, path, FolderNode);
  trash(account, folder);
  return answer(account, folder);
}

function removeFile({ account, path }: Command): XmlAnswer {
  return removeNode(account, targetOf(account, path, FileNode));
}

function removeFolder({ account, path }: Command): XmlAnswer {
  return removeNode(account, targetOf(account, path, FolderNode));
}

function removeNode(account: Account, node: TreeNode): XmlAnswer {
  const { parent } = node;
  destroy(account, node);
  return parentAnswer(account, parent);
}
