/** A source that changes while it is uploaded, unseen by size and time: what the service holds then is one whole state of it. */
import assert from "node:assert/strict";
import { md5OfBytes } from "../../../../lib/hash/md5.ts";
import { uploadFile } from "../../../../lib/transfer/upload.ts";
import { fileIn, pattern, TIME, TransferWorld } from "./world.ts";

const SIZE = 3_000_000;
const CONTENT = pattern(SIZE);
const FLIPPED = [0, 1, 999_999, 1_048_576, 2_500_000, SIZE - 1];
const SENT_BEFORE = [1, 1_100_000, 2_999_999];

for (const at of FLIPPED) {
  Deno.test(`uploadFile() lets no mixture stand when byte ${at} changes on the way`, async () => {
    for (const sentBytes of SENT_BEFORE) {
      for (const cuts of [[], [500_000, 1_200_000]]) {
        const world = new TransferWorld();
        const [before, after] = [CONTENT, CONTENT.slice()];
        after[at] = (after[at] ?? 0) ^ 1;
        const file = await world.put("a", before);
        world.remote.cutUploads = [...cuts];
        let sent = 0;
        let isChanged = false;
        const context: typeof world.context = {
          ...world.context,
          emit: (event) => {
            if (event.type === "progressed" && event.phase === "transfer") sent += event.bytes;
            if (isChanged || sent < sentBytes) return;
            isChanged = true;
            world.disk.put("/data/a", after);
            void world.disk.setTimes("/data/a", TIME);
          },
        };
        await uploadFile({ source: world.local, file, target: world.remote, targetPath: "a" }, context);
        assert.ok(isChanged);
        const { md5, size } = await fileIn(world.remote, "a");
        assert.equal(size, SIZE);
        assert.ok([before, after].map(md5OfBytes).includes(md5 ?? ""), `${at} after ${sentBytes}`);
      }
    }
  });
}

Deno.test("uploadFile() does not go on with what an earlier run sent of another state of the file", async () => {
  const world = new TransferWorld();
  const [before, after] = [CONTENT, CONTENT.toReversed()];
  world.remote.putIncomplete("a", before, 2_000_000);
  const file = await world.put("a", after);
  const outcome = await uploadFile(
    { source: world.local, file, target: world.remote, targetPath: "a" },
    world.context,
  );
  assert.deepEqual(outcome, { how: "transferred", size: SIZE, resumedBytes: 0 });
  assert.equal((await fileIn(world.remote, "a")).md5, md5OfBytes(after));
});

Deno.test("uploadFile() tells what an earlier run had sent as done, and no speed of it", async () => {
  const world = new TransferWorld();
  world.remote.putIncomplete("a", CONTENT, 2_000_000);
  world.remote.cutUploads = [300_000];
  const file = await world.put("a", CONTENT);
  await uploadFile({ source: world.local, file, target: world.remote, targetPath: "a" }, world.context);
  const told = world.events.filter((event) => event.type === "progressed" && event.phase === "transfer");
  const sum = (isResumed: boolean) =>
    told.reduce(
      (total, event) =>
        event.type === "progressed" && (event.isResumed ?? false) === isResumed ? total + event.bytes : total,
      0,
    );
  assert.deepEqual([sum(true), sum(false)], [2_000_000, 1_000_000]);
});
