import { deepEqual, equal, match, ok } from "node:assert/strict";
import { md5OfBytes } from "../../../../lib/hash/md5.ts";
import { HashCache } from "../../../../lib/store/hash_cache.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { fingerprintOf } from "../../../../lib/store/hash_record.ts";
import { CACHE, HashWorld } from "./hash_world.ts";

const DAY_MS = 86_400_000;

function md5Of(text: string): string {
  return md5OfBytes(new TextEncoder().encode(text));
}

async function worldWith(content: string): Promise<HashWorld> {
  const world = new HashWorld();
  await world.put("a", content);
  equal(await world.md5("a"), md5Of(content));
  equal(world.hashedBytes, content.length);
  return world;
}

Deno.test("a file is read once for its MD5: in this process, in the next one, after a crash of the machine", async () => {
  const world = await worldWith("hello");
  for (const next of ["same", "process", "machine"]) {
    if (next !== "same") await world.restart();
    if (next === "machine") world.disk.crash((_what, path) => path.startsWith(CACHE));
    equal(await world.md5("a"), md5Of("hello"));
    equal(world.hashedBytes, 0, next);
  }
});

Deno.test("a file is read anew after each kind of change", async () => {
  const changes: readonly (readonly [string, (world: HashWorld) => Promise<void>])[] = [
    ["another content", (world) => world.write("a", "HELLO")],
    ["another size", (world) => world.write("a", "longer than before")],
    ["another file of the same time and size", async (world) => {
      const { modifiedAtMs = 0 } = await world.entry("a");
      world.disk.put("/data/a", "HELLO");
      await world.disk.setTimes("/data/a", modifiedAtMs);
    }],
    ["another content with the same time", async (world) => {
      const { modifiedAtMs = 0 } = await world.entry("a");
      await world.write("a", "HELLO");
      await world.disk.setTimes("/data/a", modifiedAtMs);
    }],
    [
      "another name",
      (world) => world.disk.rename("/data/a", "/data/b").then(() => world.disk.rename("/data/b", "/data/a")),
    ],
  ];
  for (const [what, change] of changes) {
    const world = await worldWith("hello");
    await change(world);
    const content = world.disk.peek("/data/a") ?? "";
    equal(await world.md5("a"), md5Of(content), what);
    equal(world.hashedBytes, content.length, what);
  }
});

Deno.test("nothing is kept of a file that was changed shortly before", async () => {
  for (const [ageMs, isKept] of [[0, false], [9, false], [1_990, false], [2_020, true]] as const) {
    const world = new HashWorld();
    world.disk.put("/data/a", "hello");
    await world.later(ageMs);
    await world.md5("a");
    // A second change within the tick of the first one, where that is not over.
    if (ageMs < 10) await world.write("a", "HELLO");
    await world.later(10_000);
    equal(await world.md5("a"), md5Of(world.disk.peek("/data/a") ?? ""));
    equal(world.hashedBytes, isKept ? 0 : 5, `${ageMs} ms`);
  }
});

Deno.test("nothing is kept of a file with a time in the future", async () => {
  const world = await worldWith("hello");
  const past = new HashCache({ fileSystem: world.disk, clock: { now: () => 0 } }, "/elsewhere");
  equal(past.begin(await world.disk.stat("/data/a", { changeTime: true })), undefined);
});

Deno.test("nothing is kept of a file that changes while it is hashed", async () => {
  const world = new HashWorld();
  await world.put("a", "hello");
  const look = await world.disk.stat("/data/a", { changeTime: true });
  const hashing = world.cache.begin(look);
  await world.disk.setMode("/data/a", 0o600);
  hashing?.keep(await world.disk.stat("/data/a", { changeTime: true }), md5Of("half"));
  await world.cache.flush();
  equal(await world.cache.find(look), undefined);
  deepEqual(world.cacheFiles(), []);
});

Deno.test("md5() reads afresh where it is told to, and corrects what was kept", async () => {
  const world = await worldWith("hello");
  world.disk.forge("/data/a", "HELLO");
  equal(await world.md5("a"), md5Of("hello")); // nothing on the disk tells of it
  equal(await world.md5("a", { fresh: true }), md5Of("HELLO"));
  await world.restart();
  equal(await world.md5("a"), md5Of("HELLO"));
  equal(world.hashedBytes, 0);
});

Deno.test("md5() tells what it did not have to read, and asks the disk for nothing but a look", async () => {
  const world = await worldWith("hello");
  const entry = await world.entry("a");
  const known: number[] = [];
  const operations: string[] = [];
  world.disk.beforeOperation = ({ name }) => operations.push(name);
  await world.tree.md5(entry, { onKnown: (size) => known.push(size) });
  deepEqual(known, [5]);
  deepEqual(operations, ["stat"]);
});

Deno.test("two processes write the same cache without a lock, and lose nothing", async () => {
  const world = new HashWorld();
  const second = new HashCache({ fileSystem: world.disk.asAnotherProcess(), clock: world.clock }, CACHE);
  const looks = [];
  for (let index = 0; index < 600; index++) {
    const identity = `1:${index}`;
    looks.push({ identity, size: 5, modifiedAtNs: 17n, changedAtNs: 17n });
  }
  for (const [index, look] of looks.entries()) {
    const cache = index % 2 === 0 ? world.cache : second;
    cache.begin(look)?.keep(look, md5Of(`${index}`));
    if (index % 50 === 0) await Promise.all([world.cache.flush(), second.flush()]);
  }
  await Promise.all([world.cache.flush(), second.flush()]);
  await world.restart();
  for (const [index, look] of looks.entries()) equal(await world.cache.find(look), md5Of(`${index}`));
});

