/** What a local tree promises of writing by the rules of the run (--inplace, --partial-suffix), and of other disks. */
import assert from "node:assert/strict";
import { ConflictError, FileNotFoundError } from "../../lib/errors.ts";
import type { LocalRules } from "../../lib/local/local_rules.ts";
import { type LocalDisk, LocalWorld } from "./local_suite.ts";

const TIME = 1_600_000_000_123;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const IN_PLACE: Partial<LocalRules> = { writing: { isInPlace: true, partialSuffix: undefined } };
const FOLLOWED: Partial<LocalRules> = { links: "follow" };
const WITH_SUFFIX: Partial<LocalRules> = { writing: { isInPlace: false, partialSuffix: ".part" } };

export function testLocalWriting(
  name: string,
  withDisk: (work: (disk: LocalDisk) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, rules: Partial<LocalRules>, work: (world: LocalWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withDisk((disk) => work(new LocalWorld(disk, rules))));

  test(
    "in place: the final file is written from the start, and keeps its identity",
    IN_PLACE,
    async (world) => {
      await world.put("sub-old", "a longer old text");
      const { identity } = await world.disk.fileSystem.stat(world.path("sub-old"));
      {
        await using pending = await world.tree.beginWrite("sub-old", 3);
        await pending.write(bytesOf("new"));
        assert.deepEqual(await world.names(), ["sub-old"]);
        await pending.commit({ modifiedAtMs: TIME });
      }
      assert.equal(await world.text("sub-old"), "new");
      assert.equal((await world.file("sub-old")).modifiedAtMs, TIME);
      assert.equal((await world.disk.fileSystem.stat(world.path("sub-old"))).identity, identity);
      await using pending = await world.tree.beginWrite("a/b/c", 3);
      await pending.commit({ modifiedAtMs: TIME });
      assert.deepEqual(await world.names("a/b"), ["c"]);
    },
  );

  test("in place: what is not committed does not pass for a whole file", IN_PLACE, async (world) => {
    await world.put("file", "old");
    {
      await using pending = await world.tree.beginWrite("file", 3);
      await pending.write(bytesOf("n"));
    }
    assert.deepEqual(await world.names(), []);
  });

  test("in place: a link is replaced, and nothing written through it", IN_PLACE, async (world) => {
    await world.put("real", "kept");
    await world.disk.link("real", world.path("link"));
    await using pending = await world.tree.beginWrite("link", 3);
    await pending.write(bytesOf("new"));
    await pending.commit({ modifiedAtMs: TIME });
    assert.deepEqual([await world.text("real"), await world.text("link")], ["kept", "new"]);
    await world.tree.makeDirectory("directory");
    await assert.rejects(world.tree.beginWrite("directory", 1), ConflictError);
  });

  test("with a suffix: temporary names are rclone's, and no entries to copy", WITH_SUFFIX, async (world) => {
    await using pending = await world.tree.beginWrite("file", 3);
    const [temporary = ""] = await world.names();
    assert.match(temporary, /^file\.[a-z2-7]{8}\.part$/);
    await world.put("other.abcd2345.part", "somebody's file");
    const entries = await world.tree.list("");
    assert.deepEqual(
      entries.map(({ kind, path }) => [kind, path]).sort(),
      [["file", "other.abcd2345.part"], ["special", temporary]],
    );
    await pending.commit({ modifiedAtMs: TIME });
    assert.deepEqual(await world.names(), ["file", "other.abcd2345.part"]);
  });

  test("with a suffix: a file of the longest name is written", WITH_SUFFIX, async (world) => {
    const longest = "å".repeat(127);
    await using pending = await world.tree.beginWrite(longest, 3);
    await pending.commit({ modifiedAtMs: TIME });
    assert.deepEqual(await world.names(), [longest]);
  });

  test("no file is written twice at the same time", {}, async (world) => {
    {
      await using _first = await world.tree.beginWrite("file", 1);
      await assert.rejects(world.tree.beginWrite("file", 1), ConflictError);
    }
    await using again = await world.tree.beginWrite("file", 1);
    await again.commit({ modifiedAtMs: TIME });
    await using third = await world.tree.beginWrite("file", 1);
    await third.commit({ modifiedAtMs: TIME, createdAtMs: TIME - 1000 });
    assert.equal((await world.file("file")).modifiedAtMs, TIME);
  });

  test("placeOf() is the same for all paths of one place", { links: "follow" }, async (world) => {
    await world.tree.makeDirectory("a/b");
    await world.put("a/b/file", "x");
    await world.disk.link("a/b", world.path("link"));
    await world.disk.link("a/b/file", world.path("other"));
    const place = await world.tree.placeOf("a/b/file");
    assert.equal(await world.tree.placeOf("link/file"), place);
    assert.equal(await world.treeAt(world.path("link")).placeOf("file"), place);
    assert.notEqual(await world.tree.placeOf("other"), place); // removing it leaves the file
    assert.ok((await world.tree.placeOf("no/such/file")).endsWith("/no/such/file"));
  });

  test("leadsInto() tells where links lead out of the tree and into another", FOLLOWED, async (world) => {
    for (const path of ["one/d/e", "two/own", "three"]) await world.tree.makeDirectory(path);
    await world.disk.link(world.path("two/d"), world.path("one/to-missing"));
    for (
      const [name, to] of [["to-root", "two"], ["to-own", "two/own"], ["apart", "three"], ["inner", "one/d"]]
    ) {
      await world.disk.link(world.path(to ?? ""), world.path(`one/${name}`));
    }
    const [one, two] = [world.treeAt(world.path("one"), FOLLOWED), world.treeAt(world.path("two"))];
    const into = async (path: string) => await one.leadsInto(path, two);
    const paths = ["to-root/a", "to-own/a", "to-own/not/there/a", "apart/a", "inner/a", "d/a", "a", "to-own"];
    assert.deepEqual(await Promise.all(paths.map(into)), [
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    assert.equal(await one.leadsInto("apart/a", world.treeAt(world.path("missing"))), false);
    // What lies inside of the other tree by itself leads nowhere.
    const inner = world.treeAt(world.path("one/d"), FOLLOWED);
    assert.equal(await inner.leadsInto("e/a", one), false);
  });

  test("leadsInto() is false where links are not followed", {}, async (world) => {
    await world.tree.makeDirectory("two");
    await world.disk.link(world.path("two"), world.path("link"));
    assert.equal(
      await world.treeAt(world.path("")).leadsInto("link/a", world.treeAt(world.path("two"))),
      false,
    );
  });

  test("moveFile() never removes the only file that a link leads to", FOLLOWED, async (world) => {
    await world.tree.makeDirectory("real");
    await world.put("real/a", "only");
    await world.disk.link(world.path("real"), world.path("link"));
    const { tree } = world;
    for (const [from, to] of [["link/a", "real/a"], ["real/a", "link/a"]] as const) {
      const work = { source: tree, from, to, overwrite: true };
      await assert.rejects(tree.moveFile(work), { name: "ConflictError", message: /are the same file$/ });
      assert.equal(await world.text("real/a"), "only");
    }
  });

  test("flush() takes files, and tells what is missing", {}, async (world) => {
    await world.put("file", "x");
    await world.tree.flush("file");
    await assert.rejects(world.tree.flush("none"), FileNotFoundError);
  });
}
