/** What a move has removed at the source outlives a power loss at the target. */
import assert from "node:assert/strict";
import { DiskTree } from "../../../../lib/local/disk_tree.ts";
import { PLAIN_LOCAL_RULES } from "../../../../lib/local/local_rules.ts";
import { createLocalNames } from "../../../../lib/names/local_name.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import type { SyncOptions } from "../../../../lib/sync/sync_options.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { TIME, TransferWorld } from "../transfer/world.ts";
import { PLAIN } from "./plain_options.ts";

const MOVE: SyncOptions = { ...PLAIN, move: { deleteEmptySourceDirectories: false } };

for (const isThere of [undefined, "same", "other time"] as const) {
  Deno.test(`a moved file is on the disk before its source is removed (at the target: ${isThere ?? "nothing"})`, async () => {
    for (const options of [MOVE, PLAIN]) {
      const world = new TransferWorld();
      world.remote.put("a/b/c", "content", { modifiedAtMs: TIME });
      if (isThere !== undefined) {
        await using pending = await world.local.beginWrite("a/b/c", 7);
        await pending.write(new TextEncoder().encode("content"));
        await pending.commit({ modifiedAtMs: isThere === "same" ? TIME : TIME - 60_000 });
      }
      assert.deepEqual(await syncTrees(world.remote, world.local, options, world.context), []);
      world.disk.crash();
      const isMove = options === MOVE;
      assert.equal(world.disk.peek("/data/a/b/c"), isMove ? "content" : undefined);
      assert.equal(await world.remote.stat("a/b/c") === undefined, isMove);
    }
  });
}

Deno.test("a move through links never removes the very file that it has found at the target", async () => {
  const world = new TransferWorld();
  const disk = new MemoryFileSystem();
  disk.put("/target/d/file", "content");
  disk.put("/source/other", "other");
  disk.putLink("/source/d", "/target/d");
  const treeAt = (root: string) =>
    new DiskTree({ fileSystem: disk, random: new SeededRandom(), platform: { os: "linux" } }, {
      root,
      label: root,
      names: createLocalNames("linux"),
      rules: { ...PLAIN_LOCAL_RULES, links: "follow" },
    });
  const failures = await syncTrees(treeAt("/source"), treeAt("/target"), MOVE, world.context);
  assert.deepEqual(failures.map(({ message }) => message), [
    'Cannot remove "d/file" from "/source": source and target are the same file',
  ]);
  assert.equal(disk.peek("/target/d/file"), "content");
  assert.equal(disk.peek("/target/other"), "other");
});
