/** What the real disk does beyond the contract suites of trees and stores. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ConflictError, FileNotFoundError, LocalError } from "../../../../lib/errors.ts";
import { writeFileAtomically } from "../../../../lib/store/atomic_file.ts";
import { createDenoFileSystem } from "../../../../lib/sys/deno_file_system.ts";
import { createDenoRandom } from "../../../../lib/sys/deno_random.ts";

const MODULE = import.meta.resolve("../../../../lib/sys/deno_file_system.ts");

async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "jottash-test-" });
  try {
    await work(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const fileSystem = createDenoFileSystem();

Deno.test("an open file reads, writes, seeks and shrinks", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/file`;
    using file = await fileSystem.open(path, { read: true, write: true, createNew: true, mode: 0o600 });
    await file.write(new Uint8Array(3_000_000).fill(7));
    await file.sync();
    assert.equal((await file.stat()).size, 3_000_000);
    await file.truncate(10);
    await file.seek(8);
    const buffer = new Uint8Array(5);
    assert.equal(await file.read(buffer), 2);
    assert.equal(await file.read(buffer), null);
    await file.setTimes(1234.75);
    assert.equal((await fileSystem.stat(path)).modifiedAtMs, 1234);
    file.close();
    file.close();
    await assert.rejects(fileSystem.open(path, { write: true, createNew: true }), ConflictError);
  });
});

Deno.test("failures name the path or what is shown in its place", async () => {
  await withDirectory(async (directory) => {
    const missing = `${directory}/missing`;
    await assert.rejects(fileSystem.readText(missing), FileNotFoundError);
    await assert.rejects(fileSystem.open(missing, { read: true, shownPath: "shown" }), {
      message: 'Cannot read "shown": it does not exist',
    });
    await assert.rejects(fileSystem.open(directory, { write: true }), ConflictError);
    await fileSystem.makeDirectory(`${directory}/a/b`);
    await assert.rejects(fileSystem.remove(`${directory}/a`), ConflictError);
  });
});

Deno.test("listDirectory() fails as readDirectory() does", async () => {
  await withDirectory(async (directory) => {
    const drain = async (path: string) => await Array.fromAsync(fileSystem.listDirectory(path));
    await assert.rejects(drain(`${directory}/missing`), FileNotFoundError);
    await assert.rejects(fileSystem.readDirectory(`${directory}/missing`), FileNotFoundError);
    await Deno.writeTextFile(`${directory}/file`, "");
    await assert.rejects(drain(`${directory}/file`), ConflictError);
    assert.deepEqual((await drain(directory)).flat().map(({ name }) => name), ["file"]);
  });
});

Deno.test("tryLock() gives the lock to one holder at a time and keeps the file", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/lock`;
    const first = await fileSystem.tryLock(path);
    assert.ok(first);
    assert.equal(await fileSystem.tryLock(path), undefined);
    first[Symbol.dispose]();
    using _second = await fileSystem.tryLock(path);
    assert.ok(_second);
    assert.equal((await fileSystem.lstat(path)).kind, "file");
  });
});

Deno.test("syncDirectory() flushes a directory and misses one that is not there", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await withDirectory(async (directory) => {
    await fileSystem.syncDirectory(directory);
    await assert.rejects(fileSystem.syncDirectory(`${directory}/missing`), FileNotFoundError);
  });
});

Deno.test("syncDirectory() takes a disk that cannot flush directories for flushed", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const before = await Deno.open("/proc", { read: true });
  await assert.rejects(before.sync(), { code: "EINVAL" });
  before.close();
  await fileSystem.syncDirectory("/proc");
});

const NOBODY = 65534;
const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;

/** Another user has to be able to read the sources, wherever they lie. */
async function canBeNobody(): Promise<boolean> {
  if (!isRoot) return false;
  const cat = new Deno.Command("cat", {
    args: [fileURLToPath(MODULE)],
    uid: NOBODY,
    gid: NOBODY,
    stdout: "null",
  });
  return (await cat.output()).success;
}

Deno.test("A file that root replaces stays that of its user", { ignore: !isRoot }, async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/c.conf`;
    await Deno.writeTextFile(path, "old");
    await Deno.chown(path, NOBODY, NOBODY);
    await writeFileAtomically({ fileSystem, random: createDenoRandom() }, path, "new");
    const { uid, gid } = await Deno.stat(path);
    assert.deepEqual([uid, gid, await Deno.readTextFile(path)], [NOBODY, NOBODY, "new"]);
  });
});

Deno.test("tryLock() locks a file that root has made", { ignore: !await canBeNobody() }, async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/lock`;
    // The one that runs this may lie in a directory of root's own.
    const deno = `${directory}/deno`;
    await Deno.copyFile(Deno.execPath(), deno);
    await Deno.writeTextFile(path, "", { mode: 0o644 });
    await Deno.chmod(directory, 0o755);
    const code = `
      const { createDenoFileSystem } = await import(${JSON.stringify(MODULE)});
      const { tryLock } = createDenoFileSystem();
      const first = await tryLock(${JSON.stringify(path)});
      console.log(first !== undefined, await tryLock(${JSON.stringify(path)}) === undefined);`;
    const script = `${directory}/try.ts`;
    await Deno.writeTextFile(script, code);
    const { stdout } = await new Deno.Command(deno, {
      args: ["run", "-A", "--no-config", "--no-lock", "--no-check", script],
      uid: NOBODY,
      gid: NOBODY,
      env: { DENO_DIR: `${directory}/none`, DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    assert.equal(new TextDecoder().decode(stdout).trim(), "true true");
  });
});

Deno.test("a full disk is called full, with a hint", { ignore: Deno.build.os !== "linux" }, async () => {
  using full = await fileSystem.open("/dev/full", { write: true });
  await assert.rejects(full.write(new Uint8Array(1)), (error) => {
    assert.ok(error instanceof LocalError);
    assert.equal(error.message, 'Cannot write "/dev/full": the disk is full');
    assert.match(error.hint ?? "", /^Free some space/);
    return true;
  });
});
