/**
 * A download that breaks off anywhere, any number of times, with power losses that keep what they like and bytes that
 * change on the disk meanwhile, ends with the right content and nothing beside it.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { CancelledError, NetworkError } from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { downloadFile } from "../../lib/transfer/download.ts";
import type { ReadOptions } from "../../lib/tree/tree.ts";
import { fileIn, pattern, TransferWorld } from "../unit/lib/transfer/world.ts";

/** Just as long as a file has to be for a later run to go on with it, and somewhat longer. */
const MIN_SIZE = 1024 * 1024;
const CHUNK = 65_536;
const RUNS = 25;

interface Step {
  /** Bytes that the line carries before it breaks, request by request; the run is stopped at the end. */
  readonly carried: readonly number[];
  /** What happens to the machine between two runs. */
  readonly crash: "none" | "killed" | "power";
  /** Which names and contents a power loss spares. */
  readonly survives: readonly boolean[];
  /** Where bytes change on the disk, and how long what is left is, both as a part of it. */
  readonly damages: readonly number[];
  readonly cutTo: number | undefined;
  /** The file is another one in the service now. */
  readonly isReplaced: boolean;
}

const part = fc.double({ min: 0, max: 1, noNaN: true });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    carried: fc.array(fc.integer({ min: 0, max: 800_000 }), { minLength: 1, maxLength: 3 }),
    crash: fc.constantFrom("none", "killed", "power"),
    survives: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    damages: fc.array(part, { maxLength: 3 }),
    cutTo: fc.option(part, { nil: undefined, freq: 3 }),
    isReplaced: fc.boolean(),
  }),
  { maxLength: 4 },
);

Deno.test("a download that breaks off anywhere ends with the right bytes and leaves nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 300_000 }), steps, async (more, all) => {
      const world = new TransferWorld();
      let content = pattern(MIN_SIZE + more);
      world.remote.put("d/a", content);
      for (const step of all) {
        await interruptedRun(world, step);
        await assertNoHalf(world, [content, content.toReversed()]);
        await harm(world, step);
        if (!step.isReplaced) continue;
        content = content.toReversed();
        world.remote.put("d/a", content);
      }
      await download(world);
      assert.equal(await contentOf(world), md5OfBytes(content));
      assert.deepEqual(world.temporaries(), []);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

async function interruptedRun(world: TransferWorld, { carried }: Step): Promise<void> {
  const { open } = world.remote;
  let request = 0;
  world.remote.open = async (file, options: ReadOptions = {}) => {
    const bytes = await new Response(await open.call(world.remote, file, options)).bytes();
    const end = carried[request++];
    if (end === undefined) throw new CancelledError("SIGINT");
    return ReadableStream.from((function* () {
      for (let at = 0; at < Math.min(end, bytes.length); at += CHUNK) {
        yield bytes.slice(at, Math.min(end, at + CHUNK));
      }
      if (end < bytes.length) throw new NetworkError("cut");
    })());
  };
  await download(world).catch(() => {});
  world.remote.open = open;
}

async function harm(world: TransferWorld, { crash, survives, damages, cutTo }: Step): Promise<void> {
  let asked = 0;
  const { disk } = world;
  if (crash === "killed") disk.crash(() => true);
  if (crash === "power") disk.crash(() => survives[asked++ % survives.length] ?? false);
  for (const path of world.temporaries()) {
    using file = await disk.open(path, { read: true, write: true });
    const { size } = await file.stat();
    for (const at of damages) {
      await file.seek(Math.floor(at * Math.max(0, size - 1)));
      if (size > 0) await file.write(Uint8Array.of(251));
    }
    if (cutTo !== undefined) await file.truncate(Math.floor(cutTo * size));
  }
}

async function download(world: TransferWorld): Promise<void> {
  const file = await fileIn(world.remote, "d/a");
  await downloadFile(
    { source: world.remote, file, target: world.tree("/data"), targetPath: "d/a" },
    world.context,
  );
}

/** The final name stands for a whole content, be it an older one. */
async function assertNoHalf(world: TransferWorld, contents: readonly Uint8Array[]): Promise<void> {
  const md5 = await contentOf(world);
  const allowed = [undefined, ...contents.map(md5OfBytes)];
  assert.ok(allowed.includes(md5), "half a file under the final name");
}

/** Undefined where there is no file, or one that a power loss has taken the bytes of: nothing was flushed. */
async function contentOf(world: TransferWorld): Promise<string | undefined> {
  const entry = await world.local.stat("d/a");
  return entry?.kind === "file" && entry.size > 0 ? await world.local.md5(entry) : undefined;
}
