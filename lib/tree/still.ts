/** Is a file that was listed some time ago still the same? Asked before it is removed. */
import { ConflictError } from "../errors.ts";
import type { Entry, FileEntry } from "./tree.ts";

/** Throws `ConflictError` when what is there now has another content: by its MD5, or where that is not known by its time. */
export function requireStill(listed: FileEntry, now: Entry | undefined, action: string): void {
  if (now?.kind === "file" && now.size === listed.size && isSameState(listed, now)) return;
  throw new ConflictError(`Cannot ${action}: another program has changed it meanwhile`, {
    hint: "Look what it is; the next run takes it as it is then",
    data: { path: listed.path },
  });
}

function isSameState(listed: FileEntry, now: FileEntry): boolean {
  if (listed.md5 !== undefined && now.md5 !== undefined) return listed.md5 === now.md5;
  return listed.modifiedAtMs === now.modifiedAtMs;
}
