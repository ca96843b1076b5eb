import assert from "node:assert/strict";
import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { testLocalLinks } from "./local_links_suite.ts";
import { testLocalResume } from "./local_resume_suite.ts";
import { type LocalDisk, LocalWorld, testLocalTree } from "./local_suite.ts";
import { testLocalVerbs } from "./local_verbs_suite.ts";
import { testLocalWriting } from "./local_writing_suite.ts";

function diskMaker(options: { readonly foldsCase: boolean }) {
  return async (work: (disk: LocalDisk) => Promise<void>) => {
    let nowMs = 1_650_000_000_000;
    const fileSystem = new MemoryFileSystem({ nowMs: () => nowMs++, ...options });
    await fileSystem.makeDirectory("/home/kari/files");
    await work({
      fileSystem,
      directory: "/home/kari/files",
      link: (target, path) => Promise.resolve(fileSystem.putLink(path, target)),
    });
  };
}

for (const suite of [testLocalTree, testLocalVerbs, testLocalLinks, testLocalWriting, testLocalResume]) {
  suite("memory", diskMaker({ foldsCase: false }));
  suite("memory without case", diskMaker({ foldsCase: true }));
}

Deno.test("list() leaves out directories of other disks when it is to stay on its own (memory)", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/home/sub/file", "x");
  fileSystem.mount("/home/mounted");
  fileSystem.put("/home/mounted/inside", "x");
  const link = (target: string, path: string) => Promise.resolve(fileSystem.putLink(path, target));
  const disk: LocalDisk = { fileSystem, directory: "/home", link };
  const kindsBy = async (staysOnFileSystem: boolean) =>
    (await new LocalWorld(disk, { staysOnFileSystem }).tree.list("")).map(({ kind, path }) => [path, kind]);
  assert.deepEqual(await kindsBy(false), [["sub", "directory"], ["mounted", "directory"]]);
  assert.deepEqual(await kindsBy(true), [["sub", "directory"], ["mounted", "special"]]);
  // A root that is a mount itself is all of its disk.
  const mounted = new LocalWorld({ ...disk, directory: "/home/mounted" }, { staysOnFileSystem: true });
  await mounted.tree.makeDirectory("deeper");
  assert.deepEqual((await mounted.tree.list("")).map(({ kind }) => kind), ["file", "directory"]);
});

Deno.test("a move to another disk is refused, and nothing changed (memory)", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/home/file", "x");
  fileSystem.mount("/home/mounted");
  const link = () => Promise.resolve();
  const { tree } = new LocalWorld({ fileSystem, directory: "/home", link });
  const before = fileSystem.paths();
  const work = { source: tree, from: "file", to: "mounted/a/b" };
  await assert.rejects(tree.moveFile(work), { code: "other-disk" });
  assert.deepEqual(fileSystem.paths(), before);
});

Deno.test("flush() makes a file outlive a crash, with its new directories (memory)", async () => {
  for (const isFlushed of [true, false]) {
    const fileSystem = new MemoryFileSystem();
    await fileSystem.makeDirectory("/home");
    const { tree } = new LocalWorld({ fileSystem, directory: "/home", link: () => Promise.resolve() });
    await using pending = await tree.beginWrite("a/b/file", 1);
    await pending.write(Uint8Array.of(120));
    await pending.commit({ modifiedAtMs: 0 });
    if (isFlushed) await tree.flush("a/b/file");
    fileSystem.crash();
    assert.equal(fileSystem.peek("/home/a/b/file"), isFlushed ? "x" : undefined);
  }
});

Deno.test("flush() syncs each new directory once, up to the root of the disk (memory)", async () => {
  const fileSystem = new MemoryFileSystem();
  const synced: string[] = [];
  fileSystem.beforeOperation = ({ name, path }) => name === "syncDirectory" && synced.push(path);
  const { tree } = new LocalWorld({ fileSystem, directory: "/home", link: () => Promise.resolve() });
  for (const name of ["one", "two"]) {
    await using pending = await tree.beginWrite(`a/b/${name}`, 0);
    await pending.commit({ modifiedAtMs: 0 });
    await tree.flush(`a/b/${name}`);
  }
  assert.deepEqual(synced, ["/home/a/b", "/home/a", "/home", "/", "/", "/home/a/b"]);
});

Deno.test("commit() sets an earlier time of creation first, for systems that take it from there (memory)", async () => {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/home");
  const world = new LocalWorld({ fileSystem, directory: "/home", link: () => Promise.resolve() });
  let times = 0;
  fileSystem.beforeOperation = ({ name }) => name === "futimes" && times++;
  for (const [createdAtMs, expected] of [[undefined, 1], [500, 2], [5000, 1]] as const) {
    times = 0;
    await using pending = await world.tree.beginWrite("file", 0);
    await pending.commit({ modifiedAtMs: 1000, createdAtMs });
    assert.equal(times, expected);
    assert.equal((await world.file("file")).modifiedAtMs, 1000);
  }
});
