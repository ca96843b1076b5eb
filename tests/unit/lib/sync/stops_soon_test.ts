/** A sync that is asked to stop: what is under way comes to its end, and nothing else begins. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import type { SyncOptions } from "../../../../lib/sync/sync_options.ts";
import { TIME, TransferWorld } from "../transfer/world.ts";
import { DELETES, PLAIN } from "./plain_options.ts";

const FILES = 60;
const CASES: readonly (readonly [title: string, options: Partial<SyncOptions>])[] = [
  ["copy", {}],
  ["sync", { deletes: DELETES }],
  ["sync that deletes first", { deletes: { ...DELETES, when: "before" } }],
  ["move", { move: { deleteEmptySourceDirectories: true } }],
  ["copy in an order", { checkFirst: true }],
];

for (const [title, options] of CASES) {
  Deno.test(`syncTrees() that is asked to stop soon as a ${title} finishes what it has begun`, async () => {
    const world = new TransferWorld();
    const reason = new CancelledError("SIGINT");
    const soon = new AbortController();
    for (let index = 0; index < FILES; index++) {
      await world.put(`d${index % 7}/f${index}`, `content ${index}`);
    }
    world.remote.put("gone", "1", { modifiedAtMs: TIME });
    let asked = 0;
    world.remote.beforeCall = ({ name }) => {
      if (name === "send" && ++asked === 5) soon.abort(reason);
    };
    const run = syncTrees(world.local, world.remote, { ...PLAIN, ...options }, {
      ...world.context,
      stopsSoon: soon.signal,
    });
    await rejects(run, (error) => error === reason);
    const [started, finished, failed] = ["started", "finished", "failed"].map((type) =>
      world.events.flatMap((event) => event.type === type && "path" in event ? event.path : [])
    );
    deepEqual(started?.toSorted(), finished?.toSorted());
    deepEqual(failed, []);
    ok(asked >= 5 && asked < 5 + PLAIN.transfers, `${asked} began`);
    // Moved or not at all: each file is at one end, whole.
    const arrived = world.remote.files().filter((path) => path !== "gone");
    equal(arrived.length, finished?.length);
    if (options.deletes?.when !== "before") ok(world.remote.files().includes("gone"));
    if (options.move !== undefined) {
      const left = world.disk.paths().filter((path) => world.disk.peek(path) !== undefined);
      equal(left.length + arrived.length, FILES);
    }
  });
}

Deno.test("syncTrees() that was asked to stop before it began begins nothing", async () => {
  const world = new TransferWorld();
  await world.put("a", "1");
  const reason = new CancelledError("SIGINT");
  const context = { ...world.context, stopsSoon: AbortSignal.abort(reason) };
  await rejects(syncTrees(world.local, world.remote, PLAIN, context), (error) => error === reason);
  deepEqual(world.remote.files(), []);
});
