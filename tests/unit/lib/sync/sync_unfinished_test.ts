/** What killed runs have left at the target, when a sync makes it equal to the source. */
import assert from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { createBudget } from "../../../../lib/sync/budget.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import { pattern, TransferWorld } from "../transfer/world.ts";
import { DELETES, PLAIN } from "./plain_options.ts";

const LARGE = pattern(1_500_000);
const DEAD = ".jottash-abcdefghijkl.partial";

function sync(world: TransferWorld, dryRun = false) {
  return syncTrees(world.remote, world.tree("/data"), { ...PLAIN, dryRun, deletes: DELETES }, world.context);
}

/** A run that is killed while it is at the large file: its beginning is there. */
async function killedRun(world: TransferWorld): Promise<void> {
  const { open } = world.remote;
  world.remote.open = async (file, options) => {
    const bytes = await new Response(await open.call(world.remote, file, options)).bytes();
    if (bytes.length < LARGE.length) return ReadableStream.from([bytes]);
    return ReadableStream.from((function* () {
      yield bytes.slice(0, 1_200_000);
      throw new CancelledError("SIGINT");
    })());
  };
  await assert.rejects(sync(world), CancelledError);
  world.disk.crash(() => true);
  world.remote.open = open;
}

Deno.test("syncTrees() goes on with what a killed run left, and says nothing of it", async () => {
  const world = new TransferWorld();
  world.remote.put("d/large", LARGE);
  await killedRun(world);
  assert.equal(world.temporaries().length, 1);
  world.events.length = 0;
  assert.deepEqual(await sync(world), []);
  assert.deepEqual(world.temporaries(), []);
  const finished = world.events.find(({ type }) => type === "finished");
  assert.ok(finished?.type === "finished" && finished.resumedBytes === 1_200_000);
  assert.ok(!world.types().includes("skipped"));
});

Deno.test("syncTrees() removes a directory in which only unfinished files are left", async () => {
  const world = new TransferWorld();
  world.remote.put("keep", "x");
  world.remote.put("d/large", LARGE);
  await killedRun(world);
  world.disk.put(`/data/d/${DEAD}`, "half");
  world.disk.put(`/data/${DEAD}`, "half");
  world.remote.trash("d");
  assert.deepEqual(await sync(world, true), []);
  assert.equal(world.temporaries().length, 3, "a dry run removes nothing");
  assert.deepEqual(await sync(world), []);
  assert.deepEqual(world.disk.paths().filter((path) => path.startsWith("/data/")), ["/data/keep"]);
});

Deno.test("syncTrees() leaves a directory in which another run is writing", async () => {
  const world = new TransferWorld();
  world.remote.put("keep", "x");
  await using pending = await world.tree("/data").beginWrite("d/file", 3);
  await pending.write(new Uint8Array(3));
  assert.deepEqual(await sync(world), []);
  await pending.commit({ modifiedAtMs: 0 });
  assert.equal(world.disk.peek("/data/d/file")?.length, 3);
});

Deno.test("syncTrees() counts against a limit only what comes over the line now", async () => {
  for (const [maxTransferBytes, isEnough] of [[400_000, true], [200_000, false]] as const) {
    const world = new TransferWorld();
    world.remote.put("d/large", LARGE);
    await killedRun(world);
    const { clock } = world;
    using budget = createBudget({ maxTransferBytes, cutoff: "hard", clock, startedAtMs: clock.now() });
    const running = syncTrees(world.remote, world.tree("/data"), { ...PLAIN, budget }, world.context);
    if (isEnough) assert.deepEqual(await running, []);
    else await assert.rejects(running, { code: "transfer-limit" });
    assert.equal(world.temporaries().length, isEnough ? 0 : 1);
  }
});
