/** The second half of what every place promises: what is read in parts, changed, replaced and removed. */
import assert from "node:assert/strict";
import { ConflictError, DirectoryNotFoundError, IntegrityError, JottashError } from "../../lib/errors.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { createEmptyFile, touchFile } from "../../lib/transfer/touch_file.ts";
import type { WithTree } from "./tree_suite.ts";
import { copy, fileAt, listed, put, textAt, TIME, type TreeWorld, walked } from "./tree_world.ts";

export function testTreeChanges(name: string, withTree: WithTree): void {
  const test = (title: string, work: (world: TreeWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withTree(work));

  test("7 a source that breaks off leaves nothing new and nothing half", async ({ tree }) => {
    await put(tree, "old", "old content");
    const source = new MemoryRemote({ label: "source:" });
    for (const name of ["old", "new"]) source.put(name, "new content", { modifiedAtMs: TIME });
    source.beforeCall = ({ name }) => {
      if (name === "open") throw new IntegrityError("Cannot read it: it is broken", { retry: "never" });
    };
    await assert.rejects(copy(source, "old", { tree, path: "old" }), JottashError);
    await assert.rejects(copy(source, "new", { tree, path: "new" }), JottashError);
    assert.deepEqual(await listed(tree), ["file old"]);
    assert.equal(await textAt(tree, "old"), "old content");
  });

  test("15 a folder with anything in it is not removed as an empty one", async ({ tree }) => {
    await put(tree, "full/a", "x");
    await tree.makeDirectory("nested/inner");
    for (const path of ["full", "nested", "full/a"]) {
      await assert.rejects(tree.removeDirectory(path), ConflictError, path);
    }
    assert.deepEqual(await walked(tree), [
      "directory full",
      "directory nested",
      "directory nested/inner",
      "file full/a",
    ]);
  });

  test("16 purge takes the folder with all that is in it, and nothing beside it", async ({ tree }) => {
    for (const path of ["gone/a", "gone/sub/b", "gone2/c", "kept"]) await put(tree, path, path);
    await tree.purge("gone");
    assert.deepEqual(await walked(tree), ["directory gone2", "file gone2/c", "file kept"]);
    await put(tree, "gone/again", "new");
    assert.deepEqual(await listed(tree, "gone"), ["file gone/again"]);
  });

  test("17 a folder is not removed as a file, nor a file as a folder", async ({ tree }) => {
    await put(tree, "folder/file", "x");
    await assert.rejects(tree.removeFile("folder"), ConflictError);
    await assert.rejects(tree.purge("folder/file"), ConflictError);
    assert.equal(await textAt(tree, "folder/file"), "x");
  });

  test("18 times are kept to the second at least, before and after 1970 too", async ({ tree }) => {
    for (const [index, timeMs] of [0, -86_400_000, 951_782_400_000, 4_102_444_800_000].entries()) {
      const file = await put(tree, `t${index}`, `content ${index}`, { modifiedAtMs: timeMs });
      assert.equal(file.modifiedAtMs, timeMs);
    }
    const file = await put(tree, "fraction", "x", { modifiedAtMs: TIME + 789 });
    assert.equal(Math.floor((file.modifiedAtMs ?? 0) / 1000), TIME / 1000);
  });

  test("19 the time of a file is set without its content, again and again", async ({ tree }) => {
    const file = await put(tree, "a", "content", { modifiedAtMs: TIME });
    for (const modifiedAtMs of [TIME + 5_000, TIME - 5_000]) {
      await touchFile(tree, file, { modifiedAtMs });
      assert.equal((await fileAt(tree, "a")).modifiedAtMs, modifiedAtMs);
    }
    assert.equal(await textAt(tree, "a"), "content");
    await createEmptyFile(tree, "new/empty", { modifiedAtMs: TIME });
    const { size, modifiedAtMs } = await fileAt(tree, "new/empty");
    assert.deepEqual([size, modifiedAtMs], [0, TIME]);
  });

  test("20 an overwritten file has the time of what replaced it", async ({ tree }) => {
    await put(tree, "a", "old", { modifiedAtMs: TIME });
    const file = await put(tree, "a", "newer", { modifiedAtMs: TIME + 60_000 });
    assert.equal(file.modifiedAtMs, TIME + 60_000);
    const same = await put(tree, "a", "newer", { modifiedAtMs: TIME + 120_000 });
    assert.equal(same.modifiedAtMs, TIME + 120_000);
  });

  test("20 the time of creation goes along, and stays with the file when it moves, where the place has one to set", async ({ tree }) => {
    const source = new MemoryRemote({ label: "source:" });
    source.put("a", "content", { modifiedAtMs: TIME });
    const createdAtMs = TIME - 86_400_000;
    await source.setTimes(await fileAt(source, "a"), { modifiedAtMs: TIME, createdAtMs });
    await copy(source, "a", { tree, path: "a" });
    await tree.moveFile({ source: tree, from: "a", to: "b" });
    const { modifiedAtMs, createdAtMs: kept } = await fileAt(tree, "b");
    assert.equal(modifiedAtMs, TIME);
    // A disk has its own time of creation, if it tells one at all.
    if (tree.side === "remote") assert.equal(kept, createdAtMs);
  });

  test("21 a file is read from any byte on, and is empty from its end on", async ({ tree }) => {
    await put(tree, "a", "0123456789");
    for (const offset of [0, 1, 5, 9, 10]) {
      assert.equal(await textAt(tree, "a", offset), "0123456789".slice(offset));
    }
  });

  test("22 a read that stops early leaves the place usable", async ({ tree }) => {
    const file = await put(tree, "a", new Uint8Array(300_000).fill(7));
    for (let round = 0; round < 3; round++) {
      const reader = (await tree.open(file)).getReader();
      const { value } = await reader.read();
      assert.equal(value?.[0], 7);
      await reader.cancel();
    }
    assert.equal((await textAt(tree, "a")).length, 300_000);
  });

  test("23 a file is replaced by longer, shorter and empty content, and stays one file", async ({ tree }) => {
    for (const content of ["first", "something much longer", "x", "", "first"]) {
      await put(tree, "a", content);
      assert.equal(await textAt(tree, "a"), content);
      assert.deepEqual(await listed(tree), ["file a"]);
    }
  });

  test("23 a file does not replace a folder, nor become one", async ({ tree }) => {
    await put(tree, "folder/a", "x");
    await assert.rejects(put(tree, "folder", "y"), JottashError);
    await assert.rejects(put(tree, "folder/a/below", "y"), JottashError);
    assert.deepEqual(await walked(tree), ["directory folder", "file folder/a"]);
    assert.equal(await textAt(tree, "folder/a"), "x");
  });

  test("24 a tree whose root is a file says so, and its parent gives the file", async ({ tree, again }) => {
    await put(tree, "folder/file", "x");
    const pointed = again("folder/file");
    assert.equal((await pointed.stat(""))?.kind, "file");
    await assert.rejects(pointed.list(""), ConflictError);
    assert.equal(await textAt(again("folder"), "file"), "x");
  });

  test("25 a public link stays the same until it is removed; a place of this machine has none", async ({ tree }) => {
    await put(tree, "folder/a", "x");
    if (tree.side === "local") return assert.ok(!("makeLink" in tree));
    for (const path of ["folder/a", "folder"]) {
      const address = await tree.makeLink(path);
      assert.match(address, /^[a-z]+:/);
      assert.equal(await tree.makeLink(path), address);
      await tree.removeLink(path);
      await tree.removeLink(path);
    }
    await assert.rejects(tree.makeLink("missing"), DirectoryNotFoundError);
    assert.equal(await textAt(tree, "folder/a"), "x");
  });

  test("26 about tells used, free and total of one whole", async ({ tree }) => {
    const { totalBytes, usedBytes, freeBytes } = await tree.about();
    assert.ok(usedBytes >= 0);
    if (totalBytes === undefined) return assert.equal(freeBytes, undefined);
    assert.ok(freeBytes !== undefined && freeBytes >= 0 && freeBytes <= totalBytes);
  });

  test("27 a removed file is gone, alone, and its name is free", async ({ tree }) => {
    await put(tree, "sub/a", "one");
    await put(tree, "sub/ab", "two");
    await tree.removeFile("sub/a");
    assert.deepEqual(await listed(tree, "sub"), ["file sub/ab"]);
    assert.equal(await tree.stat("sub/a"), undefined);
    await put(tree, "sub/a", "again");
    assert.equal(await textAt(tree, "sub/a"), "again");
    await tree.removeFile("sub/a");
    await tree.removeFile("sub/ab");
    assert.deepEqual(await walked(tree), ["directory sub"]);
    await tree.removeDirectory("sub");
    assert.deepEqual(await walked(tree), []);
  });

  test("27 a file is removed only while it is the one that is expected", async ({ tree }) => {
    const expected = await put(tree, "a", "old");
    await put(tree, "a", "newer");
    await assert.rejects(tree.removeFile("a", { expected }), ConflictError);
    assert.equal(await textAt(tree, "a"), "newer");
    const now = (await tree.list("")).find(({ path }) => path === "a");
    assert.ok(now?.kind === "file");
    await assert.rejects(tree.removeFile("a", { expected: { ...now, size: 4 } }), ConflictError);
    await tree.removeFile("a", { expected: now });
    assert.equal(await tree.stat("a"), undefined);
  });

  test("28 each verb ends with the reason of the signal and has changed nothing", async ({ tree }) => {
    const file = await put(tree, "a", "x");
    await tree.makeDirectory("folder");
    const stop = new AbortController();
    const reason = new Error("stopped");
    stop.abort(reason);
    const { signal } = stop;
    const verbs: Record<string, () => Promise<unknown>> = {
      list: () => tree.list("", { signal }),
      stat: () => tree.stat("a", { signal }),
      open: () => tree.open(file, { signal }),
      makeDirectory: () => tree.makeDirectory("new", { signal }),
      removeFile: () => tree.removeFile("a", { signal }),
      removeDirectory: () => tree.removeDirectory("folder", { signal }),
      purge: () => tree.purge("folder", { signal }),
      moveFile: () => tree.moveFile({ source: tree, from: "a", to: "b" }, { signal }),
      moveDirectory: () => tree.moveDirectory({ source: tree, from: "folder", to: "c" }, { signal }),
      put: () => put(tree, "d", "y", { signal }),
    };
    for (const [verb, run] of Object.entries(verbs)) {
      await assert.rejects(run, (error) => error === reason, verb);
    }
    assert.deepEqual(await walked(tree), ["directory folder", "file a"]);
  });
}
