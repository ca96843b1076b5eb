/** What a local tree promises of moves: what `remote_verbs_suite.ts` says of a remote, and what only a disk has. */
import assert from "node:assert/strict";
import { ConflictError, DirectoryNotFoundError, FileNotFoundError, UsageError } from "../../lib/errors.ts";
import { type LocalDisk, LocalWorld } from "./local_suite.ts";

const TIME = 1_600_000_000_000;

export function testLocalVerbs(
  name: string,
  withDisk: (work: (disk: LocalDisk) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, work: (world: LocalWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withDisk((disk) => work(new LocalWorld(disk))));

  test("canTakeFrom() knows the machine", (world) => {
    assert.equal(world.tree.canTakeFrom(world.tree), true);
    assert.equal(world.tree.canTakeFrom(world.treeAt("/elsewhere")), true);
    return Promise.resolve();
  });

  test("moveFile() moves and renames with times, and makes the parents", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("a");
    await world.put("a/old", "content", TIME);
    await tree.moveFile({ source: tree, from: "a/old", to: "b/c/new" });
    assert.equal((await world.file("b/c/new")).modifiedAtMs, TIME);
    assert.equal(await world.text("b/c/new"), "content");
    assert.equal(await tree.stat("a/old"), undefined);
    assert.deepEqual(await world.names("a"), []);
  });

  test("moveFile() refuses a name that is taken, unless it may overwrite", async (world) => {
    const { tree } = world;
    await world.put("new", "new");
    await world.put("old", "old");
    await tree.makeDirectory("folder");
    const work = { source: tree, from: "new", to: "old" };
    await assert.rejects(tree.moveFile(work), ConflictError);
    assert.deepEqual([await world.text("new"), await world.text("old")], ["new", "old"]);
    await assert.rejects(tree.moveFile({ ...work, to: "folder", overwrite: true }), ConflictError);
    await tree.moveFile({ ...work, overwrite: true });
    assert.deepEqual(await world.names(), ["folder", "old"]);
    assert.equal(await world.text("old"), "new");
  });

  test("moveFile() tells what is missing or of the other kind, and leaves the target alone", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("folder");
    await world.put("kept", "kept");
    for (const from of ["none", "no/such"]) {
      await assert.rejects(
        tree.moveFile({ source: tree, from, to: "kept", overwrite: true }),
        FileNotFoundError,
      );
    }
    await assert.rejects(tree.moveFile({ source: tree, from: "folder", to: "new" }), ConflictError);
    assert.equal(await world.text("kept"), "kept");
  });

  test("a refused move leaves no directories behind", async (world) => {
    const { tree } = world;
    await world.put("file", "x");
    await tree.makeDirectory("folder");
    const long = `made/for/nothing/${"x".repeat(300)}`;
    const isMemory = name.startsWith("memory");
    if (!isMemory) {
      await assert.rejects(tree.moveFile({ source: tree, from: "file", to: long }));
      await assert.rejects(tree.moveDirectory({ source: tree, from: "folder", to: long }));
    }
    await assert.rejects(tree.moveFile({ source: tree, from: "none", to: "made/a" }), FileNotFoundError);
    await assert.rejects(tree.moveDirectory({ source: tree, from: "file", to: "made/a" }), ConflictError);
    await assert.rejects(
      tree.moveDirectory({ source: tree, from: "folder", to: "folder/made/a" }),
      UsageError,
    );
    assert.deepEqual(await world.names(), ["file", "folder"]);
    assert.deepEqual(await world.names("folder"), []);
  });

  test("moveFile() and moveDirectory() change the case of a name", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("Dir");
    await world.put("Dir/readme.txt", "x");
    await tree.moveFile({ source: tree, from: "Dir/readme.txt", to: "Dir/README.txt" });
    assert.deepEqual(await world.names("Dir"), ["README.txt"]);
    await tree.moveDirectory({ source: tree, from: "Dir", to: "DIR" });
    assert.deepEqual(await world.names(), ["DIR"]);
    assert.equal(await world.text("DIR/README.txt"), "x");
    await tree.moveDirectory({ source: tree, from: "DIR", to: "DIR" });
    await tree.moveFile({ source: tree, from: "DIR/README.txt", to: "DIR/README.txt" });
    assert.deepEqual(await world.names("DIR"), ["README.txt"]);
  });

  test("moveDirectory() takes a directory with all that is in it to where nothing is", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("from/sub");
    await tree.makeDirectory("from/empty");
    await world.put("from/a", "a");
    await world.put("from/sub/b", "b");
    await tree.moveDirectory({ source: tree, from: "from", to: "to/there" });
    assert.deepEqual(await world.names(), ["to"]);
    assert.deepEqual(await world.names("to/there"), ["a", "empty", "sub"]);
    assert.equal(await world.text("to/there/sub/b"), "b");
  });

  test("moveDirectory() refuses what is there, what is inside, and what is no directory", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("a");
    await tree.makeDirectory("ab");
    await world.put("a/file", "x");
    await tree.makeDirectory("b");
    await world.put("c", "c");
    const move = (from: string, to: string) => tree.moveDirectory({ source: tree, from, to });
    await assert.rejects(move("a", "b"), ConflictError);
    await assert.rejects(move("a", "c"), ConflictError);
    await assert.rejects(move("a", "a/inside/deeper"), UsageError);
    await assert.rejects(move("c", "d"), ConflictError);
    await assert.rejects(move("none", "d"), DirectoryNotFoundError);
    await assert.rejects(move("", "d"), UsageError);
    await assert.rejects(move("a", ""), UsageError);
    await move("a", "ab/a");
    assert.deepEqual(await world.names(), ["ab", "b", "c"]);
    assert.deepEqual(await world.names("ab/a"), ["file"]);
  });

  test("moves go from one place of the machine to another, roots too", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("one");
    await world.put("one/file", "x");
    const [one, two, three] = ["one", "two", "three/four"].map((each) => world.treeAt(world.path(each)));
    assert.ok(one && two && three);
    await two.moveFile({ source: one, from: "file", to: "moved" });
    assert.deepEqual(await world.names("two"), ["moved"]);
    await three.moveDirectory({ source: two, from: "", to: "" });
    assert.deepEqual(await world.names(), ["one", "three"]);
    assert.deepEqual(await world.names("three/four"), ["moved"]);
  });

  test("moveFile() moves a link, not what it leads to", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("to");
    await world.put("to/file", "x");
    await world.disk.link("to/file", world.path("link"));
    await tree.moveFile({ source: tree, from: "link", to: "other/link" });
    assert.deepEqual(await world.names("to"), ["file"]);
    assert.equal(await world.disk.fileSystem.readLink(world.path("other/link")), "to/file");
    await world.disk.link("to", world.path("linked-directory"));
    await assert.rejects(
      tree.moveDirectory({ source: tree, from: "linked-directory", to: "new" }),
      ConflictError,
    );
    assert.deepEqual(await world.names(), ["linked-directory", "other", "to"]);
  });

  test("moves do not go through a link below the root", async (world) => {
    const { tree } = world;
    await tree.makeDirectory("real");
    await world.put("real/kept", "x");
    await world.put("file", "y");
    await world.disk.link("real", world.path("link"));
    await assert.rejects(tree.moveFile({ source: tree, from: "file", to: "link/file" }), ConflictError);
    await assert.rejects(tree.moveFile({ source: tree, from: "link/kept", to: "new" }), ConflictError);
    await assert.rejects(tree.moveDirectory({ source: tree, from: "real", to: "link/x" }), ConflictError);
    assert.deepEqual([await world.names(), await world.names("real")], [["file", "link", "real"], ["kept"]]);
  });
}
