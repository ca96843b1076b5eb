import assert from "node:assert/strict";
import type { OpenFile } from "../../../../lib/edges.ts";
import { LocalError } from "../../../../lib/errors.ts";
import { md5OfFile } from "../../../../lib/hash/file_md5.ts";
import { md5OfBytes } from "../../../../lib/hash/md5.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";

async function open(content: Uint8Array): Promise<OpenFile> {
  const disk = new MemoryFileSystem();
  disk.put("/file", content);
  return await disk.open("/file", { read: true });
}

Deno.test("md5OfFile() does not follow a file that grows for ever", async () => {
  using file = await open(new Uint8Array(10));
  const growing: OpenFile = { ...file, read: (buffer) => Promise.resolve(buffer.length) };
  const { size } = await md5OfFile(growing, { expectedSize: 3_000_000 });
  assert.ok(size > 3_000_000 && size <= 3_000_000 + 2 * 1024 * 1024, String(size));
});

Deno.test("md5OfFile() reads to the end, or until it is longer than expected", async () => {
  const content = new Uint8Array(2_200_000).map((_, index) => index % 253);
  for (const expectedSize of [undefined, content.length, content.length + 1]) {
    let bytes = 0;
    const options = expectedSize === undefined ? {} : { expectedSize };
    using file = await open(content);
    const result = await md5OfFile(file, { ...options, onBytes: (count) => bytes += count });
    assert.deepEqual(result, { md5: md5OfBytes(content), size: content.length });
    assert.equal(bytes, content.length);
  }
  for (const expectedSize of [0, 1, content.length - 1]) {
    using file = await open(content);
    assert.ok((await md5OfFile(file, { expectedSize })).size > expectedSize);
  }
});

Deno.test("md5OfFile() stops for the signal with no read under way", async () => {
  let reads = 0;
  using file = await open(new Uint8Array(5_000_000));
  const counted: OpenFile = {
    ...file,
    read: async (buffer) => {
      reads++;
      await Promise.resolve();
      const count = await file.read(buffer);
      reads--;
      return count;
    },
  };
  const controller = new AbortController();
  const reason = new Error("stop");
  const hashing = md5OfFile(counted, {
    signal: controller.signal,
    onBytes: () => controller.abort(reason),
  });
  await assert.rejects(hashing, reason);
  assert.equal(reads, 0);
});

Deno.test("md5OfFile() fails with what reading fails with", async () => {
  const failure = new LocalError("Cannot read");
  using file = await open(new Uint8Array(10));
  const broken: OpenFile = { ...file, read: () => Promise.reject(failure) };
  await assert.rejects(md5OfFile(broken), failure);
});
