/** Copies between a disk and the real remote over HTTP, with everything that a line and a service do wrong. */
import assert from "node:assert/strict";
import { type JottashError, PartialError } from "../../lib/errors.ts";
import { exitStatusOf } from "../../lib/exit_codes.ts";
import type { Transport } from "../../lib/edges.ts";
import { DiskTree } from "../../lib/local/disk_tree.ts";
import { createLocalNames } from "../../lib/names/local_name.ts";
import { syncTrees } from "../../lib/sync/sync.ts";
import type { TransferContext } from "../../lib/transfer/context.ts";
import type { TransferEvent } from "../../lib/transfer/events.ts";
import type { Fault } from "../emulator/mod.ts";
import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { PLAIN } from "../unit/lib/sync/plain_options.ts";
import { NASTY_NAMES } from "./remote_names.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

const TIME = 1_600_000_000_000;
interface CopyWorld extends EmulatorWorld {
  readonly disk: MemoryFileSystem;
  readonly events: TransferEvent[];
  readonly stop: AbortController;
  put(path: string, content: string | Uint8Array, modifiedAtMs?: number): Promise<void>;
  up(): Promise<readonly JottashError[]>;
  down(): Promise<readonly JottashError[]>;
  /** Content of a file that was copied down. */
  readBack(path: string): string | undefined;
  stored(path: string): Uint8Array | undefined;
}

function test(
  title: string,
  work: (world: CopyWorld) => Promise<void>,
  options: EmulatorWorldOptions = {},
): void {
  Deno.test(title, () => withEmulator(options, (world) => work(copyWorld(world))));
}

function copyWorld(world: EmulatorWorld): CopyWorld {
  const disk = new MemoryFileSystem();
  const events: TransferEvent[] = [];
  const stop = new AbortController();
  const context: TransferContext = {
    retryPolicy: world.policy,
    retryContext: { clock: world.clock, random: new SeededRandom(), signal: stop.signal },
    emit: (event) => void events.push(event),
  };
  const tree = (root: string) =>
    new DiskTree({ fileSystem: disk, random: new SeededRandom(), platform: { os: "linux" } }, {
      root,
      label: root.slice(1),
      names: createLocalNames("linux"),
    });
  return {
    ...world,
    disk,
    events,
    stop,
    put: async (path, content, modifiedAtMs = TIME) => {
      disk.put(`/data/${path}`, content);
      await disk.setTimes(`/data/${path}`, modifiedAtMs);
    },
    up: () => syncTrees(tree("/data"), world.remote("up"), PLAIN, context),
    down: () => syncTrees(world.remote("up"), tree("/back"), PLAIN, context),
    readBack: (path) => disk.peek(`/back/${path}`),
    stored: (path) => world.emulator.tree.getFile(`/Jotta/Archive/up/${path}`)?.bytes(),
  };
}

function assertProgressAddsUp(events: readonly TransferEvent[]): void {
  for (const event of events) {
    if (event.type !== "finished") continue;
    let sum = 0;
    for (const each of events) {
      if (each.type === "progressed" && each.phase === "transfer" && each.path === event.path) {
        sum += each.bytes;
      }
    }
    assert.equal(sum, event.how === "transferred" ? event.size : 0, event.path);
  }
}

function bytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8) * seed + seed) % 251);
}

function allocations({ emulator }: CopyWorld): number {
  return emulator.requests.filter(({ path }) => path.endsWith("/allocate")).length;
}

const onUpload = { method: "POST", path: "/upload/" };
const onAllocate = { path: "/files/v1/allocate" };
const onDownload = { query: "mode=bin" };

