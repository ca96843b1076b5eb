/** What a user types where a place is wanted: `remote:path` or a path of this machine. Pure text, no I/O. */
import { UsageError } from "../errors.ts";
import { parseConnectionString, type RemoteReference, withoutParameters } from "./connection_string.ts";

export interface RemoteLocation {
  readonly kind: "remote";
  readonly remote: RemoteReference;
  /** Cleaned: no leading, trailing or doubled slash, no `.` and `..`; empty for the root. */
  readonly path: string;
}

export type Location = { readonly kind: "local"; readonly path: string } | RemoteLocation;

export type LocationPlatform = "linux" | "darwin" | "windows";

/**
 * Reads a location as rclone does: what stands before the first `:` names a remote, unless a slash comes before it;
 * on Windows a single letter is a drive. Throws `UsageError` that shows no value of a connection string.
 */
export function parseLocation(text: string, platform: LocationPlatform): Location {
  if (text === "") throw new UsageError('Cannot use an empty path: write "." for this directory');
  const isDrive = platform === "windows" && /^[A-Za-z]:/.test(text);
  const remote = isDrive ? undefined : parseConnectionString(text);
  if (remote === undefined) return { kind: "local", path: text };
  // A backslash is part of a name, but for Windows, where it stands between names.
  const path = platform === "windows" ? remote.path.replaceAll("\\", "/") : remote.path;
  return { kind: "remote", remote: remote.remote, path: cleanRemotePath(path, text) };
}

function cleanRemotePath(path: string, text: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) {
      throw new UsageError(`Cannot use "${withoutParameters(text)}": it leads out of the remote`);
    }
  }
  return names.join("/");
}
