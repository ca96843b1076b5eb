/**
 * Runs of verify that are killed at any time: no file is read again that a state file has noted, but for those that were
 * being read when a run was killed; and in the end all have been read.
 */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import fc from "fast-check";
import type { FileEntry } from "../../lib/tree/tree.ts";
import { isAbout, VerifyQueue } from "../../lib/verify/queue.ts";
import { StateFile } from "../../lib/verify/state_file.ts";
import { verifyPairs } from "../../lib/verify/verify_pairs.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

const PATH = "/state/s.state";
const SIDES = { place: "jotta:one", reference: "one" };
const TRANSFERS = 3;

class Killed extends Error {}

const fileOf = (path: string): FileEntry => ({ kind: "file", path, size: 1, modifiedAtMs: 7 });

interface World {
  readonly disk: MemoryFileSystem;
  readonly random: SeededRandom;
}

const makeWorld = (): World => ({ disk: new MemoryFileSystem(), random: new SeededRandom(1) });

/** One run of the program, whose process ends at operation `killAt` of the disk. Gives the paths that were read. */
async function runOnce(
  { disk, random }: World,
  files: readonly FileEntry[],
  killAt: number,
): Promise<string[]> {
  const read: string[] = [];
  let operations = 0;
  disk.beforeOperation = () => {
    if (operations++ >= killAt) throw new Killed();
  };
  const clock = new FakeClock();
  const context = { fileSystem: disk, clock, random };
  try {
    await using state = await StateFile.open(context, PATH, { ...SIDES, onDamage: () => {} });
    const isKnown = ({ path }: FileEntry) => state.get(path) !== undefined;
    const pairs = files.filter((file) => !isKnown(file)).map((file) => ({ source: file, target: file }));
    const queue = new VerifyQueue(pairs, { budget: undefined, recordOf: () => undefined });
    await verifyPairs(queue, {
      transfers: TRANSFERS,
      verify: ({ source }) => {
        read.push(source.path);
        return Promise.resolve({ kind: "same", md5: "0".repeat(32) });
      },
      note: async ({ source: { path, size, modifiedAtMs } }) => {
        await state.note({ path, size, modifiedAtMs, md5: undefined, atMs: clock.now(), what: undefined });
      },
    });
  } catch (error) {
    if (!isKill(error)) throw error;
  } finally {
    disk.beforeOperation = () => {};
  }
  return read;
}

function isKill(error: unknown): boolean {
  return error instanceof Killed || error instanceof SuppressedError && isKill(error.error);
}

Deno.test("a state file loses nothing that was noted, wherever a run is killed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.nat({ max: 40 }), { maxLength: 12 }),
      async (count, kills) => {
        const world = makeWorld();
        const files = Array.from({ length: count }, (_, at) => fileOf(`f${at}`));
        const reads: string[] = [];
        for (const killAt of kills) reads.push(...await runOnce(world, files, killAt));
        reads.push(...await runOnce(world, files, Infinity));
        const counts = Map.groupBy(reads, (path) => path);
        equal(counts.size, count, "a file was never read");
        const again = reads.length - count;
        ok(again <= kills.length * TRANSFERS, `${again} files too many after ${kills.length} kills`);
        deepEqual(await runOnce(world, files, Infinity), []);
        const left = (await world.disk.readDirectory("/state")).map(({ name }) => name);
        deepEqual(left.toSorted(), ["s.state", "s.state.lock"]);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("a state file whose last write was torn anywhere is gone on with", async () => {
  const world = makeWorld();
  const { disk } = world;
  const files = ["a", "b", "c"].map(fileOf);
  await runOnce(world, files, Infinity);
  const whole = await disk.readText(PATH);
  for (let length = whole.length - 1; length > whole.indexOf("\n"); length--) {
    using file = await disk.open(PATH, { write: true, truncate: true });
    await file.write(new TextEncoder().encode(whole.slice(0, length)));
    const missing = 3 - whole.slice(0, length + 1).split("\n").slice(1, -1).length;
    equal((await runOnce(world, files, Infinity)).length, missing, `cut at ${length}`);
    deepEqual(await runOnce(world, files, Infinity), []);
  }
});

Deno.test("a state file is refused to a second run, to other places, and where it is another file", async () => {
  const disk = new MemoryFileSystem();
  const context = { fileSystem: disk, clock: new FakeClock(), random: new SeededRandom(1) };
  const open = (more: Partial<typeof SIDES> = {}) =>
    StateFile.open(context, PATH, { ...SIDES, ...more, onDamage: () => {} });
  {
    await using _first = await open();
    await rejects(open(), { name: "LockedError", message: /another run is at work with it/ });
  }
  await rejects(open({ reference: "two" }), {
    name: "UsageError",
    message: /is about "jotta:one" and "one"/,
  });
  {
    using file = await disk.open(PATH, { write: true, truncate: true });
    await file.write(new TextEncoder().encode("my only list\n"));
  }
  await rejects(open(), { name: "UsageError", message: /does not begin as one/ });
  equal(await disk.readText(PATH), "my only list\n");
  ok(isAbout({ path: "a", size: 1, modifiedAtMs: 7, md5: undefined, atMs: 0, what: undefined }, fileOf("a")));
});
