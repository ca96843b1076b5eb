/** Names of a source that are one name on a disk of this machine, as on macOS and Windows. */
import assert from "node:assert/strict";
import { DiskTree } from "../../../../lib/local/disk_tree.ts";
import { createLocalNames } from "../../../../lib/names/local_name.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import type { TargetTree } from "../../../../lib/transfer/copy_file.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { TransferWorld } from "../transfer/world.ts";
import { PLAIN } from "./plain_options.ts";

const NFC = "caf\u00e9";
const NFD = "cafe\u0301";

function macDisk(fileSystem: MemoryFileSystem): DiskTree {
  return new DiskTree(
    { fileSystem, random: new SeededRandom(), platform: { os: "darwin" } },
    { root: "/mac", label: "mac", names: createLocalNames("darwin") },
  );
}

async function copy(world: TransferWorld, source: TargetTree, target: TargetTree): Promise<string[]> {
  const failures = await syncTrees(source, target, PLAIN, world.context);
  return failures.map(({ code, message }) => `${code}: ${message.slice(0, message.indexOf(":"))}`).sort();
}

Deno.test("two accents of a name on the service are told, not written over each other on a disk without them", async () => {
  const world = new TransferWorld();
  for (const name of [NFC, NFD, `${NFC}-folder/a`, `${NFD}-folder/b`, "other"]) world.remote.put(name, name);
  const disk = new MemoryFileSystem({ foldsCase: true });
  assert.deepEqual(
    await copy(world, world.remote, macDisk(disk)),
    [
      `name-clash: Cannot copy "${NFD}"`,
      `name-clash: Cannot copy "${NFD}-folder"`,
      `name-clash: Cannot copy "${NFC}"`,
      `name-clash: Cannot copy "${NFC}-folder"`,
    ].sort(),
  );
  assert.deepEqual(disk.paths(), ["/", "/mac", "/mac/other"]);
});

Deno.test("two cases of a name on one disk are told, not written over each other on a disk without case", async () => {
  const world = new TransferWorld();
  for (const name of ["Readme", "README", "Dir/a", "dir/b", "other"]) await world.put(name, name);
  const disk = new MemoryFileSystem({ foldsCase: true });
  assert.deepEqual(await copy(world, world.local, macDisk(disk)), [
    'name-clash: Cannot copy "Dir"',
    'name-clash: Cannot copy "README"',
    'name-clash: Cannot copy "Readme"',
    'name-clash: Cannot copy "dir"',
  ]);
  assert.deepEqual(disk.paths(), ["/", "/mac", "/mac/other"]);
});

Deno.test("a file that a disk without case has by another case is replaced under its own name", async () => {
  const world = new TransferWorld();
  world.remote.put("README", "new", { modifiedAtMs: 5_000 });
  world.remote.put("Dir/a", "a", { modifiedAtMs: 5_000 });
  const disk = new MemoryFileSystem({ foldsCase: true });
  disk.put("/mac/readme", "an old one");
  disk.put("/mac/dir/b", "b");
  assert.deepEqual(await copy(world, world.remote, macDisk(disk)), []);
  assert.deepEqual(disk.paths(), ["/", "/mac", "/mac/dir", "/mac/dir/a", "/mac/dir/b", "/mac/readme"]);
  assert.equal(disk.peek("/mac/readme"), "new");
});
