import assert from "node:assert/strict";
import fc from "fast-check";
import { JottashError } from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { CACHE, HashWorld } from "../unit/lib/store/hash_world.ts";

const FILES = ["a", "b", "c"];
/** Few contents and few sizes, so that files are often alike in all but the times. */
const CONTENTS = ["", "one", "two", "six", "three"];
const TIMES_MS = [1_700_000_000_000, 1_700_000_000_010];

const FILE = fc.constantFrom(...FILES);
const CONTENT = fc.constantFrom(...CONTENTS);

type Step =
  | { readonly act: "write" | "replace"; readonly path: string; readonly content: string }
  | { readonly act: "time"; readonly path: string; readonly timeMs: number }
  | { readonly act: "rename"; readonly path: string; readonly to: string }
  | { readonly act: "wait"; readonly ms: number }
  | { readonly act: "ask"; readonly path: string }
  | {
    readonly act: "ask-under-writing";
    readonly path: string;
    readonly content: string;
    readonly turns: number;
  }
  | { readonly act: "restart"; readonly flush: boolean }
  | { readonly act: "damage"; readonly at: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constantFrom("write", "replace"), path: FILE, content: CONTENT }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("time"), path: FILE, timeMs: fc.constantFrom(...TIMES_MS) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("rename"), path: FILE, to: FILE }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant("wait"), ms: fc.constantFrom(1, 9, 11, 1_000, 2_500) }),
  },
  { weight: 6, arbitrary: fc.record({ act: fc.constant("ask"), path: FILE }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("ask-under-writing"),
      path: FILE,
      content: CONTENT,
      turns: fc.nat(30),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("restart"), flush: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("damage"), at: fc.nat(200) }) },
) as fc.Arbitrary<Step>;

function md5In(world: HashWorld, path: string): string {
  return md5OfBytes(new TextEncoder().encode(world.disk.peek(`/data/${path}`) ?? ""));
}

async function askUnderWriting(world: HashWorld, step: Extract<Step, { act: "ask-under-writing" }>) {
  const before = md5In(world, step.path);
  const asking = world.md5(step.path).catch((error) => {
    assert.ok(error instanceof JottashError && error.code === "source-changed");
  });
  for (let turn = 0; turn < step.turns; turn++) await Promise.resolve();
  await world.write(step.path, step.content);
  const answer = await asking;
  // Of a file that is written to, the answer may be about any moment meanwhile; emptied it was for one.
  const empty = md5OfBytes(new Uint8Array());
  assert.ok(answer === undefined || [before, empty, md5In(world, step.path)].includes(answer));
}

async function perform(world: HashWorld, step: Step): Promise<void> {
  switch (step.act) {
    case "write":
      return await world.write(step.path, step.content);
    case "replace":
      return world.disk.put(`/data/${step.path}`, step.content);
    case "time":
      return await world.disk.setTimes(`/data/${step.path}`, step.timeMs);
    case "rename": {
      const content = world.disk.peek(`/data/${step.path}`) ?? "";
      await world.disk.rename(`/data/${step.path}`, `/data/${step.to}`);
      if (step.to !== step.path) world.disk.put(`/data/${step.path}`, content);
      return;
    }
    case "wait":
      return await world.later(step.ms);
    case "ask":
      return assert.equal(await world.md5(step.path), md5In(world, step.path));
    case "ask-under-writing":
      return await askUnderWriting(world, step);
    case "restart":
      return await world.restart(step);
    case "damage": {
      const files = world.cacheFiles();
      const path = files[step.at % files.length];
      if (path === undefined) return;
      const text = world.disk.peek(path) ?? "";
      const at = step.at % text.length;
      world.disk.put(path, `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
    }
  }
}

Deno.test("a known MD5 is always that of the file, whatever happens to files, clock and cache", async () => {
  let known = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 10, maxLength: 60 }), async (steps) => {
      const world = new HashWorld();
      for (const path of FILES) world.disk.put(`/data/${path}`, "one");
      await world.disk.makeDirectory(CACHE);
      for (const step of steps) await perform(world, step);
      for (const path of FILES) {
        assert.equal(await world.md5(path), md5In(world, path));
        if (world.hashedBytes === 0) known++;
        assert.equal(await world.md5(path, { fresh: true }), md5In(world, path));
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(known > 100, `only ${known} were known`);
});
