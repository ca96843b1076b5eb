/** What the listing commands show of one entry: the meaning of rclone's `lsjson` item, before any formatting. */
import type { HashName } from "../hash/kinds.ts";
import { type DirectoryEntry, type FileEntry, nameOf } from "../tree/tree.ts";
import { mimeTypeOfName } from "./mime_types.ts";

/** What stands for a time that nobody knows: rclone's `--default-time` (documented for rclone 1.62 and later). */
const UNKNOWN_TIME_NS = BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n;
const DIRECTORY_MIME_TYPE = "inode/directory";

export interface ListingItem {
  /** Relative to the place that is listed. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Bytes; -1 for a directory. */
  readonly size: number;
  /** Nanoseconds since 1970 UTC; undefined where the time is not shown. */
  readonly modifiedAtNs: bigint | undefined;
  /** Undefined where it is not shown. */
  readonly mimeType: string | undefined;
  /** Lower-case hex by name, as far as they were asked for and are known; undefined where none are shown. */
  readonly hashes: Readonly<Partial<Record<HashName, string>>> | undefined;
  /** rclone's names of metadata; undefined where they are not shown. */
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

type FileOrDirectory = FileEntry | DirectoryEntry;

/** Time of an entry in nanoseconds since 1970; 2000-01-01 where it is not known. */
export function modifiedAtNsOf(entry: FileOrDirectory): bigint {
  if (entry.modifiedAtNs !== undefined) return entry.modifiedAtNs;
  return entry.modifiedAtMs === undefined ? UNKNOWN_TIME_NS : nanoseconds(entry.modifiedAtMs);
}

/** The type that the service tells, or what the name says. */
export function mimeTypeOf(entry: FileOrDirectory): string {
  if (entry.kind === "directory") return DIRECTORY_MIME_TYPE;
  return entry.mimeType === undefined || entry.mimeType === ""
    ? mimeTypeOfName(nameOf(entry.path))
    : entry.mimeType;
}

/** Metadata under rclone's names, in order of the names; a directory has none. */
export function metadataOf(
  entry: FileOrDirectory,
  formatTime: (ns: bigint) => string,
): Readonly<Record<string, string>> {
  if (entry.kind === "directory") return {};
  const { createdAtMs, modifiedAtMs, mimeType } = entry;
  return {
    ...createdAtMs === undefined ? {} : { btime: formatTime(nanoseconds(createdAtMs)) },
    ...mimeType === undefined || mimeType === "" ? {} : { "content-type": mimeType },
    ...modifiedAtMs === undefined ? {} : { mtime: formatTime(modifiedAtNsOf(entry)) },
  };
}

function nanoseconds(ms: number): bigint {
  const wholeMs = Math.floor(ms);
  return BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((ms - wholeMs) * 1e6));
}
