/** What a user types where a place is wanted: `remote:path` or a path of this machine. Pure text, no I/O. */
import { UsageError } from "../errors.ts";

export type Location =
  | { readonly kind: "local"; readonly path: string }
  /** `path` is cleaned: no leading, trailing or doubled slash, no `.` and `..`; empty for the root. */
  | { readonly kind: "remote"; readonly remote: string; readonly path: string };

export type LocationPlatform = "linux" | "darwin" | "windows";

/** rclone's rule for the name of a remote, character by character. */
const REMOTE_NAME = /^[\p{L}\p{N}_.+@](?:[\p{L}\p{N}_.+@ -]*[\p{L}\p{N}_.+@-])?$/u;

/**
 * Reads a location as rclone does: what stands before the first `:` is the name of a remote, unless a slash comes
 * before it; on Windows a single letter is a drive. Throws `UsageError`.
 */
export function parseLocation(text: string, platform: LocationPlatform): Location {
  if (text === "") throw new UsageError('Cannot use an empty path: write "." for this directory');
  const colon = text.indexOf(":");
  const head = text.slice(0, colon);
  const isLocal = colon < 0 || /[/\\]/.test(head) || platform === "windows" && /^[A-Za-z]$/.test(head);
  if (isLocal) return { kind: "local", path: text };
  if (head === "" || head.includes(",")) {
    // What stands behind the first comma may be a password.
    const shown = text.replace(/,.*$/s, ",...");
    throw new UsageError(`Cannot use "${shown}": connection strings are not supported yet`, {
      hint: 'Make a remote with "jottash config create" and write NAME:path',
    });
  }
  if (!REMOTE_NAME.test(head)) {
    throw new UsageError(`Cannot use "${text}": "${head}" is not a name for a remote`, {
      hint: `For a file of this machine write "./${text}"`,
    });
  }
  return { kind: "remote", remote: head, path: cleanRemotePath(text.slice(colon + 1), text) };
}

function cleanRemotePath(path: string, text: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) {
      throw new UsageError(`Cannot use "${text}": it leads out of the remote`);
    }
  }
  return names.join("/");
}
