/**
 * What a listing of the disk means: no I/O.
 *
 * The runtime shows each byte that is not UTF-8 as U+FFFD and cannot open such a file under any name (stack.md J).
 * Such a name is told from one that really holds U+FFFD by `lstat` not finding it, or by standing twice in a listing.
 */
import type { FileInfo, ListedItem } from "../edges.ts";
import { FileNotFoundError, JottashError, LocalError } from "../errors.ts";
import type { DirectoryEntry, Entry, FileEntry, SpecialEntry } from "../tree/tree.ts";
import { isTemporaryName } from "./pending_file.ts";

const REPLACEMENT = "\ufffd";

const SPECIAL_REASONS: Readonly<Record<Exclude<FileInfo["kind"], "file" | "directory">, string>> = {
  symlink: "it is a symbolic link",
  other: "it is a device, a pipe or a socket",
};

interface EntryPaths {
  /** Path in the tree, for a name on disk. */
  readonly toPath: (name: string) => string;
  /** Path on the disk, for messages. */
  readonly toLocalPath: (name: string) => string;
}

/** The entries of one directory; files that have gone since it was read are left out. */
export function toEntries(items: readonly ListedItem[], paths: EntryPaths): Entry[] {
  const repeated = repeatedDamagedNames(items);
  const entries: Entry[] = [];
  for (const { name, info } of items) {
    const path = paths.toPath(name);
    const isMissing = info instanceof FileNotFoundError;
    if (repeated.has(name) || (isMissing && name.includes(REPLACEMENT))) {
      entries.push({ kind: "unreadable", path, error: notUtf8(paths.toLocalPath(name)) });
    } else if (isTemporaryName(name)) {
      entries.push({ kind: "special", path, reason: "it is an unfinished download" });
    } else if (info instanceof JottashError) {
      if (!isMissing) entries.push({ kind: "unreadable", path, error: info });
    } else {
      entries.push(toEntry(path, info));
    }
  }
  return entries;
}

/** One file or directory that can be looked at. */
export function toEntry(path: string, info: FileInfo): FileEntry | DirectoryEntry | SpecialEntry {
  const { kind, size, modifiedAtMs, createdAtMs } = info;
  const exact = info.modifiedAtNs === undefined ? {} : { modifiedAtNs: info.modifiedAtNs };
  if (kind === "file") return { kind, path, size, modifiedAtMs, createdAtMs, ...exact };
  if (kind === "directory") return { kind, path, modifiedAtMs, ...exact };
  return { kind: "special", path, reason: SPECIAL_REASONS[kind] };
}

function repeatedDamagedNames(items: readonly ListedItem[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name } of items) {
    if (!name.includes(REPLACEMENT)) continue;
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}

function notUtf8(localPath: string): LocalError {
  return new LocalError(`Cannot read "${localPath}": its name is not valid UTF-8`, {
    hint: "Rename it, for instance with convmv",
    data: { path: localPath },
  });
}
