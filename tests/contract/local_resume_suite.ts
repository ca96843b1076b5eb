/** What a local tree promises of files that a later run goes on with, and of what killed runs have left. */
import assert from "node:assert/strict";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import type { DiskTree } from "../../lib/local/disk_tree.ts";
import type { LocalRules } from "../../lib/local/local_rules.ts";
import type { PendingFile } from "../../lib/local/local_tree.ts";
import { type LocalDisk, LocalWorld } from "./local_suite.ts";

const TIME = 1_600_000_000_123;
const DAY_MS = 24 * 3_600_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const WITH_SUFFIX: Partial<LocalRules> = { writing: { isInPlace: false, partialSuffix: ".part" } };
const IN_PLACE: Partial<LocalRules> = { writing: { isInPlace: true, partialSuffix: undefined } };

export function testLocalResume(
  name: string,
  withDisk: (work: (disk: LocalDisk) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, rules: Partial<LocalRules>, work: (world: LocalWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withDisk((disk) => work(new LocalWorld(disk, rules))));

  for (
    const [form, rules, pattern] of [
      ["own name", {}, /^\.jottash-[a-z2-7]{8}-[a-z2-7]{12}\.partial$/],
      ["rclone's name", WITH_SUFFIX, /^file\.[a-z2-7]{8}\.part$/],
    ] as const
  ) {
    test(
      `${form}: what is kept is found again by another run, and is no entry to copy`,
      rules,
      async (world) => {
        await leave(world.tree, "file", "0123456789", "0123");
        const [left = "", ...others] = await world.names();
        assert.match(left, pattern);
        assert.deepEqual(others, []);
        assert.deepEqual((await world.tree.list("")).map(({ kind }) => kind), ["special"]);

        const later = world.treeAt(world.disk.directory, rules);
        await using pending = await begin(later, "file", "0123456789");
        assert.equal(pending.resumption?.keptBytes, 4);
        assert.equal(await textOf(pending, 0), "0123");
        await pending.write(bytesOf("456789"));
        assert.equal(await textOf(pending, 2), "23456789");
        await pending.commit({ modifiedAtMs: TIME });
        assert.deepEqual(await world.names(), ["file"]);
        assert.equal(await world.text("file"), "0123456789");
        assert.equal((await world.file("file")).modifiedAtMs, TIME);
      },
    );

    test(`${form}: what is left of another content goes when the file is written`, rules, async (world) => {
      await leave(world.tree, "file", "old content", "old");
      await leave(world.tree, "other", "another file", "an");
      const before = await world.names();
      assert.equal(before.length, 2);
      // By the run that left it, whatever has changed since, and by a later one.
      for (const tree of [world.tree, world.treeAt(world.disk.directory, rules)]) {
        await using pending = await begin(tree, "file", "new content");
        assert.equal(pending.resumption?.keptBytes, 0);
        assert.equal((await world.names()).length, 2);
      }
      await using other = await begin(world.treeAt(world.disk.directory, rules), "other", "another file");
      assert.equal(other.resumption?.keptBytes, 2);
    });

    test(`${form}: a file that is written whole takes away what was left of it`, rules, async (world) => {
      await leave(world.tree, "file", "old content", "old");
      await using pending = await world.treeAt(world.disk.directory, rules).beginWrite("file", 3);
      await pending.commit({ modifiedAtMs: TIME });
      assert.deepEqual(await world.names(), ["file"]);
    });
  }

  test("what is not kept, and what is empty, is removed", {}, async (world) => {
    {
      await using pending = await begin(world.tree, "file", "content");
      await pending.write(bytesOf("con"));
    }
    await leave(world.tree, "file", "content", "");
    assert.deepEqual(await world.names(), []);
  });

  test("a write at the beginning leaves what is behind it", {}, async (world) => {
    await leave(world.tree, "file", "0123456789", "xx23");
    await using pending = await begin(world.tree, "file", "0123456789");
    await pending.write(bytesOf("456789"));
    await pending.resumption?.seek(0);
    await pending.write(bytesOf("01"));
    assert.equal(await textOf(pending, 0), "0123456789");
  });

  test("what is left and longer than the whole is not used", {}, async (world) => {
    await leave(world.tree, "file", "0123", "0123");
    const [left = ""] = await world.names();
    await world.put(left, "01234");
    await using pending = await begin(world.tree, "file", "0123");
    assert.equal(pending.resumption?.keptBytes, 0);
    assert.equal(await textOf(pending, 0), "");
  });

  test("two runs that write the same file do not write to the same place", {}, async (world) => {
    const trees = [1, 2, 3].map(() => world.treeAt(world.disk.directory));
    const pendings = await Promise.all(trees.map((tree) => begin(tree, "file", "content")));
    assert.deepEqual(pendings.map(({ resumption }) => resumption?.keptBytes).sort(), [
      0,
      undefined,
      undefined,
    ]);
    assert.equal((await world.names()).length, 3);
    for (const pending of pendings) {
      await pending.write(bytesOf("content"));
      await pending.commit({ modifiedAtMs: TIME });
      assert.equal(await world.text("file"), "content");
    }
    assert.deepEqual(await world.names(), ["file"]);
  });

  test("a link in the place of what was left is not written through", {}, async (world) => {
    await leave(world.tree, "file", "0123456789", "0123");
    const [left = ""] = await world.names();
    for (const target of ["precious", "missing"]) {
      await world.disk.fileSystem.remove(world.path(left));
      await world.put("precious", "precious");
      await world.disk.link(target, world.path(left));
      await using pending = await begin(world.tree, "file", "0123456789");
      assert.equal(pending.resumption, undefined);
      await pending.write(bytesOf("x"));
      assert.equal(await world.text("precious"), "precious");
      assert.deepEqual((await world.names()).includes("missing"), false);
    }
  });

  test("in place: no file is gone on with", IN_PLACE, async (world) => {
    await using pending = await begin(world.tree, "file", "content");
    assert.equal(pending.resumption, undefined);
  });

  test(
    "a run removes what killed ones have left where it writes, and nothing that is being written",
    {},
    async (world) => {
      const dead = [".jottash-abcdefghijkl.partial", ".jottash-aaaaaaaaaaaa.partial"];
      for (const leftover of dead) await world.put(leftover, "half");
      const files = ["photo.jpg", "a.partial", ".jottash-short.partial", "b.abcd2345.partial"];
      for (const file of files) await world.put(file, "whole");
      await world.disk.fileSystem.makeDirectory(world.path("sub"));
      await world.put(`sub/${dead[0]}`, "not written there");

      await using alive = await world.treeAt(world.disk.directory).beginWrite("alive", 1);
      assert.equal(
        (await world.names()).length,
        files.length + 2,
        "one is alive, and there is the directory",
      );
      await using another = await world.treeAt(world.disk.directory).beginWrite("another", 1);
      for (const pending of [alive, another]) {
        await pending.write(bytesOf("x"));
        await pending.commit({ modifiedAtMs: TIME });
      }
      assert.deepEqual(await world.names(), [...files, "alive", "another", "sub"].sort());
      assert.deepEqual(await world.names("sub"), [dead[0]]);
    },
  );

  test("what nobody has gone on with for two weeks goes with the next write beside it", {}, async (world) => {
    const { fileSystem } = world.disk;
    await leave(world.tree, "file", "content", "con");
    const [left = ""] = await world.names();
    const nowMs = (await fileSystem.stat(world.path(left))).createdAtMs ?? 0;
    for (const [days, isThere] of [[13, true], [15, false]] as const) {
      // A directory changes when something is made in it; here it is told when.
      const later = aged(world, nowMs + days * DAY_MS);
      await using pending = await later.beginWrite("other", 1);
      await pending.commit({ modifiedAtMs: TIME });
      assert.equal((await world.names()).includes(left), isThere, `${days} days`);
    }
  });
}

/** The tree on a disk whose directories have changed at `nowMs`. */
function aged(world: LocalWorld, nowMs: number): DiskTree {
  const { fileSystem } = world.disk;
  const stat: typeof fileSystem.stat = async (path, options) => {
    const info = await fileSystem.stat(path, options);
    return info.kind === "directory" ? { ...info, modifiedAtMs: nowMs } : info;
  };
  const disk = new Proxy(fileSystem, {
    get: (target, key) => {
      if (key === "stat") return stat;
      const value = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return new LocalWorld({ ...world.disk, fileSystem: disk }).tree;
}

async function begin(tree: DiskTree, path: string, whole: string): Promise<PendingFile> {
  return await tree.beginWrite(path, whole.length, { content: md5OfBytes(bytesOf(whole)) });
}

/** What a run leaves that breaks off. */
async function leave(tree: DiskTree, path: string, whole: string, written: string): Promise<void> {
  await using pending = await begin(tree, path, whole);
  assert.ok(pending.resumption !== undefined);
  await pending.write(bytesOf(written));
  pending.resumption.keep();
}

async function textOf({ resumption }: PendingFile, offset: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of resumption?.read(offset) ?? []) text += decoder.decode(chunk);
  return text;
}
