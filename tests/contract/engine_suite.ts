/** What an engine run does, whatever its two ends are: decisions, deletions, safety nets. */
import assert from "node:assert/strict";
import { createKeepAside } from "../../lib/sync/keep_aside.ts";
import type { SyncOptions } from "../../lib/sync/sync_options.ts";
import { changesOf, contentsOf, type EngineWorld, fill, filterOf, run } from "./engine_world.ts";
import { DELETES, PLAIN } from "../unit/lib/sync/plain_options.ts";
import { fileAt, put, TIME, transferContext } from "./tree_world.ts";

export type WithPair = (work: (world: EngineWorld) => Promise<void>) => Promise<void>;

const LATER = TIME + 60_000;

/** A file at both sides: content and time there. */
type Side = readonly [content: string, modifiedAtMs: number];
type Outcome = "source" | "target" | "failed";

interface Decision {
  readonly source: Side;
  readonly target: Side;
  /** Whose content the target has afterwards, by the ways of comparing in their order; `failed` leaves the target's. */
  readonly outcomes: readonly Outcome[];
  /** Where both sides tell the MD5 without reading: a difference that no time shows is seen there. */
  readonly outcomesByMd5?: readonly Outcome[];
}

const WAYS: readonly (readonly [name: string, compare: Partial<SyncOptions["compare"]>])[] = [
  ["time", {}],
  ["checksum", { by: "checksum" }],
  ["size", { by: "size" }],
  ["never", { by: "never" }],
  ["ignore-existing", { ignoreExisting: true }],
  ["update", { update: true }],
  ["immutable", { immutable: true }],
];

const [S, T, F] = ["source", "target", "failed"] as const;

const DECISIONS: readonly Decision[] = [
  { source: ["longer", TIME], target: ["old", TIME], outcomes: [S, S, S, S, T, S, F] },
  { source: ["new", LATER], target: ["old", TIME], outcomes: [S, S, T, S, T, S, F] },
  { source: ["new", TIME], target: ["old", LATER], outcomes: [S, S, T, S, T, T, F] },
  {
    source: ["new", TIME],
    target: ["old", TIME],
    outcomes: [T, S, T, S, T, T, T],
    outcomesByMd5: [S, S, T, S, T, S, F],
  },
];

