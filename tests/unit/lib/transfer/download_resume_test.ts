/** Large downloads that break off and are gone on with, by the same run or by a later one. */
import assert from "node:assert/strict";
import {
  CancelledError,
  ConflictError,
  IntegrityError,
  type JottashError,
  LocalError,
  NetworkError,
  ServiceError,
} from "../../../../lib/errors.ts";
import { copyFile } from "../../../../lib/transfer/copy_file.ts";
import type { ReadOptions } from "../../../../lib/tree/tree.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { fileIn, pattern, TransferWorld } from "./world.ts";

const SIZE = 2_000_000;
const CONTENT = pattern(SIZE);

/** What each request gets: where it begins, where it ends with an error; the rest of the bytes without one. */
interface Line {
  readonly asked: number[];
  /** Ends of the requests to come; bytes counted from the beginning of the file. */
  cuts: (readonly [end: number, error: Error])[];
  /** Of the bytes, as they come over. */
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

function lineOf(world: TransferWorld): Line {
  const line: Line = { asked: [], cuts: [], change: (bytes) => bytes };
  const { open } = world.remote;
  world.remote.open = async (file, options: ReadOptions = {}) => {
    const { offset = 0 } = options;
    line.asked.push(offset);
    const all = line.change(await new Response(await open.call(world.remote, file, options)).bytes());
    const cut = line.cuts.shift();
    return ReadableStream.from((function* () {
      const end = cut === undefined ? all.length : cut[0] - offset;
      for (let at = 0; at < end; at += 100_000) yield all.slice(at, Math.min(end, at + 100_000));
      if (cut !== undefined) throw cut[1];
    })());
  };
  return line;
}

function worldWithFile(): { readonly world: TransferWorld; readonly line: Line } {
  const world = new TransferWorld();
  world.remote.put("a", CONTENT);
  return { world, line: lineOf(world) };
}

/** One run, by a process that knows nothing of those before. */
async function run(world: TransferWorld): Promise<number> {
  world.events.length = 0;
  const file = await fileIn(world.remote, "a");
  await copyFile({ source: world.remote, file, target: world.tree("/data"), targetPath: "a" }, world.context);
  const finished = world.events.find((event) => event.type === "finished");
  assert.ok(finished !== undefined);
  world.assertProgressAddsUp();
  return finished.resumedBytes;
}

async function assertWhole(world: TransferWorld): Promise<void> {
  const { md5 } = await fileIn(world.remote, "a");
  assert.equal(await world.local.md5(await fileIn(world.local, "a")), md5);
  assert.deepEqual(world.temporaries(), []);
}

/** What a later run would do again is told apart from what it would not. */
const STOPPING: readonly JottashError[] = [
  new NetworkError("cut"),
  new ServiceError("no more today", { retry: "never" }),
  new CancelledError("SIGINT"),
];

for (const stop of STOPPING) {
  Deno.test(`downloadFile() goes on with what an earlier run left after ${stop.code}`, async () => {
    const { world, line } = worldWithFile();
    line.cuts = Array.from({ length: 6 }, () => [700_000, stop]);
    await assert.rejects(run(world), stop);
    assert.equal(world.temporaries().length, 1);
    assert.deepEqual(world.events.at(-1), { type: "parked", path: "a", bytes: 700_000 });
    line.cuts = [];
    line.asked.length = 0;
    assert.equal(await run(world), 700_000);
    assert.deepEqual(line.asked, [700_000]);
    await assertWhole(world);
  });
}

Deno.test("downloadFile() asks for nothing when all was there but the name", async () => {
  const { world, line } = worldWithFile();
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "rename") throw localFailure("EBUSY", path);
  };
  await assert.rejects(run(world), LocalError);
  assert.deepEqual(world.events.at(-1), { type: "parked", path: "a", bytes: SIZE });
  world.disk.beforeOperation = () => {};
  line.change = () => new Uint8Array();
  assert.equal(await run(world), SIZE);
  await assertWhole(world);
});

Deno.test("downloadFile() fetches what was there again when it is damaged, and only that", async () => {
  for (const at of [0, 345_678, 699_999]) {
    const { world, line } = worldWithFile();
    line.cuts = [[700_000, STOPPING[2] as Error]];
    await assert.rejects(run(world));
    const [left = ""] = world.temporaries();
    await damage(world, left, at);
    line.asked.length = 0;
    assert.equal(await run(world), 0);
    assert.deepEqual(line.asked, [700_000, 0]);
    await assertWhole(world);
    assert.equal(received(world), SIZE);
  }
});

