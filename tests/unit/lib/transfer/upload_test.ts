import assert from "node:assert/strict";
import { AuthError, IntegrityError, NetworkError, QuotaError, ServiceError } from "../../../../lib/errors.ts";
import { counted, uploadFile } from "../../../../lib/transfer/upload.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";
import { fileIn, pattern, TIME, TransferWorld } from "./world.ts";

async function upload(world: TransferWorld, file: FileEntry, targetPath = file.path) {
  return await uploadFile({ source: world.local, file, target: world.remote, targetPath }, world.context);
}

Deno.test("uploadFile() sends new content, sets its time and reads it back", async () => {
  const world = new TransferWorld();
  const content = pattern(100_000);
  const file = await world.put("a", content, TIME + 999);
  assert.deepEqual(await upload(world, file, "x/b"), { how: "transferred", size: 100_000, resumedBytes: 0 });
  assert.deepEqual(world.remote.peek("x/b"), content);
  assert.equal((await fileIn(world.remote, "x/b")).modifiedAtMs, TIME);
  assert.deepEqual(world.remote.calls.map(({ name }) => name), ["allocate", "send", "stat", "stat"]);
});

Deno.test("uploadFile() sends nothing of content that the service knows", async () => {
  const world = new TransferWorld();
  world.remote.put("old", "same");
  const file = await world.put("a", "same");
  assert.equal((await upload(world, file)).how, "deduplicated");
  assert.equal(world.remote.sentBytes, 0);
});

Deno.test("uploadFile() takes an empty file as any other", async () => {
  const world = new TransferWorld();
  assert.equal((await upload(world, await world.put("empty", ""))).how, "transferred");
  assert.equal(world.remote.peek("empty")?.length, 0);
});

Deno.test("uploadFile() goes on where it broke off and sends each byte once", async () => {
  const world = new TransferWorld();
  const content = pattern(3_000_000);
  world.remote.cutUploads = [100_000, 1, 1_500_000, 7];
  const file = await world.put("a", content);
  const outcome = await upload(world, file);
  assert.deepEqual(outcome, { how: "transferred", size: 3_000_000, resumedBytes: 0 });
  assert.equal(world.remote.sentBytes, 3_000_000);
  assert.deepEqual(world.remote.peek("a"), content);
  world.events.push({ type: "finished", path: "a", ...outcome });
  world.assertProgressAddsUp();
});

Deno.test("uploadFile() goes on where another run broke off", async () => {
  const world = new TransferWorld();
  const content = pattern(10_000);
  world.remote.putIncomplete("a", content, 4_000);
  const outcome = await upload(world, await world.put("a", content));
  assert.deepEqual(outcome, { how: "transferred", size: 10_000, resumedBytes: 4_000 });
  assert.equal(world.remote.sentBytes, 6_000);
});

Deno.test("uploadFile() counts a file as transferred when only the last answer was lost", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", pattern(5_000));
  let sends = 0;
  const { allocate } = world.remote;
  world.remote.allocate = async (request, options) => {
    const slot = await allocate.call(world.remote, request, options);
    if (slot.state === "complete") return slot;
    return {
      ...slot,
      send: async (stream, sendOptions) => {
        await slot.send(stream, sendOptions);
        if (++sends === 1) throw new NetworkError("the answer was lost");
      },
    };
  };
  const outcome = await upload(world, file);
  assert.deepEqual(outcome, { how: "transferred", size: 5_000, resumedBytes: 0 });
  world.events.push({ type: "finished", path: "a", ...outcome });
  world.assertProgressAddsUp();
});

Deno.test("uploadFile() gives up after the policy's barren attempts and leaves the old file alone", async () => {
  const world = new TransferWorld();
  world.remote.put("a", "old");
  world.remote.cutUploads = Array.from({ length: 50 }, () => 0);
  await assert.rejects(upload(world, await world.put("a", pattern(1_000))), {
    code: "network",
    retry: "later",
  });
  assert.equal(world.remote.calls.filter(({ name }) => name === "allocate").length, 4);
  assert.equal(new TextDecoder().decode(world.remote.peek("a")), "old");
});

Deno.test("uploadFile() reads a source anew that changes between listing and hashing", async () => {
  const world = new TransferWorld();
  const stale = await world.put("a", "as it was listed");
  await world.put("a", "as it is now", TIME + 5_000);
  const outcome = await upload(world, stale);
  assert.equal(outcome.size, "as it is now".length);
  assert.equal(new TextDecoder().decode(world.remote.peek("a")), "as it is now");
  assert.equal((await fileIn(world.remote, "a")).modifiedAtMs, TIME + 5_000);
});

/** Long enough to be read twice, first for its MD5 and then for sending. */
const LONG = "as it was hashed ".repeat(20_000);

Deno.test("uploadFile() reads a source anew that changes between hashing and sending", async () => {
  for (const changed of [`${LONG} and more`, LONG.slice(0, -1), "short"]) {
    const world = new TransferWorld();
    const file = await world.put("a", LONG);
    let isChanged = false;
    world.remote.beforeCall = async ({ name }) => {
      if (name !== "allocate" || isChanged) return;
      isChanged = true;
      await world.put("a", changed, TIME + 5_000);
    };
    assert.equal((await upload(world, file)).size, changed.length);
    assert.equal(new TextDecoder().decode(world.remote.peek("a")), changed);
    assert.equal((await fileIn(world.remote, "a")).modifiedAtMs, TIME + 5_000);
    assert.deepEqual(world.remote.files(), ["a"]);
  }
});

