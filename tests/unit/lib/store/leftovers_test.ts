import { deepStrictEqual, strictEqual } from "node:assert";
import { findLeftovers, prepareAtomicWrite, removeLeftovers } from "../../../../lib/store/atomic_file.ts";
import { localFailure, MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

async function namesIn(fileSystem: MemoryFileSystem, directory: string): Promise<string[]> {
  return (await fileSystem.readDirectory(directory)).map(({ name }) => name).sort();
}

Deno.test("findLeftovers() finds what a killed writer has left, and no other file", async () => {
  const fileSystem = new MemoryFileSystem();
  const kept = [
    "c.conf",
    "c.conf.lock",
    "c.conf.tmp",
    "c.conf.0123456789abcdef.tmp.txt",
    "c.conf.0123456789abcde.tmp",
    "c.conf.0123456789ABCDEF.tmp",
    "other.conf.0123456789abcdef.tmp",
    "xc.conf.0123456789abcdef.tmp",
  ];
  for (const name of kept) fileSystem.put(`/home/${name}`, "text");
  await fileSystem.makeDirectory("/home/c.conf.fedcba9876543210.tmp");
  // The process dies here: nobody disposes it.
  await prepareAtomicWrite({ fileSystem, random: new SeededRandom() }, "/home/c.conf", { reserveBytes: 10 });
  strictEqual((await namesIn(fileSystem, "/home")).length, kept.length + 2);
  await removeLeftovers(fileSystem, await findLeftovers(fileSystem, "/home/c.conf"));
  deepStrictEqual(
    await namesIn(fileSystem, "/home"),
    [...kept, "c.conf.fedcba9876543210.tmp"].sort(),
  );
});

Deno.test("findLeftovers() and removeLeftovers() let a directory be that cannot be read or changed", async () => {
  for (const failing of ["readDirectory", "remove"]) {
    const fileSystem = new MemoryFileSystem();
    fileSystem.put("/home/c.conf.0123456789abcdef.tmp", "text");
    let failures = 0;
    fileSystem.beforeOperation = ({ name }) => {
      if (name !== failing) return;
      failures += 1;
      throw localFailure("EACCES", "/home");
    };
    await removeLeftovers(fileSystem, await findLeftovers(fileSystem, "/home/c.conf"));
    strictEqual(failures, 1);
  }
});
