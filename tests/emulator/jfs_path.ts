/**
 * JFS paths: decoding as the service does it (`+` is a space), the user check, and finding the node. Source of fact:
 * API reference 1, 2.5, 5.0, 6.1.
 */
import { noSuchPath, noUserInUrl, tokenMismatch, undecodablePath } from "./errors.ts";
import type { Account } from "./account.ts";
import { foldName } from "./names.ts";
import type { Device, Mountpoint, TreeNode } from "./nodes.ts";
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

/** Device, mountpoint and the rest; throws 404 when one of the first two is missing. */
export interface MountLocation {
  readonly device: Device;
  readonly mount: Mountpoint;
  readonly names: readonly string[];
}

export function findDevice(account: Account, path: JfsPath): Device {
  const device = account.device(path.names[0] ?? "");
  if (device === undefined) throw noSuchPath(path.text);
  return device;
}

export function findMount(account: Account, path: JfsPath): MountLocation {
  const device = findDevice(account, path);
  const mount = device.mounts.get(foldName(path.names[1] ?? ""));
  if (mount === undefined) throw noSuchPath(path.text);
  return { device, mount, names: path.names.slice(2) };
}

export function findTarget(account: Account, path: JfsPath): TreeNode | undefined {
  const { mount, names } = findMount(account, path);
  return findNode(mount, names);
}