Deno.test("downloadFile() begins anew when what is there and what comes are both wrong", async () => {
  const { world, line } = worldWithFile();
  line.cuts = [[700_000, STOPPING[2] as Error]];
  await assert.rejects(run(world));
  const [left = ""] = world.temporaries();
  await damage(world, left, 5);
  line.asked.length = 0;
  line.change = (bytes) => {
    line.change = (others) => others;
    return bytes.with(3, (bytes[3] ?? 0) ^ 1) as Uint8Array<ArrayBuffer>;
  };
  assert.equal(await run(world), 0);
  assert.deepEqual(line.asked, [700_000, 0, 0]);
  await assertWhole(world);
});

Deno.test("downloadFile() leaves nothing of a file whose bytes are wrong, or that the disk refuses", async () => {
  const { world, line } = worldWithFile();
  line.change = (bytes) => bytes.with(3, 99) as Uint8Array<ArrayBuffer>;
  await assert.rejects(run(world), IntegrityError);
  assert.deepEqual(world.temporaries(), []);
  line.change = (bytes) => bytes;
  let writes = 0;
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "write" && ++writes === 5) throw localFailure("ENOSPC", path);
  };
  await assert.rejects(run(world), LocalError);
  assert.deepEqual(world.temporaries(), []);
  assert.ok(!world.types().includes("parked"));
});

Deno.test("downloadFile() leaves nothing where a directory has taken the name meanwhile", async () => {
  const { world } = worldWithFile();
  world.disk.beforeOperation = ({ name, path }) => {
    if (name !== "futimes") return;
    world.disk.beforeOperation = () => {};
    world.disk.put("/data/a/in the way", path);
  };
  await assert.rejects(run(world), ConflictError);
  assert.deepEqual(world.temporaries(), []);
});

Deno.test("downloadFile() does not go on with what is left of an older content", async () => {
  const { world, line } = worldWithFile();
  line.cuts = [[700_000, STOPPING[2] as Error]];
  await assert.rejects(run(world));
  world.remote.put("a", CONTENT.toReversed());
  line.asked.length = 0;
  assert.equal(await run(world), 0);
  assert.deepEqual(line.asked, [0]);
  await assertWhole(world);
});

Deno.test("downloadFile() leaves nothing of a small file, for which going on is not worth it", async () => {
  const { world, line } = worldWithFile();
  world.remote.put("a", CONTENT.slice(0, 1_000_000));
  line.cuts = [[700_000, STOPPING[2] as Error]];
  await assert.rejects(run(world));
  assert.deepEqual(world.temporaries(), []);
});

Deno.test("downloadFile() writes beside another process that downloads the same file", async () => {
  const { world, line } = worldWithFile();
  const other = new AbortController();
  const file = await fileIn(world.remote, "a");
  const halted = Promise.withResolvers<void>();
  const context = {
    ...world.context,
    retryContext: { ...world.context.retryContext, signal: other.signal },
    emit: () => halted.resolve(),
  };
  const pause = Promise.withResolvers<void>();
  const { open } = world.remote;
  world.remote.open = async (entry, options) => {
    world.remote.open = open;
    const stream = await open.call(world.remote, entry, options);
    return ReadableStream.from((async function* () {
      for await (const chunk of stream) {
        yield chunk;
        await pause.promise;
      }
    })());
  };
  const slow = copyFile({ source: world.remote, file, target: world.local, targetPath: "a" }, context);
  await halted.promise;
  while (world.temporaries().length === 0 || line.asked.length === 0) await Promise.resolve();
  assert.equal(await run(world), 0);
  assert.equal(world.temporaries().length, 1);
  pause.resolve();
  await slow;
  await assertWhole(world);
});

Deno.test("downloadFile() tells what was there as done, and no speed of it", async () => {
  const { world, line } = worldWithFile();
  line.cuts = [[700_000, STOPPING[2] as Error]];
  await assert.rejects(run(world));
  await run(world);
  const told = world.events.filter((event) => event.type === "progressed");
  const resumed = told.filter(({ isResumed }) => isResumed === true);
  assert.deepEqual(resumed, [
    { type: "progressed", path: "a", phase: "transfer", bytes: 700_000, isResumed: true },
  ]);
  assert.equal(received(world), SIZE - 700_000);
});

/** Bytes that came over the line in the last run. */
function received(world: TransferWorld): number {
  return world.events.reduce(
    (sum, event) =>
      event.type === "progressed" && event.phase === "transfer" && !event.isResumed && event.bytes > 0
        ? sum + event.bytes
        : sum,
    0,
  );
}

async function damage(world: TransferWorld, path: string, at: number): Promise<void> {
  using file = await world.disk.open(path, { read: true, write: true });
  const byte = new Uint8Array(1);
  await file.seek(at);
  await file.read(byte);
  await file.seek(at);
  await file.write(Uint8Array.of((byte[0] ?? 0) ^ 0x55));
}
