/** What goes along with a file besides its content. */
import assert from "node:assert/strict";
import { copyFile } from "../../../../lib/transfer/copy_file.ts";
import type { TransferContext } from "../../../../lib/transfer/context.ts";
import { fileIn, TIME, TransferWorld } from "./world.ts";

const BORN = TIME - 86_400_000;

async function copyUp(world: TransferWorld, more: Partial<TransferContext>) {
  const file = { ...await world.put("a", "content"), createdAtMs: BORN };
  await copyFile({ source: world.local, file, target: world.remote, targetPath: "a" }, {
    ...world.context,
    ...more,
  });
  return await fileIn(world.remote, "a");
}

Deno.test("copyFile() takes the disk's time of creation along only when asked for", async () => {
  assert.equal((await copyUp(new TransferWorld(), {})).createdAtMs, TIME);
  const kept = await copyUp(new TransferWorld(), { keepsMetadata: true });
  assert.deepEqual([kept.createdAtMs, kept.modifiedAtMs], [BORN, TIME]);
});

Deno.test("copyFile() hands the time of creation down only when asked for", async () => {
  for (const keepsMetadata of [true, false]) {
    const world = new TransferWorld();
    world.remote.put("a", "content", { modifiedAtMs: TIME });
    const file = { ...await fileIn(world.remote, "a"), createdAtMs: BORN };
    const times: string[] = [];
    world.disk.beforeOperation = ({ name }) => name === "futimes" && times.push(name);
    await copyFile(
      { source: world.remote, file, target: world.local, targetPath: "a" },
      { ...world.context, keepsMetadata },
    );
    assert.equal(times.length, keepsMetadata ? 2 : 1);
    assert.equal((await fileIn(world.local, "a")).modifiedAtMs, TIME);
  }
});