Deno.test("uploadFile() never lets a half-truth stand when the source changes unseen", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", LONG);
  let isChanged = false;
  world.remote.beforeCall = async ({ name }) => {
    if (name !== "allocate" || isChanged) return;
    isChanged = true;
    await world.put("a", LONG.toUpperCase()); // same size, same time
  };
  await upload(world, file);
  assert.equal(new TextDecoder().decode(world.remote.peek("a")), LONG.toUpperCase());
});

Deno.test("uploadFile() sends of a small file what it hashed, with the time of that", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", "as it was hashed");
  world.remote.cutUploads = [5];
  world.remote.beforeCall = async ({ name }) => {
    if (name === "allocate") await world.put("a", "changed since", TIME + 5_000);
  };
  await upload(world, file);
  assert.equal(new TextDecoder().decode(world.remote.peek("a")), "as it was hashed");
  assert.equal((await fileIn(world.remote, "a")).modifiedAtMs, TIME);
});

Deno.test("uploadFile() asks a remote source for its MD5, and keeps its time of creation", async () => {
  const world = new TransferWorld();
  const source = new MemoryRemote();
  source.put("a", "elsewhere", { modifiedAtMs: TIME });
  const file = { ...await fileIn(source, "a"), createdAtMs: TIME - 60_000 };
  await uploadFile({ source, file, target: world.remote, targetPath: "a" }, world.context);
  assert.equal((await fileIn(world.remote, "a")).createdAtMs, TIME - 60_000);
  assert.equal(source.calls.filter(({ name }) => name === "open").length, 1);
});

Deno.test("uploadFile() gives up on a source that never stands still, and on one that goes away", async () => {
  const world = new TransferWorld();
  const file = await world.put("log", LONG);
  let size = LONG.length;
  world.remote.beforeCall = async ({ name }) => {
    if (name === "allocate") await world.put("log", "x".repeat(++size), TIME + size * 1000);
  };
  await assert.rejects(upload(world, file), { code: "source-changed", retry: "later" });
  assert.deepEqual(world.remote.files(), []);
  world.remote.beforeCall = async () => await world.disk.remove("/data/log").catch(() => {});
  await assert.rejects(upload(world, await fileIn(world.local, "log")), { code: "file-not-found" });
});

Deno.test("uploadFile() hands on what trying again does not help, and closes the source", async () => {
  const failures = [
    new QuotaError("full"),
    new AuthError("signed out"),
    new ServiceError("refused", { retry: "never" }),
  ];
  for (const failure of failures) {
    for (const where of ["allocate", "send", "stat"]) {
      const world = new TransferWorld();
      const file = await world.put("a", "content");
      world.remote.beforeCall = ({ name }) => {
        if (name === where) throw failure;
      };
      await assert.rejects(upload(world, file), failure);
      assert.equal(world.remote.calls.filter(({ name }) => name === where).length, 1);
    }
  }
});

Deno.test("uploadFile() waits as long as the service asks, and no longer than the policy", async () => {
  const world = new TransferWorld();
  let asked = 0;
  world.remote.beforeCall = ({ name }) => {
    if (name === "allocate" && asked++ === 0) {
      throw new ServiceError("busy", { retry: "now", data: { retryAfterMs: 17_000 } });
    }
  };
  await upload(world, await world.put("a", "x"));
  assert.deepEqual(world.clock.sleeps, [17_000]);
  world.remote.beforeCall = () => {
    throw new ServiceError("busy", { retry: "now", data: { retryAfterMs: 3_600_000 } });
  };
  await assert.rejects(upload(world, await world.put("b", "y")), { code: "service", retry: "later" });
  assert.equal(world.clock.sleeps.length, 1);
});

Deno.test("uploadFile() does not believe a service that holds something else afterwards", async () => {
  const world = new TransferWorld();
  const { stat } = world.remote;
  world.remote.stat = async (path, options) => {
    const entry = await stat.call(world.remote, path, options);
    return entry?.kind === "file" ? { ...entry, size: entry.size - 1 } : entry;
  };
  await assert.rejects(upload(world, await world.put("a", "content")), IntegrityError);
});

Deno.test("uploadFile() stops with the reason of the signal, in the middle of the bytes", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", pattern(3_000_000));
  const context = {
    ...world.context,
    emit: () => world.stop.abort(new Error("stop")),
  };
  await assert.rejects(
    uploadFile({ source: world.local, file, target: world.remote, targetPath: "a" }, context),
    /stop/,
  );
  assert.deepEqual(world.remote.files(), []);
});

Deno.test("counted() takes from the source only what is asked for, and cancels it", async () => {
  let given = 0;
  let cancelledWith: unknown;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(++given)),
    cancel: (reason) => void (cancelledWith = reason),
  }, { highWaterMark: 0 });
  let counts = 0;
  const reader = counted(source, (count) => counts += count).getReader();
  await reader.read();
  await reader.read();
  assert.deepEqual([given, counts], [2, 3]);
  await reader.cancel("enough");
  assert.equal(cancelledWith, "enough");
});

Deno.test("uploadFile() reads a file only when the second of its time is over", async () => {
  // The clock of the test stands at a whole second.
  for (
    const [ageMs, waits] of [[0, [1_020]], [-400, [1_020]], [5, [20]], [1_001, []], [-30_000, []]] as const
  ) {
    const world = new TransferWorld();
    const file = await world.put("a", "content", world.clock.now() - ageMs);
    await upload(world, file);
    assert.deepEqual(world.clock.sleeps, waits, `${ageMs}`);
  }
});

Deno.test("uploadFile() sends what a file is after a second change within the second of the first", async () => {
  const world = new TransferWorld();
  const nowMs = world.clock.now();
  const file = await world.put("a", "one", nowMs);
  const uploading = upload(world, file);
  await world.put("a", "two", nowMs + 1);
  await uploading;
  assert.deepEqual(world.remote.peek("a"), new TextEncoder().encode("two"));
});
