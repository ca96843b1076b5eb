/**
 * JFS paths: decoding as the service does it (`+` is a space), the user check, and finding the node. Source of fact:
 * API reference 1, 2.5, 5.0, 6.1.
 */
import { noSuchPath, noUserInUrl, tokenMismatch, undecodablePath } from "./errors.ts";
import type { Account } from "./account.ts";
import { foldName } from "./names.ts";
import type { Device, TreeNode } from "./nodes.ts";
import { findNode } from "./tree.ts";

export interface JfsPath {
  /** Device, mountpoint and names below; empty for the account itself. */
  readonly names: readonly string[];
  readonly hasTrailingSlash: boolean;
  /** Decoded, as error texts show it: `/<user>/…`. */
  readonly text: string;
}

/** Decodes the raw path behind `/jfs` and checks its user. */
export function parseJfsPath(account: Account, rawPath: string): JfsPath {
  const raw = rawPath.replace(/^\/jfs\/*/, "");
  const rawUser = raw.split("/")[0] ?? "";
  if (rawUser.includes("+")) throw undecodablePath(rawUser);
  return checkUser(account, decodePath(raw));
}

/** The value of `mv`, `mvDir`, `cp`: an absolute path, already decoded by the query. */
export function parseTargetPath(account: Account, value: string): JfsPath {
  return checkUser(account, value);
}

function checkUser(account: Account, decoded: string): JfsPath {
  const [user, ...names] = decoded.split("/").filter((name) => name !== "");
  if (user === undefined) throw noUserInUrl();
  if (user !== account.username) throw tokenMismatch();
  return { names, hasTrailingSlash: decoded.endsWith("/"), text: `/${[user, ...names].join("/")}` };
}

function decodePath(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll("+", " "));
  } catch {
    throw undecodablePath(raw);
  }
}

export function findDevice(account: Account, path: JfsPath): Device {
  const device = account.device(path.names[0] ?? "");
  if (device === undefined) throw noSuchPath(path.text);
  return device;
}

/** What is at a path; throws 404 when already its device or mountpoint is missing. */
export function findTarget(account: Account, path: JfsPath): TreeNode | undefined {
  const mount = findDevice(account, path).mounts.get(foldName(path.names[1] ?? ""));
  if (mount === undefined) throw noSuchPath(path.text);
  return findNode(mount, path.names.slice(2));
}