Deno.test("a damaged cache costs time, and gives no wrong MD5", async () => {
  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ["cut off", (text) => text.slice(0, -20)],
    ["gone", () => ""],
    ["zeros", (text) => "\0".repeat(text.length)],
    ["turned", (text) => [...text].reverse().join("")],
    ["another MD5", (text) => `${text.slice(0, 25)}${text[25] === "A" ? "B" : "A"}${text.slice(26)}`],
    ["far too long", (text) => `${text}${"x".repeat(2_000_000)}`],
  ];
  for (const [what, damage] of damages) {
    const world = await worldWith("hello");
    await world.restart();
    const [path = ""] = world.cacheFiles();
    world.disk.put(path, damage(world.disk.peek(path) ?? ""));
    equal(await world.md5("a"), md5Of("hello"), what);
    equal(world.hashedBytes, 5, what);
    // What is written after the damage can be read.
    await world.restart();
    equal(await world.md5("a"), md5Of("hello"), what);
    equal(world.hashedBytes, 0, what);
    ok((world.disk.peek(path)?.length ?? 0) < 2_000_000, what);
  }
});

Deno.test("a cache that cannot be read or written is none", async () => {
  for (const osCode of ["ENOSPC", "EROFS", "EACCES", "EIO"]) {
    const world = new HashWorld();
    await world.put("a", "hello");
    world.disk.beforeOperation = ({ path }) => {
      if (path.startsWith("/cache")) throw localFailure(osCode, path);
    };
    for (const hashed of [5, 0]) {
      equal(await world.md5("a"), md5Of("hello"));
      equal(world.hashedBytes, hashed); // in this process it is known
      await world.cache.flush();
    }
    await world.restart();
    await world.md5("a");
    equal(world.hashedBytes, 5);
  }
});

Deno.test("a disk that fills up in the middle of a line spoils no other line", async () => {
  const world = await worldWith("hello");
  await world.restart();
  const [path = ""] = world.cacheFiles();
  const whole = world.disk.peek(path) ?? "";
  for (let length = 0; length < whole.length; length++) {
    world.disk.put(path, whole + whole.slice(0, length));
    await world.restart();
    equal(await world.md5("a"), md5Of("hello"));
    equal(world.hashedBytes, 0);
  }
});

Deno.test("what has cost much reading is on the disk before the run ends", async () => {
  for (const [size, isKept] of [[17 * 1024 * 1024, true], [1024, false]] as const) {
    const world = new HashWorld();
    await world.put("big", new Uint8Array(size));
    await world.md5("big");
    await world.later(0);
    await world.restart({ flush: false });
    await world.md5("big");
    equal(world.hashedBytes, isKept ? 0 : size);
  }
});

Deno.test("what nobody asks for is forgotten, what is asked for is not", async () => {
  for (const [everyDays, isKnown] of [[350, true], [450, false]] as const) {
    const world = await worldWith("hello");
    for (let round = 0; round < 3; round++) {
      await world.restart();
      await world.later(everyDays * DAY_MS);
      equal(await world.md5("a"), md5Of("hello"));
      equal(world.hashedBytes, isKnown ? 0 : 5, `every ${everyDays} days`);
    }
  }
});

Deno.test("a file of the cache stays short, and keeps what is latest", async () => {
  const world = new HashWorld();
  // All of one file of the cache: those whose fingerprints begin with the same byte.
  const path = () => world.cacheFiles()[0] ?? "";
  await world.put("a", "hello");
  await world.md5("a");
  await world.cache.flush();
  const line = (world.disk.peek(path()) ?? "").trim();
  const foreign = Array.from({ length: 6_140 }, (_, index) => {
    const bytes = Uint8Array.fromBase64(line);
    new DataView(bytes.buffer).setUint32(4, index);
    return bytes.toBase64();
  });
  world.disk.put(path(), [...foreign, line].join("\n"));
  await world.restart();
  equal(await world.md5("a"), md5Of("hello"));
  equal(world.hashedBytes, 0);
  // Some more for the same file of the cache.
  const looks = Array.from({ length: 5_000 }, (_, index) => (
    { identity: `9:${index}`, size: 1, modifiedAtNs: 17n, changedAtNs: 17n }
  ));
  const number = Number.parseInt(path().slice(-2), 16);
  for (const look of looks.filter((each) => fingerprintOf(each)?.[0] === number)) {
    world.cache.begin(look)?.keep(look, md5Of("x"));
  }
  await world.cache.flush();
  equal((world.disk.peek(path()) ?? "").trim().split("\n").length, 4_096);
  deepEqual(world.cacheFiles().filter((each) => each.endsWith(".new")), []);
  await world.restart();
  await world.md5("a");
  equal(world.hashedBytes, 0);
});

Deno.test("the cache is of the user alone, and names no file", async () => {
  const world = new HashWorld();
  await world.put("secret name", "hello");
  await world.md5("secret name");
  await world.cache.flush();
  const [path = ""] = world.cacheFiles();
  match(path, /^\/cache\/hashes\/md5-[0-9a-f]{2}$/);
  equal((await world.disk.stat(path)).mode, 0o600);
  equal((await world.disk.stat(CACHE)).mode, 0o700);
  match(world.disk.peek(path) ?? "", /^\n[A-Za-z0-9+/]{48}\n$/);
});
