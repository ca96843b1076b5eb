/** What a JFS command works on: the command itself and its source and target nodes. Source of fact: API reference 5.6, 5.7. */
import type { Account } from "./account.ts";
import { noSuchFile, noSuchPath, noSuchSource } from "./errors.ts";
import { findDevice, findTarget, type JfsPath } from "./jfs_path.ts";
import { checkName, foldName } from "./names.ts";
import { FileNode, type Mountpoint, type TreeNode } from "./nodes.ts";

export interface Command {
  readonly account: Account;
  readonly path: JfsPath;
  /** The command's own value: `true`, or the target path. */
  readonly value: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** The mountpoint of a path, created when missing. */
export function mountFor(account: Account, path: JfsPath): Mountpoint {
  const device = findDevice(account, path);
  const name = path.names[1] ?? "";
  const existing = device.mounts.get(foldName(name));
  if (existing !== undefined) return existing;
  checkName(name);
  return account.addMountpoint(device, name);
}

/** The node of the wanted kind at a path, else the 404 of that kind. */
export function targetOf<T extends TreeNode>(
  account: Account,
  path: JfsPath,
  kind: abstract new (...args: never[]) => T,
): T {
  const node = findTarget(account, path);
  if (node instanceof kind) return node;
  throw Object.is(kind, FileNode) ? noSuchFile(path.text) : noSuchPath(path.text);
}

/** The live source of a move or copy (a trashed one is assumed not to be there), with the texts of 5.7. */
export function sourceOf<T extends TreeNode>(
  account: Account,
  path: JfsPath,
  kind: abstract new (...args: never[]) => T,
): T {
  const node = findTarget(account, path);
  if (node instanceof kind && node.deletedAt === 0) return node;
  throw noSuchSource(Object.is(kind, FileNode) ? "file" : "directory", path.text);
}
