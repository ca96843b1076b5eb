/**
 * What a listing of the disk means: no I/O.
 *
 * The runtime shows each byte that is not UTF-8 as U+FFFD and cannot open such a file under any name (stack.md J).
 * Such a name is told from one that really holds U+FFFD by `lstat` not finding it, or by standing twice in a listing.
 */
import type { FileInfo, ListedItem } from "../edges.ts";
import { FileNotFoundError, JottashError, LocalError } from "../errors.ts";
import type { DirectoryEntry, Entry, FileEntry, SpecialEntry } from "../tree/tree.ts";
import { linkFilePath, linkPathOf, takenForLink } from "./link_file.ts";
import type { ResolvedItem } from "./listed_links.ts";
import type { LinkRule } from "./local_rules.ts";
import { isTemporaryName } from "./temporary_name.ts";

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

interface EntryOptions extends EntryPaths {
  readonly links: LinkRule;
  /** End of temporary names, besides the usual ones. */
  readonly partialSuffix: string | undefined;
  /** Directories on other devices are left out; undefined where they are not. */
  readonly device: string | undefined;
}

/** The entries of one directory; files that have gone since it was read are left out. */
export function toEntries(items: readonly ResolvedItem[], options: EntryOptions): Entry[] {
  const repeated = repeatedDamagedNames(items);
  return items.flatMap((item) => {
    const { name, info } = item;
    const path = options.toPath(name);
    const isMissing = info instanceof FileNotFoundError;
    if (repeated.has(name) || (isMissing && name.includes(REPLACEMENT))) {
      return { kind: "unreadable", path, error: notUtf8(options.toLocalPath(name)), isNameUnknown: true };
    }
    if (isMissing) return [];
    if (info instanceof JottashError) return { kind: "unreadable", path, error: info };
    return toListedEntry({ ...item, info }, path, options);
  });
}

function toListedEntry(
  { name, info, isLinkFile }: ResolvedItem & { readonly info: FileInfo },
  path: string,
  { links, partialSuffix, device, toLocalPath }: EntryOptions,
): Entry {
  if (info.kind !== "directory" && isTemporaryName(name, partialSuffix)) {
    return { kind: "special", path, reason: "it is an unfinished download", isUnfinished: true };
  }
  if (isLinkFile === true) return toEntry(linkFilePath(path), info);
  if (info.kind === "file" && links === "translate" && linkPathOf(path) !== undefined) {
    return { kind: "unreadable", path, error: takenForLink(toLocalPath(name)) };
  }
  if (info.kind === "directory" && device !== undefined && deviceOf(info) !== device) {
    return { kind: "special", path, reason: "it is on another file system", isExpected: true };
  }
  const entry = toEntry(path, info);
  return entry.kind === "special" && info.kind === "symlink" && links === "skip"
    ? { ...entry, isExpected: true }
    : entry;
}

/** What a file lies on; undefined where the platform does not tell. */
export function deviceOf(info: FileInfo): string | undefined {
  return info.identity?.slice(0, info.identity.indexOf(":"));
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
