import { deepEqual, equal, rejects } from "node:assert/strict";
import type { FileInfo } from "../../../../lib/edges.ts";
import { md5OfBytes } from "../../../../lib/hash/md5.ts";
import { md5OfDiskFile } from "../../../../lib/local/disk_md5.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";

const ENTRY: FileEntry = { kind: "file", path: "a", size: 5, modifiedAtMs: 0 };
const HELLO = md5OfBytes(new TextEncoder().encode("hello"));

interface Kept {
  readonly after: Pick<FileInfo, "identity">;
  readonly md5: string;
}

/** Reads `/opened` where the path leads to `/looked` before and after. */
async function read({ opened }: { readonly opened: string }): Promise<readonly Kept[]> {
  const disk = new MemoryFileSystem();
  disk.put("/looked", "hello");
  disk.put("/other", "HELLO");
  const kept: Kept[] = [];
  const hashes = {
    find: () => Promise.resolve(undefined),
    begin: () => ({
      keep: (after: Pick<FileInfo, "identity">, md5: string) => void kept.push({ after, md5 }),
    }),
  };
  const open = () => disk.open(opened, { read: true });
  await md5OfDiskFile({ fileSystem: disk, hashes, path: "/looked", entry: ENTRY, open }, {});
  return kept;
}

Deno.test("md5OfDiskFile() keeps the MD5 of the file that it looked at", async () => {
  const [kept, ...others] = await read({ opened: "/looked" });
  equal(kept?.md5, HELLO);
  deepEqual(others, []);
});

Deno.test("md5OfDiskFile() keeps nothing where another file had the name for a moment", async () => {
  deepEqual(await read({ opened: "/other" }), []);
});

Deno.test("md5OfDiskFile() trusts no known MD5 when the file is not what its entry says", async () => {
  const disk = new MemoryFileSystem();
  disk.put("/a", "longer");
  const hashes = { find: () => Promise.resolve(HELLO), begin: () => undefined };
  const open = () => disk.open("/a", { read: true });
  await rejects(md5OfDiskFile({ fileSystem: disk, hashes, path: "/a", entry: ENTRY, open }, {}), {
    code: "source-changed",
  });
});