test("a tree with every kind of name goes up and comes back, and a second copy transfers nothing", async (world) => {
  for (const [index, name] of NASTY_NAMES.entries()) {
    if (name.includes("．") || name.includes("／") || /[␀-␡]/.test(name)) continue;
    await world.put(`${index % 5} dir/${name}`, `content ${index}`, TIME + index * 1_000);
  }
  await world.put("empty", "");
  await world.put("big", bytes(700_000));
  assert.deepEqual(await world.up(), []);
  assertProgressAddsUp(world.events);
  world.events.length = 0;
  assert.deepEqual(await world.down(), []);
  assertProgressAddsUp(world.events);
  for (const path of world.disk.paths()) {
    if (!path.startsWith("/data/") || world.disk.peek(path) === undefined) continue;
    const back = path.replace("/data/", "/back/");
    assert.equal(world.disk.peek(back), world.disk.peek(path), path);
    assert.equal((await world.disk.stat(back)).modifiedAtMs, (await world.disk.stat(path)).modifiedAtMs);
  }
  world.emulator.clearRequests();
  assert.deepEqual(await world.up(), []);
  assert.deepEqual(await world.down(), []);
  assert.deepEqual(
    world.emulator.requests.filter(({ method, query }) => method !== "GET" || query !== ""),
    [],
  );
});

test("content that the service knows is not sent again", async (world) => {
  world.emulator.tree.putFile("/Jotta/Archive/elsewhere", "known");
  await world.put("a", "known");
  await world.put("b", "known");
  assert.deepEqual(await world.up(), []);
  assert.equal(world.emulator.stats.uploads, 0);
  assert.equal(new TextDecoder().decode(world.stored("b")), "known");
});

test("an upload that is cut goes on where it broke, and sends only the rest", async (world) => {
  const content = bytes(2_000_000);
  await world.put("a", content);
  for (const cut of [300_000, 1, 900_000]) {
    world.emulator.addFault({
      match: onUpload,
      times: 1,
      action: { kind: "dropRequestAfterBytes", bytes: cut },
    });
  }
  assert.deepEqual(await world.up(), []);
  assert.deepEqual(world.stored("a"), content);
  assert.equal(world.emulator.stats.uploadedBytes, content.length);
  const ranges = world.emulator.requests.filter(({ path }) => path.includes("/upload/")).map(({ headers }) =>
    headers["range"]
  );
  assert.deepEqual(ranges, [
    undefined,
    "bytes=300000-1999999",
    "bytes=300001-1999999",
    "bytes=1200001-1999999",
  ]);
  assertProgressAddsUp(world.events);
});

const PASSING_UPLOAD_FAULTS: readonly Fault[] = [
  { match: onUpload, times: 2, action: { kind: "status", status: 420, body: "json" } },
  { match: onUpload, times: 2, action: { kind: "status", status: 421, body: "json" } },
  { match: onUpload, times: 2, action: { kind: "status", status: 404, body: "json" } },
  { match: onUpload, times: 2, action: { kind: "status", status: 416, body: "json" } },
  { match: onUpload, times: 2, action: { kind: "status", status: 500 } },
  { match: onUpload, times: 2, action: { kind: "status", status: 503, retryAfterSeconds: 9 } },
  {
    match: onUpload,
    times: 2,
    action: { kind: "status", status: 429, retryAfterSeconds: 9, afterEffect: true },
  },
  { match: onUpload, times: 2, action: { kind: "status", status: 401, body: "json" } },
  { match: onUpload, times: 1, action: { kind: "dropBeforeResponse" } },
  { match: onUpload, times: 1, action: { kind: "dropBeforeResponse", afterEffect: true } },
  { match: onUpload, times: 1, action: { kind: "truncateBody" } },
  { match: onAllocate, times: 3, action: { kind: "status", status: 503, retryAfterSeconds: 9 } },
  { match: onAllocate, times: 3, action: { kind: "status", status: 429 } },
  { match: onAllocate, times: 2, action: { kind: "truncateBody" } },
  { match: onAllocate, times: 2, action: { kind: "dropResponseAfterBytes", bytes: 20 } },
  { match: onAllocate, times: 1, action: { kind: "status", status: 401, body: "json" } },
  { match: { method: "GET", path: "/up/a" }, times: 2, action: { kind: "truncateXml" } },
];

for (const fault of PASSING_UPLOAD_FAULTS) {
  test(`an upload outlives ${JSON.stringify(fault.action)} on ${JSON.stringify(fault.match)}`, async (world) => {
    await world.put("a", bytes(200_000));
    world.emulator.addFault(fault);
    assert.deepEqual(await world.up(), []);
    assert.deepEqual(world.stored("a"), bytes(200_000));
    if ("retryAfterSeconds" in fault.action) {
      assert.ok(world.clock.sleeps.includes(9_000), `${world.clock.sleeps}`);
    }
    assertProgressAddsUp(world.events);
  });
}

