import assert from "node:assert/strict";
import { LocalError, NetworkError, ServiceError } from "../../../../lib/errors.ts";
import { copyFile } from "../../../../lib/transfer/copy_file.ts";
import { downloadFile } from "../../../../lib/transfer/download.ts";
import type { ReadOptions } from "../../../../lib/tree/tree.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { fileIn, pattern, TIME, TransferWorld } from "./world.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Lets the line change what `open` gives: the bytes from the offset, and how many times it was asked. */
function withLine(
  world: TransferWorld,
  change: (bytes: Bytes, round: number) => Iterable<Bytes | Error>,
): number[] {
  const offsets: number[] = [];
  const { open } = world.remote;
  world.remote.open = async (file, options: ReadOptions = {}) => {
    offsets.push(options.offset ?? 0);
    const bytes = await new Response(await open.call(world.remote, file, options)).bytes();
    const items = change(bytes, offsets.length);
    return ReadableStream.from((function* () {
      for (const item of items) {
        if (item instanceof Error) throw item;
        yield item;
      }
    })());
  };
  return offsets;
}

async function download(world: TransferWorld, path = "a", targetPath = path): Promise<void> {
  const file = await fileIn(world.remote, path);
  await downloadFile({ source: world.remote, file, target: world.local, targetPath }, world.context);
}

Deno.test("downloadFile() writes content and time under the final name", async () => {
  const world = new TransferWorld();
  world.remote.put("a", "content", { modifiedAtMs: TIME + 5_000 });
  await download(world, "a", "x/y/a");
  assert.equal(world.disk.peek("/data/x/y/a"), "content");
  assert.equal((await fileIn(world.local, "x/y/a")).modifiedAtMs, TIME + 5_000);
  assert.deepEqual(world.temporaries(), []);
});

Deno.test("downloadFile() goes on at the byte where the line broke", async () => {
  const world = new TransferWorld();
  const content = pattern(10_000);
  world.remote.put("a", content);
  const offsets = withLine(
    world,
    (bytes) => bytes.length > 1_500 ? [bytes.slice(0, 1_500), new NetworkError("cut")] : [bytes],
  );
  const file = await fileIn(world.remote, "a");
  await copyFile({ source: world.remote, file, target: world.local, targetPath: "a" }, world.context);
  assert.deepEqual(offsets, [0, 1_500, 3_000, 4_500, 6_000, 7_500, 9_000]);
  assert.equal((await fileIn(world.local, "a")).size, 10_000);
  assert.equal(await world.local.md5(await fileIn(world.local, "a")), file.md5);
  world.assertProgressAddsUp();
});

Deno.test("downloadFile() gives up after the policy's barren attempts, not that many times three", async () => {
  const world = new TransferWorld();
  world.remote.put("a", pattern(10));
  const offsets = withLine(world, () => [new NetworkError("cut")]);
  await assert.rejects(download(world), { code: "network", retry: "later" });
  assert.equal(offsets.length, 4);
  assert.deepEqual(world.temporaries(), []);
});

Deno.test("downloadFile() notices wrong, missing and surplus bytes and leaves the old file alone", async () => {
  const changes: readonly ((bytes: Bytes) => Bytes[])[] = [
    (bytes) => [bytes.slice(0, -1)],
    (bytes) => [bytes, new Uint8Array(1)],
    (bytes) => [bytes.with(3, 99) as Bytes],
    () => [],
    (bytes) => [bytes, bytes],
  ];
  for (const change of changes) {
    const world = new TransferWorld();
    await world.put("a", "old");
    world.remote.put("a", pattern(1_000));
    withLine(world, change);
    await assert.rejects(download(world), { code: "integrity", retry: "later" });
    assert.equal(world.disk.peek("/data/a"), "old");
    assert.deepEqual(world.temporaries(), []);
  }
});

Deno.test("downloadFile() starts over after wrong bytes, and its progress adds up", async () => {
  const world = new TransferWorld();
  world.remote.put("a", pattern(1_000));
  withLine(world, (bytes, round) => [round === 1 ? bytes.with(3, 99) as Bytes : bytes]);
  const file = await fileIn(world.remote, "a");
  await copyFile({ source: world.remote, file, target: world.local, targetPath: "a" }, world.context);
  assert.deepEqual(world.types().filter((type) => type !== "progressed"), ["started", "retried", "finished"]);
  world.assertProgressAddsUp();
});

Deno.test("downloadFile() replaces an existing file only when all is there", async () => {
  const world = new TransferWorld();
  await world.put("a", "old");
  world.remote.put("a", pattern(1_000));
  withLine(world, (bytes) => {
    assert.equal(world.disk.peek("/data/a"), "old");
    return [bytes];
  });
  await download(world);
  assert.equal((await fileIn(world.local, "a")).size, 1_000);
});

Deno.test("downloadFile() removes what it began when the disk is full, at any step", async () => {
  for (const step of ["open", "write", "futimes", "rename"]) {
    const world = new TransferWorld();
    await world.put("a", "old");
    world.remote.put("a", pattern(1_000));
    world.disk.beforeOperation = ({ name, path }) => {
      if (name === step) throw localFailure("ENOSPC", path);
    };
    await assert.rejects(download(world), LocalError, step);
    world.disk.beforeOperation = () => {};
    assert.equal(world.disk.peek("/data/a"), "old");
    assert.deepEqual(world.temporaries(), [], step);
  }
});

Deno.test("downloadFile() stops with the reason of the signal and leaves nothing behind", async () => {
  const world = new TransferWorld();
  world.remote.put("a", pattern(1_000));
  withLine(world, (bytes) => {
    world.stop.abort(new Error("stop"));
    return [bytes.slice(0, 10), new NetworkError("cut")];
  });
  await assert.rejects(download(world), /stop/);
  assert.deepEqual(world.temporaries(), []);
});

Deno.test("downloadFile() hands on what trying again does not help", async () => {
  const world = new TransferWorld();
  world.remote.put("a", pattern(1_000));
  const refused = new ServiceError("refused", { retry: "never" });
  const offsets = withLine(world, () => [refused]);
  await assert.rejects(download(world), refused);
  assert.equal(offsets.length, 1);
});

Deno.test("downloadFile() tells why it failed also where its temporary file cannot be removed any more", async () => {
  const world = new TransferWorld();
  world.remote.put("d/a", pattern(1_000));
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "write") throw localFailure("ENOSPC", path);
    if (name === "remove") throw localFailure("EROFS", path);
  };
  await assert.rejects(download(world, "d/a"), (error: unknown) => {
    return error instanceof LocalError && error.data.osCode === "ENOSPC";
  });
});

Deno.test("copyFile() begins no file while nobody takes what is told of the last ones", async () => {
  const world = new TransferWorld();
  world.remote.put("a", "content", { modifiedAtMs: TIME });
  const file = await fileIn(world.remote, "a");
  const reader = Promise.withResolvers<void>();
  const copying = copyFile(
    { source: world.remote, file, target: world.local, targetPath: "a" },
    { ...world.context, ready: () => reader.promise },
  );
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assert.deepEqual(world.types(), []);
  reader.resolve();
  await copying;
  assert.equal(world.types().at(-1), "finished");
});
