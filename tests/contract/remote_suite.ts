/** What a remote promises: run for the real one over HTTP against the emulator, and for the one in memory. */
import assert from "node:assert/strict";
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  JottashError,
  UsageError,
} from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import type { Remote, UploadSlot } from "../../lib/remote/remote.ts";
import type { FileEntry } from "../../lib/tree/tree.ts";
import { NASTY_NAMES } from "./remote_names.ts";

/** An empty remote, and ways past it to what it stands on. */
export interface RemoteWorld {
  readonly remote: Remote;
  put(path: string, content: string | Uint8Array, times?: { modifiedAtMs: number }): void;
  putFolder(path: string): void;
  putIncomplete(path: string, whole: Uint8Array, received: number): void;
  trash(path: string): void;
  isTrashed(path: string): boolean;
}

const TIME = 1_600_000_000_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);

export function testRemote(
  name: string,
  withWorld: (work: (world: RemoteWorld) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, work: (world: RemoteWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withWorld(work));

  test("list() gives live files and folders of one level with size, MD5 and time", async (world) => {
    world.put("a.txt", "hello", { modifiedAtMs: TIME });
    world.put("sub/b.txt", "deeper");
    world.putFolder("empty");
    assert.deepEqual(await namesOf(world.remote), ["directory empty", "directory sub", "file a.txt"]);
    assert.deepEqual(await namesOf(world.remote, "sub"), ["file sub/b.txt"]);
    assert.deepEqual(await namesOf(world.remote, "empty"), []);
    const file = (await world.remote.list("")).find((entry) => entry.path === "a.txt");
    assert.ok(file?.kind === "file");
    assert.equal(file.size, 5);
    assert.equal(file.modifiedAtMs, TIME);
    assert.equal(file.md5, md5OfBytes(bytesOf("hello")));
  });

  test("list() leaves out what is trashed or was never completed", async (world) => {
    world.put("live", "x");
    world.put("gone", "y");
    world.put("folder/inside", "z");
    world.putIncomplete("half", bytesOf("half of it"), 4);
    world.trash("gone");
    world.trash("folder");
    assert.deepEqual(await namesOf(world.remote), ["file live"]);
    await assert.rejects(world.remote.list("folder"), DirectoryNotFoundError);
    for (const path of ["gone", "folder", "folder/inside", "half"]) {
      assert.equal(await world.remote.stat(path), undefined, path);
    }
  });

  test("list() and stat() show the old content while a new one is incomplete", async (world) => {
    world.put("a", "old");
    world.putIncomplete("a", bytesOf("brand new"), 3);
    assert.equal((await fileAt(world.remote, "a")).size, 3);
    assert.deepEqual(await namesOf(world.remote), ["file a"]);
    assert.equal(await textAt(world.remote, "a"), "old");
  });

  test("list() tells a missing folder from a file", async (world) => {
    world.put("a.txt", "");
    await assert.rejects(world.remote.list("missing"), DirectoryNotFoundError);
    await assert.rejects(world.remote.list("a.txt"), ConflictError);
    await assert.rejects(world.remote.list("a.txt/below"), DirectoryNotFoundError);
  });

  test("stat() finds names whatever their case and gives the spelling of the service", async (world) => {
    world.put("Photos/Blåbær.JPG", "x");
    assert.equal((await world.remote.stat("Photos/BLÅBÆR.jpg"))?.path, "Photos/Blåbær.JPG");
    assert.equal((await world.remote.stat("photos"))?.path, "Photos");
    assert.equal((await world.remote.stat(""))?.kind, "directory");
    assert.equal((await world.remote.stat(""))?.path, "");
    assert.equal(await world.remote.stat("photos/none"), undefined);
    assert.deepEqual(await namesOf(world.remote, "PHOTOS"), ["file PHOTOS/Blåbær.JPG"]);
  });

  test("open() gives the content from any offset, and an empty stream at the end", async (world) => {
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    world.put("big", content);
    const file = await fileAt(world.remote, "big");
    for (const offset of [0, 1, 65_536, 99_999, 100_000]) {
      const bytes = await new Response(await world.remote.open(file, { offset })).bytes();
      assert.equal(md5OfBytes(bytes), md5OfBytes(content.subarray(offset)), `offset ${offset}`);
    }
    world.put("empty", "");
    assert.equal(await textAt(world.remote, "empty"), "");
  });

  test("open() can be cancelled, and fails for what is not there", async (world) => {
    world.put("big", new Uint8Array(3_000_000));
    const file = await fileAt(world.remote, "big");
    await (await world.remote.open(file)).cancel();
    const reader = (await world.remote.open(file)).getReader();
    await reader.read();
    await reader.cancel();
    await assert.rejects(world.remote.open({ ...file, path: "no/such" }), FileNotFoundError);
  });

  test("md5() knows without reading", async (world) => {
    world.put("a", "hello");
    assert.equal(await world.remote.md5(await fileAt(world.remote, "a")), md5OfBytes(bytesOf("hello")));
  });

  test("makeDirectory() makes parents, is fine with what exists, revives, and refuses files", async (world) => {
    await world.remote.makeDirectory("a/b/c");
    await world.remote.makeDirectory("a/b/c");
    await world.remote.makeDirectory("A/B");
    assert.deepEqual(await namesOf(world.remote, "a/b"), ["directory a/b/c"]);
    world.trash("a");
    await world.remote.makeDirectory("a/b");
    assert.deepEqual(await namesOf(world.remote, "a"), ["directory a/b"]);
    assert.deepEqual(await namesOf(world.remote, "a/b"), []);
    world.put("file", "");
    await assert.rejects(world.remote.makeDirectory("file"), ConflictError);
    await assert.rejects(world.remote.makeDirectory("file/below"), ConflictError);
    await assert.rejects(world.remote.makeDirectory("x".repeat(256)), { code: "name-refused" });
  });

  test("removeFile() moves one file into the trash and touches nothing else", async (world) => {
    world.put("dir/a", "x");
    world.put("dir/b", "y");
    await world.remote.removeFile("dir/A");
    assert.ok(world.isTrashed("dir/a"));
    assert.deepEqual(await namesOf(world.remote, "dir"), ["file dir/b"]);
    await assert.rejects(world.remote.removeFile("dir/a"), FileNotFoundError);
    await assert.rejects(world.remote.removeFile("dir"), ConflictError);
    await assert.rejects(world.remote.removeFile(""), JottashError);
    assert.equal((await world.remote.stat("dir"))?.kind, "directory");
  });

  test("purge() moves a folder with all it holds into the trash", async (world) => {
    world.put("dir/sub/a", "x");
    world.put("other", "y");
    await world.remote.purge("DIR");
    assert.ok(world.isTrashed("dir/sub/a"));
    assert.deepEqual(await namesOf(world.remote), ["file other"]);
    await assert.rejects(world.remote.purge("dir"), DirectoryNotFoundError);
    await assert.rejects(world.remote.purge("other"), ConflictError);
  });

  test("purge() refuses the whole mountpoint", async (world) => {
    world.put("a", "x");
    await assert.rejects(world.remote.purge(""), UsageError);
    assert.deepEqual(await namesOf(world.remote), ["file a"]);
  });

  test("allocate() asks for the bytes of new content, and they arrive with parents and times", async (world) => {
    const slot = await allocate(world.remote, "x/y/new.txt", "content");
    assert.ok(slot.state === "wanted");
    assert.equal(slot.resumeAt, 0);
    assert.equal(await world.remote.stat("x/y/new.txt"), undefined);
    await slot.send(streamOf("content"));
    const file = await fileAt(world.remote, "x/y/new.txt");
    assert.deepEqual([file.size, file.modifiedAtMs, file.createdAtMs], [7, TIME, TIME - 5000]);
    assert.equal(await textAt(world.remote, "x/y/new.txt"), "content");
  });

  test("allocate() takes content that the service knows, and an empty file, as any other", async (world) => {
    world.put("a", "known");
    assert.deepEqual(await allocate(world.remote, "b", "known"), { state: "complete" });
    assert.equal(await textAt(world.remote, "b"), "known");
    world.trash("a");
    assert.deepEqual(await allocate(world.remote, "a", "known"), { state: "complete" });
    assert.equal(await textAt(world.remote, "a"), "known");
    const slot = await allocate(world.remote, "empty", "");
    if (slot.state === "wanted") await slot.send(streamOf(""));
    assert.equal((await fileAt(world.remote, "empty")).size, 0);
  });

  test("allocate() goes on where an earlier upload broke off", async (world) => {
    world.putIncomplete("a", bytesOf("0123456789"), 4);
    const slot = await allocate(world.remote, "a", "0123456789");
    assert.ok(slot.state === "wanted");
    assert.equal(slot.resumeAt, 4);
    await slot.send(streamOf("456789"));
    assert.equal(await textAt(world.remote, "a"), "0123456789");
    const other = await allocate(world.remote, "a", "something else");
    assert.ok(other.state === "wanted");
    assert.equal(other.resumeAt, 0);
  });

  test("allocate() over a trashed name makes it live with the new content", async (world) => {
    world.put("dir/a", "old");
    world.put("dir/b", "stays trashed");
    world.trash("dir");
    const slot = await allocate(world.remote, "dir/a", "new");
    assert.ok(slot.state === "wanted");
    await slot.send(streamOf("new"));
    assert.equal(await textAt(world.remote, "dir/a"), "new");
    assert.deepEqual(await namesOf(world.remote, "dir"), ["file dir/a"]);
  });

  test("allocate() refuses a folder in the place of the file, and a file in the place of a folder", async (world) => {
    world.putFolder("folder");
    world.put("file", "x");
    await assert.rejects(allocate(world.remote, "folder", "y"), ConflictError);
    await assert.rejects(allocate(world.remote, "file/below", "y"), ConflictError);
    assert.equal(await textAt(world.remote, "file"), "x");
  });

  test("send() of bytes with another MD5 leaves the old content and says it may be tried again", async (world) => {
    world.put("a", "old");
    const slot = await allocate(world.remote, "a", "right");
    assert.ok(slot.state === "wanted");
    await assert.rejects(slot.send(streamOf("wrong")), { code: "integrity", retry: "now" });
    assert.equal(await textAt(world.remote, "a"), "old");
  });

  test("send() cancels the source when it cannot go on", async (world) => {
    const slot = await allocate(world.remote, "a", "0123456789");
    assert.ok(slot.state === "wanted");
    const stop = new AbortController();
    stop.abort(new Error("stop"));
    const cancelled = Promise.withResolvers<void>();
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => cancelled.resolve() });
    await assert.rejects(slot.send(stream, { signal: stop.signal }), /stop/);
    await cancelled.promise;
  });

  test("setTimes() changes the times only, to the second", async (world) => {
    world.put("a", "hello", { modifiedAtMs: TIME });
    const file = await fileAt(world.remote, "a");
    for (const modifiedAtMs of [-1_500_000_000_000, 0, 1_234_567_890_999, 4_102_444_800_000]) {
      await world.remote.setTimes(file, { modifiedAtMs, createdAtMs: modifiedAtMs });
      const after = await fileAt(world.remote, "a");
      assert.equal(after.modifiedAtMs, Math.floor(modifiedAtMs / 1000) * 1000);
      assert.equal(after.md5, file.md5);
    }
  });

  test("about() tells the space that is used", async (world) => {
    world.put("a", "12345");
    const { usedBytes, totalBytes, freeBytes } = await world.remote.about();
    assert.equal(usedBytes, 5);
    assert.equal(totalBytes, undefined);
    assert.equal(freeBytes, undefined);
  });

  test("refusedReason() knows names that cannot be stored", (world) => {
    assert.equal(world.remote.refusedReason("a/b.txt"), undefined);
    assert.equal(world.remote.refusedReason(""), undefined);
    assert.match(world.remote.refusedReason(`a/${"x".repeat(256)}`) ?? "", /longer than 255/);
    assert.match(world.remote.refusedReason("a/\ufeffb") ?? "", /invisible/);
    return Promise.resolve();
  });

  test("every name comes back as it went", async (world) => {
    for (const [index, nasty] of NASTY_NAMES.entries()) {
      const content = `content ${index}`;
      const path = `dir ${index}/${nasty}`;
      const slot = await allocate(world.remote, path, content);
      if (slot.state === "wanted") await slot.send(streamOf(content));
      assert.equal((await fileAt(world.remote, path)).path, path);
      assert.deepEqual(await namesOf(world.remote, `dir ${index}`), [`file ${path}`]);
      assert.equal(await textAt(world.remote, path), content);
      await world.remote.removeFile(path);
      assert.equal(await world.remote.stat(path), undefined);
      await world.remote.makeDirectory(`folders ${index}/${nasty}`);
      assert.deepEqual(await namesOf(world.remote, `folders ${index}`), [
        `directory folders ${index}/${nasty}`,
      ]);
      await world.remote.purge(`folders ${index}/${nasty}`);
      assert.deepEqual(await namesOf(world.remote, `folders ${index}`), []);
    }
  });

  test("every call ends with the reason of the signal", async (world) => {
    world.put("a", "x");
    const file = await fileAt(world.remote, "a");
    const stop = new AbortController();
    stop.abort(new Error("stop"));
    const { remote } = world;
    const options = { signal: stop.signal };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => remote.list("", options),
      () => remote.stat("a", options),
      () => remote.open(file, options),
      () => remote.makeDirectory("d", options),
      () => remote.removeFile("a", options),
      () => remote.purge("d", options),
      () => allocate(remote, "n", "new", options),
      () => remote.setTimes(file, { modifiedAtMs: 0, createdAtMs: 0 }, options),
    ];
    for (const call of calls) await assert.rejects(call, /stop/, String(call));
  });
}

export async function namesOf(remote: Remote, path = ""): Promise<string[]> {
  return (await remote.list(path)).map((entry) => `${entry.kind} ${entry.path}`).sort();
}

export async function fileAt(remote: Remote, path: string): Promise<FileEntry> {
  const entry = await remote.stat(path);
  assert.ok(entry?.kind === "file", `no file at ${path}`);
  return entry;
}

export async function textAt(remote: Remote, path: string): Promise<string> {
  return await new Response(await remote.open(await fileAt(remote, path))).text();
}

function allocate(
  remote: Remote,
  path: string,
  content: string,
  options: { signal?: AbortSignal } = {},
): Promise<UploadSlot> {
  const bytes = bytesOf(content);
  const times = { modifiedAtMs: TIME, createdAtMs: TIME - 5000 };
  return remote.allocate({ path, size: bytes.length, md5: md5OfBytes(bytes), ...times }, options);
}

export function streamOf(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(text === "" ? [] : [bytesOf(text)]);
}