test("retries of the layers do not multiply", async (world) => {
  await world.put("a", bytes(1_000));
  await world.up();
  const faults: readonly Fault[] = [
    { match: onAllocate, times: 999, action: { kind: "status", status: 500 } },
    { match: onUpload, times: 999, action: { kind: "status", status: 500 } },
    { match: { method: "GET", path: "/up/b" }, times: 999, action: { kind: "truncateXml" } },
    { match: { method: "GET", path: "/up/b" }, times: 999, action: { kind: "status", status: 502 } },
  ];
  for (const [index, fault] of faults.entries()) {
    await world.put("b", bytes(2_000 + index, 3));
    world.emulator.clearFaults();
    world.emulator.addFault(fault);
    const before = world.emulator.stats.faultsFired;
    assert.equal((await world.up()).length, 1);
    assert.equal(world.emulator.stats.faultsFired - before, 3, JSON.stringify(fault));
  }
}, { retryPolicy: { maxAttempts: 3 } });

test("a token that ends in the middle of a run is renewed", async (world) => {
  for (let index = 0; index < 40; index++) await world.put(`f${index}`, bytes(50_000, index + 2));
  assert.deepEqual(await world.up(), []);
  assert.equal(world.emulator.tree.walkFiles("/Jotta/Archive/up").length, 40);
}, { tokenLifetimeSeconds: 0.2 });

test(
  "an account that is full fails those files, lets others through and ends with status 7",
  async (world) => {
    await world.put("a", bytes(800));
    await world.put("b", bytes(2_000, 5));
    await world.put("c", bytes(100, 6));
    const errors = await world.up();
    assert.deepEqual(errors.map(({ code }) => code), ["quota"]);
    assert.equal(exitStatusOf(new PartialError("partly", errors)), 7);
    assert.ok(world.stored("a"));
    assert.ok(world.stored("c"));
  },
  { quotaBytes: 1_000 },
);

test("a service that stores something else is not believed", async (world) => {
  await world.put("a", bytes(1_000));
  world.emulator.addFault({
    match: onUpload,
    times: 9,
    action: { kind: "status", status: 421, body: "json" },
  });
  const errors = await world.up();
  assert.deepEqual(errors.map(({ code }) => code), ["integrity"]);
}, { retryPolicy: { maxAttempts: 3 } });

test("bytes that are garbled on their way up make a corrupt revision, then a sound one", async (world) => {
  await world.put("a", bytes(200_000));
  assert.deepEqual(await world.up(), []);
  assert.deepEqual(world.stored("a"), bytes(200_000));
  assert.equal(world.emulator.tree.getFile("/Jotta/Archive/up/a")?.revisions.length, 2);
}, { transport: garbleFirstUpload });

test("a file goes over a trashed one and over a trashed folder's name", async (world) => {
  const { tree } = world.emulator;
  tree.putFile("/Jotta/Archive/up/dir/a", "old");
  tree.putFile("/Jotta/Archive/up/b/inside", "old");
  tree.trash("/Jotta/Archive/up/dir");
  tree.trash("/Jotta/Archive/up/b");
  await world.put("dir/a", "new");
  await world.put("b", "file now");
  assert.deepEqual(await world.up(), []);
  assert.equal(new TextDecoder().decode(world.stored("dir/a")), "new");
  assert.equal(new TextDecoder().decode(world.stored("b")), "file now");
});

test("a folder in the way of a file, and the reverse, is a conflict for that file only", async (world) => {
  world.emulator.tree.makeFolder("/Jotta/Archive/up/a");
  world.emulator.tree.putFile("/Jotta/Archive/up/d", "file");
  await world.put("a", "1");
  await world.put("d/inside", "2");
  await world.put("ok", "3");
  assert.deepEqual((await world.up()).map(({ code }) => code), ["conflict", "conflict"]);
  assert.ok(world.stored("ok"));
});

