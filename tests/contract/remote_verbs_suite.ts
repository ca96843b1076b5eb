/** What a remote promises of moves, copies, links and the trash: for the real one and for the one in memory. */
import assert from "node:assert/strict";
import { ConflictError, DirectoryNotFoundError, FileNotFoundError, UsageError } from "../../lib/errors.ts";
import { NASTY_NAMES } from "./remote_names.ts";
import { fileAt, namesOf, type RemoteWorld, textAt } from "./remote_suite.ts";

const TIME = 1_600_000_000_000;

export function testRemoteVerbs(
  name: string,
  withWorld: (work: (world: RemoteWorld) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, work: (world: RemoteWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withWorld(work));

  test("canTakeFrom() knows its own account", ({ remote }) => {
    assert.equal(remote.canTakeFrom(remote), true);
    return Promise.resolve();
  });

  test("moveFile() moves and renames with times, and makes the parents", async ({ remote, put }) => {
    put("a/old", "content", { modifiedAtMs: TIME });
    await remote.moveFile({ source: remote, from: "a/old", to: "b/c/new" });
    assert.equal((await fileAt(remote, "b/c/new")).modifiedAtMs, TIME);
    assert.equal(await textAt(remote, "b/c/new"), "content");
    assert.equal(await remote.stat("a/old"), undefined);
    assert.deepEqual(await namesOf(remote, "a"), []);
  });

  test("moveFile() refuses a name that is taken, unless it may overwrite", async ({ remote, put, putFolder }) => {
    put("new", "new");
    put("old", "old");
    putFolder("folder");
    const work = { source: remote, from: "new", to: "old" };
    await assert.rejects(remote.moveFile(work), ConflictError);
    assert.deepEqual([await textAt(remote, "new"), await textAt(remote, "old")], ["new", "old"]);
    await assert.rejects(remote.moveFile({ ...work, to: "folder", overwrite: true }), ConflictError);
    await remote.moveFile({ ...work, overwrite: true });
    assert.deepEqual(await namesOf(remote), ["directory folder", "file old"]);
    assert.equal(await textAt(remote, "old"), "new");
  });

  test("moveFile() goes onto what is in the trash, and into a folder that is", async (world) => {
    const { remote } = world;
    world.put("a", "a");
    world.put("b", "b");
    world.put("trashed", "t");
    world.put("folder/inside", "i");
    world.trash("trashed");
    world.trash("folder");
    await remote.moveFile({ source: remote, from: "a", to: "trashed" });
    await remote.moveFile({ source: remote, from: "b", to: "folder/b" });
    assert.deepEqual(await namesOf(remote), ["directory folder", "file trashed"]);
    assert.deepEqual(await namesOf(remote, "folder"), ["file folder/b"]);
    assert.deepEqual([await textAt(remote, "trashed"), await textAt(remote, "folder/b")], ["a", "b"]);
  });

  test("moveFile() tells what is missing or of the other kind, and leaves the target alone", async (world) => {
    const { remote } = world;
    world.putFolder("folder");
    world.put("trashed", "x");
    world.trash("trashed");
    world.put("kept", "kept");
    world.putIncomplete("half", new Uint8Array(9), 3);
    for (const from of ["none", "no/such", "trashed", "half"]) {
      const work = { source: remote, from, to: "kept", overwrite: true };
      await assert.rejects(remote.moveFile(work), FileNotFoundError, from);
      await assert.rejects(remote.copyFile(work), FileNotFoundError, from);
    }
    await assert.rejects(remote.moveFile({ source: remote, from: "folder", to: "new" }), ConflictError);
    assert.equal(await textAt(remote, "kept"), "kept");
  });

  test("moveFile() and moveDirectory() change the case of a name", async ({ remote, put }) => {
    put("Dir/readme.txt", "x");
    await remote.moveFile({ source: remote, from: "Dir/readme.txt", to: "Dir/README.txt" });
    assert.deepEqual(await namesOf(remote, "Dir"), ["file Dir/README.txt"]);
    await remote.moveDirectory({ source: remote, from: "Dir", to: "DIR" });
    assert.deepEqual(await namesOf(remote), ["directory DIR"]);
    assert.equal(await textAt(remote, "DIR/README.txt"), "x");
    await remote.moveDirectory({ source: remote, from: "DIR", to: "DIR" });
    assert.deepEqual(await namesOf(remote), ["directory DIR"]);
  });

  test("moveFile(), copyFile() and moveDirectory() refuse a name that cannot be stored", async ({ remote, put }) => {
    put("dir/a", "x");
    const to = "x".repeat(256);
    const refused = { code: "name-refused" };
    await assert.rejects(remote.moveFile({ source: remote, from: "dir/a", to }), refused);
    await assert.rejects(remote.moveDirectory({ source: remote, from: "dir", to }), refused);
    assert.deepEqual(await namesOf(remote, "dir"), ["file dir/a"]);
  });

  test("moveDirectory() takes a folder with all that is in it to where nothing is", async (world) => {
    const { remote } = world;
    world.put("from/a", "a");
    world.put("from/sub/b", "b");
    world.putFolder("from/empty");
    await remote.moveDirectory({ source: remote, from: "from", to: "to/there" });
    assert.deepEqual(await namesOf(remote), ["directory to"]);
    assert.deepEqual(await namesOf(remote, "to/there"), [
      "directory to/there/empty",
      "directory to/there/sub",
      "file to/there/a",
    ]);
    assert.equal(await textAt(remote, "to/there/sub/b"), "b");
  });

  test("moveDirectory() refuses what is there, what is inside, and what is no folder", async (world) => {
    const { remote } = world;
    world.put("a/file", "x");
    world.putFolder("b");
    world.put("c", "c");
    const move = (from: string, to: string) => remote.moveDirectory({ source: remote, from, to });
    await assert.rejects(move("a", "b"), ConflictError);
    await assert.rejects(move("a", "c"), ConflictError);
    await assert.rejects(move("a", "A/inside"), UsageError);
    await assert.rejects(move("c", "d"), ConflictError);
    await assert.rejects(move("none", "d"), DirectoryNotFoundError);
    await assert.rejects(move("", "d"), UsageError);
    await assert.rejects(move("a", ""), UsageError);
    assert.deepEqual(await namesOf(remote), ["directory a", "directory b", "file c"]);
    assert.deepEqual(await namesOf(remote, "a"), ["file a/file"]);
  });

  test("copyFile() copies content and times, leaves the source, and nothing is sent", async ({ remote, put }) => {
    put("a", "content", { modifiedAtMs: TIME });
    await remote.copyFile({ source: remote, from: "a", to: "copies/b" });
    const copy = await fileAt(remote, "copies/b");
    assert.deepEqual([copy.modifiedAtMs, copy.size], [TIME, 7]);
    assert.equal(await textAt(remote, "a"), "content");
  });

  test("copyFile() overwrites when told, revives what is in the trash, refuses the same file", async (world) => {
    const { remote } = world;
    world.put("a", "new");
    world.put("b", "old");
    world.put("trashed", "t");
    world.trash("trashed");
    await assert.rejects(remote.copyFile({ source: remote, from: "a", to: "b" }), ConflictError);
    await assert.rejects(
      remote.copyFile({ source: remote, from: "a", to: "A", overwrite: true }),
      ConflictError,
    );
    await remote.copyFile({ source: remote, from: "a", to: "b", overwrite: true });
    await remote.copyFile({ source: remote, from: "a", to: "trashed" });
    assert.deepEqual(await namesOf(remote), ["file a", "file b", "file trashed"]);
    for (const path of ["a", "b", "trashed"]) assert.equal(await textAt(remote, path), "new");
  });

  test("removeDirectory() removes an empty folder only; what is in the trash does not count", async (world) => {
    const { remote } = world;
    world.put("full/a", "x");
    world.putFolder("nested/inner");
    world.put("tombs/a", "x");
    world.trash("tombs/a");
    await assert.rejects(remote.removeDirectory("full"), ConflictError);
    await assert.rejects(remote.removeDirectory("nested"), ConflictError);
    await assert.rejects(remote.removeDirectory("full/a"), ConflictError);
    await assert.rejects(remote.removeDirectory("none"), DirectoryNotFoundError);
    await assert.rejects(remote.removeDirectory(""), UsageError);
    await remote.removeDirectory("NESTED/inner");
    await remote.removeDirectory("tombs");
    assert.deepEqual(await namesOf(remote), ["directory full", "directory nested"]);
    assert.ok(world.isTrashed("nested/inner"));
  });

  test("makeLink() gives the same address until removeLink(), for files and folders", async ({ remote, put }) => {
    put("dir/a", "x");
    for (const path of ["dir/a", "dir"]) {
      const address = await remote.makeLink(path);
      assert.equal(await remote.makeLink(path), address);
      await remote.removeLink(path);
      await remote.removeLink(path);
    }
    assert.notEqual(await remote.makeLink("dir/a"), await remote.makeLink("dir"));
  });

  test("makeLink() and removeLink() want something that is there", async (world) => {
    world.put("gone", "x");
    world.trash("gone");
    world.putIncomplete("half", new Uint8Array(9), 3);
    for (const path of ["none", "gone", "half"]) {
      await assert.rejects(world.remote.makeLink(path), DirectoryNotFoundError, path);
      await assert.rejects(world.remote.removeLink(path), DirectoryNotFoundError, path);
    }
  });

  test("countTrash() counts tops, emptyTrash() destroys all and counts it", async (world) => {
    const { remote } = world;
    world.put("kept", "x");
    world.put("dir/sub/a", "x");
    world.put("dir/b", "x");
    world.put("c", "x");
    world.trash("dir");
    world.trash("c");
    assert.deepEqual(await remote.countTrash(), { files: 1, folders: 1 });
    assert.deepEqual(await remote.emptyTrash(), { files: 3, folders: 2 });
    assert.deepEqual(await remote.countTrash(), { files: 0, folders: 0 });
    assert.deepEqual(await namesOf(remote), ["file kept"]);
    assert.equal(world.isTrashed("c"), false);
  });

  test("every name can be moved, copied and linked", async ({ remote, put, putFolder }) => {
    for (const [index, nasty] of NASTY_NAMES.entries()) {
      const [plain, dir] = [`plain ${index}`, `dir ${index}`];
      put(plain, `content ${index}`);
      await remote.moveFile({ source: remote, from: plain, to: `${dir}/${nasty}` });
      assert.equal((await fileAt(remote, `${dir}/${nasty}`)).path, `${dir}/${nasty}`);
      await remote.copyFile({ source: remote, from: `${dir}/${nasty}`, to: `${dir}/copies/${nasty}` });
      assert.equal(await textAt(remote, `${dir}/copies/${nasty}`), `content ${index}`);
      assert.ok((await remote.makeLink(`${dir}/${nasty}`)).length > 0);
      await remote.moveFile({ source: remote, from: `${dir}/${nasty}`, to: plain });
      putFolder(`plain dir ${index}/inner`);
      await remote.moveDirectory({
        source: remote,
        from: `plain dir ${index}`,
        to: `${dir}/folders/${nasty}`,
      });
      assert.deepEqual(await namesOf(remote, `${dir}/folders`), [`directory ${dir}/folders/${nasty}`]);
      await remote.moveDirectory({ source: remote, from: `${dir}/folders/${nasty}`, to: `back ${index}` });
      assert.deepEqual(await namesOf(remote, `back ${index}`), [`directory back ${index}/inner`]);
    }
  });

  test("moves, links and the trash end with the reason of the signal", async ({ remote, put }) => {
    put("dir/a", "x");
    const stop = new AbortController();
    stop.abort(new Error("stop"));
    const options = { signal: stop.signal };
    const file = { source: remote, from: "dir/a", to: "b" };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => remote.moveFile(file, options),
      () => remote.copyFile(file, options),
      () => remote.moveDirectory({ source: remote, from: "dir", to: "new" }, options),
      () => remote.removeDirectory("dir", options),
      () => remote.makeLink("dir", options),
      () => remote.removeLink("dir", options),
      () => remote.emptyTrash(options),
    ];
    for (const call of calls) await assert.rejects(call, /stop/, String(call));
    assert.deepEqual(await namesOf(remote), ["directory dir"]);
  });
}
