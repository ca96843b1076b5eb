/** The MD5 of a file of this machine: known from an earlier reading, or read and kept for a later one. */
import type { FileSystem, OpenFile } from "../edges.ts";
import { md5OfFile } from "../hash/file_md5.ts";
import type { HashCache } from "../store/hash_cache.ts";
import type { FileEntry, Md5Options } from "../tree/tree.ts";
import { assertUnchanged } from "./file_stream.ts";

interface DiskFile {
  readonly fileSystem: Pick<FileSystem, "stat">;
  /** Where MD5s are kept; undefined when each is to be computed. */
  readonly hashes: Pick<HashCache, "find" | "begin"> | undefined;
  readonly path: string;
  readonly entry: FileEntry;
  /** Opens it if it is still what the entry says. */
  readonly open: () => Promise<OpenFile>;
}

/** Throws `source-changed` when the file is not what its entry says any more, and what reading throws. */
export async function md5OfDiskFile(disk: DiskFile, options: Md5Options): Promise<string> {
  const { fileSystem, hashes, path, entry } = disk;
  const look = async () =>
    hashes === undefined ? undefined : await fileSystem.stat(path, { changeTime: true });
  const before = await look();
  if (before !== undefined) {
    assertUnchanged(before, entry, path);
    const known = options.fresh === true ? undefined : await hashes?.find(before);
    if (known !== undefined) {
      options.onKnown?.(entry.size);
      return known;
    }
  }
  const hashing = before === undefined ? undefined : hashes?.begin(before);
  using opened = await disk.open();
  const { md5, size } = await md5OfFile(opened, { ...options, expectedSize: entry.size });
  const read = await opened.stat();
  assertUnchanged({ ...read, size }, entry, path);
  // What was read is what the path leads to, before and after.
  if (hashing === undefined || read.identity !== before?.identity) return md5;
  const after = await look().catch(() => undefined);
  if (after !== undefined) hashing.keep(after, md5);
  return md5;
}