export function testEngine(name: string, withPair: WithPair): void {
  const test = (title: string, work: (world: EngineWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withPair(work));

  for (const [index, [way, compare]] of WAYS.entries()) {
    test(`29 what is there is decided by ${way}`, async (world) => {
      for (const [each, { source, target }] of DECISIONS.entries()) {
        await put(world.source, `f${each}`, source[0], { modifiedAtMs: source[1] });
        await put(world.target, `f${each}`, target[0], { modifiedAtMs: target[1] });
      }
      const { failures } = await run(world, { compare: { ...PLAIN.compare, ...compare } });
      const knowsMd5 = world.source.features.knowsMd5 && world.target.features.knowsMd5;
      const outcomes = DECISIONS.map(({ outcomes, outcomesByMd5 = outcomes }) =>
        (knowsMd5 ? outcomesByMd5 : outcomes)[index]
      );
      const expected = DECISIONS.map(({ source, target }, each) =>
        `f${each}=${outcomes[each] === "source" ? source[0] : target[0]}`
      );
      assert.deepEqual(await contentsOf(world.target), expected);
      assert.equal(failures.length, outcomes.filter((outcome) => outcome === "failed").length);
      for (const error of failures) assert.equal(error.code, "conflict");
    });
  }

  test("29 what is missing is brought, what is the same is left alone, time and all", async (world) => {
    await fill(world.source, { "a": "one", "sub/b": "two", "sub/deep/c": "" });
    const first = await run(world);
    assert.deepEqual(first.failures, []);
    assert.deepEqual(changesOf(first), ["finished a", "finished sub/b", "finished sub/deep/c"]);
    assert.deepEqual(await contentsOf(world.target), await contentsOf(world.source));
    assert.equal((await fileAt(world.target, "sub/b")).modifiedAtMs, TIME);
    assert.deepEqual(changesOf(await run(world)), []);
  });

  test("29 the same content of another time gets the time", async (world) => {
    await fill(world.source, { a: "content" }, LATER);
    await fill(world.target, { a: "content" }, TIME);
    const { events } = await run(world);
    assert.equal((await fileAt(world.target, "a")).modifiedAtMs, LATER);
    const hows = events.flatMap((event) => event.type === "finished" ? [event.how] : []);
    assert.deepEqual(hows, ["times-only"]);
    assert.deepEqual(changesOf(await run(world)), []);
  });

  for (const when of ["before", "during", "after"] as const) {
    test(`30 what the source has not is deleted ${when}, with folders that are empty then`, async (world) => {
      await fill(world.source, { "kept/a": "a", "new/b": "b" });
      await fill(world.target, { "kept/a": "a", "kept/old": "x", "gone/x/y": "z", "gone/w": "v" });
      const result = await run(world, { deletes: { ...DELETES, when } });
      assert.deepEqual(result.failures, []);
      assert.deepEqual(await contentsOf(world.target), ["kept/", "kept/a=a", "new/", "new/b=b"]);
      assert.deepEqual(changesOf(await run(world, { deletes: { ...DELETES, when } })), []);
    });

    test(`30 an empty source deletes nothing ${when}, unless it may`, async (world) => {
      await world.source.makeDirectory("only/folders");
      await fill(world.target, { "a": "a", "b/c": "c" });
      const refused = await run(world, { deletes: { ...DELETES, when } }).catch((error) => ({
        failures: [error],
      }));
      assert.deepEqual(refused.failures.map(({ code }) => code), ["empty-source"]);
      assert.deepEqual(await contentsOf(world.target), ["a=a", "b/", "b/c=c"]);
      const allowed = { ...DELETES, when, allowEmptySource: true };
      assert.deepEqual((await run(world, { deletes: allowed })).failures, []);
      assert.deepEqual((await contentsOf(world.target)).filter((line) => line.includes("=")), []);
    });
  }

  test("30 more than may be deleted is not deleted", async (world) => {
    await fill(world.source, { a: "a" });
    await fill(world.target, { x: "1", y: "22", z: "333" });
    const limits = [{ maxFiles: 2 }, { maxBytes: 5 }];
    for (const limit of limits) {
      const result = await run(world, { deletes: { ...DELETES, ...limit } }).catch((error) => ({
        failures: [error],
      }));
      assert.ok(result.failures.some(({ code }) => code === "max-delete"), JSON.stringify(limit));
      assert.deepEqual(await contentsOf(world.target), ["a=a", "x=1", "y=22", "z=333"]);
    }
    await run(world, { deletes: { ...DELETES, maxFiles: 3, maxBytes: 6 } });
    assert.deepEqual(await contentsOf(world.target), ["a=a"]);
  });

  test("30 what the filter leaves out stays, unless it is to be deleted too", async (world) => {
    await fill(world.source, { "a.txt": "a", "b.tmp": "b" });
    await fill(world.target, { "old.txt": "x", "old.tmp": "y", "tmp/z.tmp": "z" });
    const filter = filterOf({ flag: "exclude", value: "*.tmp" });
    await run(world, { filter, deletes: DELETES });
    assert.deepEqual(await contentsOf(world.target), ["a.txt=a", "old.tmp=y", "tmp/", "tmp/z.tmp=z"]);
    await run(world, { filter, deletes: { ...DELETES, deleteExcluded: true } });
    assert.deepEqual(await contentsOf(world.target), ["a.txt=a"]);
  });

  test("31 what is replaced or deleted is kept aside, and a kept file is no business of the run", async (world) => {
    await fill(world.source, { "a": "new a", "same": "same" }, LATER);
    await fill(world.target, { "a": "old", "sub/gone": "gone" });
    await fill(world.target, { same: "same" }, LATER);
    const context = transferContext();
    const directory = createKeepAside({ target: world.target, directory: world.beside, context });
    assert.deepEqual((await run(world, { deletes: DELETES, keepAside: directory })).failures, []);
    assert.deepEqual(await contentsOf(world.target), ["a=new a", "same=same"]);
    assert.deepEqual(await contentsOf(world.beside), ["a=old", "sub/", "sub/gone=gone"]);
    await fill(world.source, { a: "third version" }, LATER + 60_000);
    const suffix = createKeepAside({ target: world.target, suffix: ".bak", context });
    for (let round = 0; round < 2; round++) {
      assert.deepEqual((await run(world, { deletes: DELETES, keepAside: suffix })).failures, []);
      assert.deepEqual(await contentsOf(world.target), ["a.bak=new a", "a=third version", "same=same"]);
    }
  });

  test("38 a dry run tells the same and changes nothing, at either side", async (world) => {
    await fill(world.source, { "new": "n", "changed": "longer" });
    await fill(world.target, { "changed": "old", "gone/x": "x" });
    const before = [await contentsOf(world.source), await contentsOf(world.target)];
    const dry = await run(world, { dryRun: true, deletes: DELETES });
    assert.deepEqual([await contentsOf(world.source), await contentsOf(world.target)], before);
    const told = dry.events.flatMap((event) => "path" in event ? [`${event.type} ${event.path}`] : []);
    for (const line of ["would-transfer new", "would-transfer changed", "removed gone/x"]) {
      assert.ok(told.includes(line), `${line} in ${told}`);
    }
    const wet = await run(world, { deletes: DELETES });
    const removed = (line: string) => line.startsWith("removed");
    assert.deepEqual(changesOf(dry).filter(removed), changesOf(wet).filter(removed));
  });
}