test("a download that is cut goes on by Range", async (world) => {
  world.emulator.tree.putFile("/Jotta/Archive/up/a", bytes(600_000), { modified: new Date(TIME) });
  for (const cut of [100_000, 70_000, 200_000]) {
    world.emulator.addFault({
      match: onDownload,
      times: 1,
      action: { kind: "dropResponseAfterBytes", bytes: cut },
    });
  }
  assert.deepEqual(await world.down(), []);
  assert.equal((await world.disk.stat("/back/a")).size, 600_000);
  const ranges = world.emulator.requests.filter(({ query }) => query === "mode=bin").map(({ headers }) =>
    headers["range"]
  );
  assert.equal(ranges.length, 4);
  assert.ok(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? "")));
  assertProgressAddsUp(world.events);
});

for (
  const action of [{ kind: "truncateBody" }, { kind: "corruptBody", at: 77 }, {
    kind: "status",
    status: 500,
  }] as const
) {
  test(`a download notices ${action.kind} and starts over; when it stays so, nothing is left`, async (world) => {
    world.emulator.tree.putFile("/Jotta/Archive/up/a", bytes(100_000));
    world.emulator.addFault({ match: onDownload, times: 2, action });
    assert.deepEqual(await world.down(), []);
    assert.equal((await world.disk.stat("/back/a")).size, 100_000);
    await world.disk.remove("/back/a");
    world.emulator.addFault({ match: onDownload, times: 999, action });
    assert.equal((await world.down()).length, 1);
    assert.deepEqual(world.disk.paths().filter((path) => path.startsWith("/back/")), []);
  });
}

test("a stop in the middle of uploads and downloads leaves nothing behind and lets go of the line", async (world) => {
  for (let index = 0; index < 12; index++) await world.put(`f${index}`, bytes(300_000, index + 2));
  const stopAfter = (type: TransferEvent["type"]) => {
    world.events.push = (...items) => {
      if (items.some((item) => item.type === type)) world.stop.abort(new Error("stop"));
      return 0;
    };
  };
  stopAfter("progressed");
  await assert.rejects(world.up(), /stop/);
  assert.ok(world.emulator.tree.walkFiles("/Jotta/Archive/up").length < 12);
});

test("a stop in the middle of a download leaves nothing behind", async (world) => {
  for (let index = 0; index < 5; index++) {
    world.emulator.tree.putFile(`/Jotta/Archive/up/f${index}`, bytes(900_000, index + 2));
  }
  world.emulator.addFault({
    match: onDownload,
    times: 9,
    action: { kind: "stall", afterResponseBytes: 100_000 },
  });
  const down = world.down();
  while (!world.events.some(({ type }) => type === "progressed")) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  world.stop.abort(new Error("stop"));
  await assert.rejects(down, /stop/);
  assert.deepEqual(world.disk.paths().filter((path) => path.startsWith("/back/")), []);
});

test("a session that cannot be renewed ends the run", async (world) => {
  for (let index = 0; index < 300; index++) await world.put(`f${index}`, bytes(10, index + 2));
  world.emulator.addFault({
    match: onAllocate,
    times: 9_999,
    action: { kind: "status", status: 401, body: "json" },
  });
  await assert.rejects(world.up(), { code: "auth" });
  assert.ok(allocations(world) < 50, `${allocations(world)} requests`);
});

test("an upload host that refuses every token ends the run before the session is worn out", async (world) => {
  for (let index = 0; index < 100; index++) await world.put(`f${index}`, bytes(10, index + 2));
  world.emulator.addFault({
    match: onUpload,
    times: 9_999,
    action: { kind: "status", status: 401, body: "json" },
  });
  await assert.rejects(world.up(), { code: "auth" });
  assert.ok(world.sessions() <= 4, `${world.sessions()} sessions`);
});

function garbleFirstUpload(real: Transport): Transport {
  let isGarbled = false;
  return {
    close: () => real.close(),
    send: (request) => {
      const { body } = request;
      if (typeof body !== "object" || isGarbled) return real.send(request);
      isGarbled = true;
      const garbled = body.stream.pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform: (chunk, controller) => controller.enqueue(chunk.map((byte) => byte ^ 1)),
        }),
      );
      return real.send({ ...request, body: { length: body.length, stream: garbled } });
    },
  };
}
