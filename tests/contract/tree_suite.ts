/**
 * What every place that holds files promises, on this machine, in memory, on the service, and behind each wrapper: the
 * same tests for all. What only one side can do is in the suites of that side.
 */
import assert from "node:assert/strict";
import { ConflictError, DirectoryNotFoundError, FileNotFoundError, JottashError } from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { nameOf } from "../../lib/tree/tree.ts";
import { NASTY_NAMES } from "./remote_names.ts";
import {
  bytesOf,
  copy,
  directoryAt,
  fileAt,
  listed,
  put,
  textAt,
  TIME,
  type TreeWorld,
  walked,
} from "./tree_world.ts";

/** Runs `work` on a new, empty tree. */
export type WithTree = (work: (world: TreeWorld) => Promise<void>) => Promise<void>;

export function testTree(name: string, withTree: WithTree): void {
  const test = (title: string, work: (world: TreeWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withTree(work));

  test("1 a file that was put has its path, size, time, MD5 and content", async ({ tree }) => {
    const file = await put(tree, "a.txt", "hello", { modifiedAtMs: TIME });
    assert.deepEqual([file.path, file.size, file.modifiedAtMs], ["a.txt", 5, TIME]);
    assert.equal(await tree.md5(file), md5OfBytes(bytesOf("hello")));
    assert.equal(await textAt(tree, "a.txt"), "hello");
    const [entry] = await tree.list("");
    assert.deepEqual([entry?.kind, entry?.path], ["file", "a.txt"]);
    assert.equal((entry as typeof file).size, 5);
    assert.equal((entry as typeof file).modifiedAtMs, TIME);
  });

  test("2 a folder is made with its parents, twice without harm, and removed when empty", async ({ tree }) => {
    await tree.makeDirectory("one/two");
    await tree.makeDirectory("one/two");
    assert.equal((await directoryAt(tree, "one/two")).path, "one/two");
    assert.deepEqual(await walked(tree), ["directory one", "directory one/two"]);
    await tree.removeDirectory("one/two");
    assert.deepEqual(await walked(tree), ["directory one"]);
    await tree.makeDirectory("one/two");
    assert.deepEqual(await walked(tree), ["directory one", "directory one/two"]);
  });

  test("2 a folder is not made where a file is, or below one", async ({ tree }) => {
    await put(tree, "file", "x");
    await assert.rejects(tree.makeDirectory("file"), ConflictError);
    await assert.rejects(tree.makeDirectory("file/below"), JottashError);
    assert.equal(await textAt(tree, "file"), "x");
  });

  test("3 an empty root and an empty folder list nothing", async ({ tree }) => {
    assert.deepEqual(await tree.list(""), []);
    assert.deepEqual(await walked(tree), []);
    await tree.makeDirectory("empty");
    assert.deepEqual(await tree.list("empty"), []);
    assert.equal((await tree.stat(""))?.kind, "directory");
  });

  test("4 every name comes back as it went, for files and for folders", async ({ tree }) => {
    // The disk counts bytes, the service letters: what is too long for one of them is in the suites of each side.
    const names = NASTY_NAMES.filter((each) => each.length < 85);
    for (const [index, each] of names.entries()) await put(tree, `f${index}/${each}`, each);
    for (const [index, each] of names.entries()) await tree.makeDirectory(`d${index}/${each}`);
    for (const [index, each] of names.entries()) {
      assert.deepEqual(await listed(tree, `f${index}`), [`file f${index}/${each}`]);
      assert.deepEqual(await listed(tree, `d${index}`), [`directory d${index}/${each}`]);
      assert.equal(await textAt(tree, `f${index}/${each}`), each);
    }
    const all = await walked(tree);
    for (const [index, each] of names.entries()) assert.ok(all.includes(`file f${index}/${each}`), each);
  });

  test("5 what is not there is told apart from what is of the other kind", async ({ tree, readsTrash }) => {
    const file = await put(tree, "here/file", "x");
    assert.equal(await tree.stat("missing"), undefined);
    assert.equal(await tree.stat("missing/below"), undefined);
    assert.equal(await tree.stat("here/file/below"), undefined);
    await assert.rejects(tree.list("missing"), DirectoryNotFoundError);
    await assert.rejects(tree.list("here/file"), ConflictError);
    await assert.rejects(tree.removeFile("missing"), FileNotFoundError);
    await assert.rejects(tree.removeDirectory("missing"), DirectoryNotFoundError);
    await assert.rejects(tree.purge("missing"), DirectoryNotFoundError);
    await tree.removeFile("here/file");
    assert.equal(await tree.stat("here/file"), undefined);
    const read = async () => await new Response(await tree.open(file)).text();
    if (readsTrash === true) assert.equal(await read(), "x");
    else await assert.rejects(read, JottashError);
  });

  test("6 an empty file is a file", async ({ tree }) => {
    const file = await put(tree, "empty", "");
    assert.equal(file.size, 0);
    assert.equal(await tree.md5(file), md5OfBytes(new Uint8Array()));
    assert.equal(await textAt(tree, "empty"), "");
    assert.deepEqual(await listed(tree), ["file empty"]);
  });

  test("8 what is put with missing folders makes them; large content arrives whole", async ({ tree }) => {
    const large = new Uint8Array(1_000_003).map((_, index) => index * 31 % 251);
    const file = await put(tree, "deep/er/large.bin", large);
    assert.equal(file.size, large.length);
    assert.deepEqual(await walked(tree), ["directory deep", "directory deep/er", "file deep/er/large.bin"]);
    const stored = new Uint8Array(await new Response(await tree.open(file)).arrayBuffer());
    assert.ok(stored.every((byte, index) => byte === large[index]));
  });

  test("9 a path finds the file itself, never a folder or a part of a name", async ({ tree }) => {
    await put(tree, "folder/name", "x");
    assert.equal((await fileAt(tree, "folder/name")).path, "folder/name");
    assert.equal((await tree.stat("folder"))?.kind, "directory");
    assert.equal(await tree.stat("folder/nam"), undefined);
    assert.equal(await tree.stat("name"), undefined);
    const other = await tree.stat("FOLDER/NAME");
    assert.equal(other && nameOf(other.path), tree.features.caseInsensitive ? "name" : undefined);
  });

  test("10 a listing holds one level, files and folders, paths from the root", async ({ tree }) => {
    for (const path of ["a", "b/c", "b/d/e"]) await put(tree, path, path);
    assert.deepEqual(await listed(tree), ["directory b", "file a"]);
    assert.deepEqual(await listed(tree, "b"), ["directory b/d", "file b/c"]);
    assert.deepEqual(await listed(tree, "b/d"), ["file b/d/e"]);
  });

  test("11 a walk gives all levels, and a tree below gives its own part of it", async ({ tree, again }) => {
    for (const path of ["a", "b/c", "b/d/e", "b/d/f"]) await put(tree, path, path);
    await tree.makeDirectory("b/empty/inner");
    assert.deepEqual(await walked(tree), [
      "directory b",
      "directory b/d",
      "directory b/empty",
      "directory b/empty/inner",
      "file a",
      "file b/c",
      "file b/d/e",
      "file b/d/f",
    ]);
    assert.deepEqual(await walked(again("b")), [
      "directory d",
      "directory empty",
      "directory empty/inner",
      "file c",
      "file d/e",
      "file d/f",
    ]);
    assert.equal(await textAt(again("b/d"), "e"), "b/d/e");
  });

  test("12 a copy within the place has content and time, and leaves the source", async ({ tree }) => {
    await put(tree, "from/a", "content", { modifiedAtMs: TIME });
    await copy(tree, "from/a", { tree, path: "to/b" });
    assert.equal(await textAt(tree, "to/b"), "content");
    assert.equal((await fileAt(tree, "to/b")).modifiedAtMs, TIME);
    assert.equal(await textAt(tree, "from/a"), "content");
  });

  test("13 a moved file keeps content and time, and is gone where it was", async ({ tree, again }) => {
    await put(tree, "from/a", "content", { modifiedAtMs: TIME });
    assert.ok(tree.canTakeFrom(again("from")));
    await tree.moveFile({ source: again("from"), from: "a", to: "to/b" });
    assert.deepEqual(await listed(tree, "to"), ["file to/b"]);
    assert.deepEqual(await listed(tree, "from"), []);
    assert.equal((await fileAt(tree, "to/b")).modifiedAtMs, TIME);
    assert.equal(await textAt(tree, "to/b"), "content");
  });

  test("13 a move takes no name that is taken, unless it may; it changes the case of one", async ({ tree }) => {
    await put(tree, "a", "one");
    await put(tree, "b", "two");
    await tree.makeDirectory("folder");
    await assert.rejects(tree.moveFile({ source: tree, from: "a", to: "b" }), ConflictError);
    await assert.rejects(
      tree.moveFile({ source: tree, from: "a", to: "folder", overwrite: true }),
      ConflictError,
    );
    await assert.rejects(tree.moveFile({ source: tree, from: "none", to: "c" }), FileNotFoundError);
    assert.deepEqual([await textAt(tree, "a"), await textAt(tree, "b")], ["one", "two"]);
    await tree.moveFile({ source: tree, from: "a", to: "b", overwrite: true });
    assert.deepEqual(await listed(tree), ["directory folder", "file b"]);
    assert.equal(await textAt(tree, "b"), "one");
    await tree.moveFile({ source: tree, from: "b", to: "B" });
    assert.deepEqual(await listed(tree), ["directory folder", "file B"]);
    assert.equal(await textAt(tree, "B"), "one");
  });

  test("14 a moved folder brings all that is in it, to where none is", async ({ tree }) => {
    await put(tree, "from/sub/a", "a");
    await tree.makeDirectory("from/empty");
    await put(tree, "other/x", "x");
    await tree.moveDirectory({ source: tree, from: "from", to: "new/place" });
    assert.deepEqual(await walked(tree), [
      "directory new",
      "directory new/place",
      "directory new/place/empty",
      "directory new/place/sub",
      "directory other",
      "file new/place/sub/a",
      "file other/x",
    ]);
    const into = (from: string, to: string) => tree.moveDirectory({ source: tree, from, to });
    await assert.rejects(into("new", "other"), ConflictError);
    await assert.rejects(into("new", "new/place/inside"), JottashError);
    await assert.rejects(into("none", "somewhere"), DirectoryNotFoundError);
    await assert.rejects(into("other/x", "y"), ConflictError);
    assert.equal(await textAt(tree, "new/place/sub/a"), "a");
    await into("new", "NEW");
    assert.equal(await textAt(tree, "NEW/place/sub/a"), "a");
    assert.deepEqual(await listed(tree), ["directory NEW", "directory other"]);
  });
}
