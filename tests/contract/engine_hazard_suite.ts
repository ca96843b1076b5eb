/** What an engine run does when names move, limits end it, and others are at work on the same places. */
import assert from "node:assert/strict";
import { LimitError } from "../../lib/errors.ts";
import { createBudget } from "../../lib/sync/budget.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import type { WithPair } from "./engine_suite.ts";
import { changesOf, contentsOf, differences, type EngineWorld, fill, filterOf, run } from "./engine_world.ts";
import { DELETES, PLAIN } from "../unit/lib/sync/plain_options.ts";
import { copy, listed, TIME } from "./tree_world.ts";

const LATER = TIME + 60_000;

export interface Hazards {
  /** What vanishes at the source is gone; at a remote it can still be read in the trash. */
  readonly isLocalSource: boolean;
  /** The source tells names apart that are one at the target. */
  readonly mayClash: boolean;
}

export function testEngineHazards(name: string, withPair: WithPair, hazards: Hazards): void {
  const test = (title: string, work: (world: EngineWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withPair(work));

  test("32 a file of another name is moved at the target, not sent", async (world) => {
    await fill(world.source, { "new/name": "the content", "other": "x" });
    await fill(world.target, { "old/name": "the content", "gone": "y" });
    const result = await run(world, { deletes: DELETES, trackRenames: { by: ["hash"] } });
    assert.deepEqual(result.failures, []);
    assert.deepEqual(await contentsOf(world.target), ["new/", "new/name=the content", "other=x"]);
    assert.ok(changesOf(result).includes("renamed new/name"), changesOf(result).join());
    assert.ok(!changesOf(result).includes("finished new/name"));
  });

  test("33 a limit ends the run, and nothing is deleted then", async (world) => {
    await fill(world.source, { a: "12345", b: "23451", c: "34512", d: "45123" });
    await fill(world.target, { gone: "x" });
    const clock = new FakeClock({ autoAdvance: true });
    const startedAtMs = clock.now();
    // What a place copies by itself costs nothing.
    if (!world.target.canTakeFrom(world.source) || world.target.side === "local") {
      using budget = createBudget({ maxTransferBytes: 10, cutoff: "soft", clock, startedAtMs });
      await assert.rejects(run(world, { transfers: 1, budget, deletes: DELETES }), LimitError);
      const there = await listed(world.target);
      assert.equal(there.length, 3, there.join());
      assert.ok(there.includes("file gone"));
    }
    {
      using budget = createBudget({ maxDurationMs: 1, cutoff: "soft", clock, startedAtMs: -10_000 });
      await assert.rejects(run(world, { budget }), LimitError);
    }
    assert.deepEqual((await run(world, { deletes: DELETES })).failures, []);
    assert.deepEqual(await listed(world.target), ["file a", "file b", "file c", "file d"]);
  });

  if (hazards.isLocalSource) {
    test("34 a source that vanishes during the run fails alone, and nothing is deleted", async (world) => {
      await fill(world.source, { a: "a", b: "b", c: "c" });
      await fill(world.target, { gone: "x" });
      let isFirst = true;
      const vanishing = new Proxy(world.source, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== "function") return value;
          if (key !== "list") return value.bind(target);
          return async (...all: unknown[]) => {
            const entries: unknown = await value.apply(target, all);
            if (isFirst) await target.removeFile("b");
            isFirst = false;
            return entries;
          };
        },
      });
      const { failures } = await run({ source: vanishing, target: world.target }, { deletes: DELETES });
      const there = (await contentsOf(world.target)).filter((line) => line !== "b=b");
      assert.deepEqual(there, ["a=a", "c=c", "gone=x"]);
      assert.ok(failures.length >= 1);
    });
  }

  test("34 two runs at once into the same place leave whole files", async (world) => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`d${index % 3}/f${index}`, `content ${index}`]),
    );
    await fill(world.source, files);
    await Promise.all([run(world), run(world)]);
    await run(world);
    assert.deepEqual(await contentsOf(world.target), await contentsOf(world.source));
  });

  test("35 check agrees with what a run left", async (world) => {
    await fill(world.source, { "a": "1", "b/c": "2", "b/d": "3" });
    await fill(world.target, { "a": "old", "z": "9" });
    assert.deepEqual((await differences(world)).length, 4);
    await run(world, { deletes: DELETES });
    assert.deepEqual(await differences(world), []);
  });

  test("36 a filter decides what is brought, and how far down", async (world) => {
    await fill(world.source, { "a.jpg": "a", "a.txt": "t", "sub/b.jpg": "b", "sub/no/c.jpg": "c" });
    const filter = filterOf(
      { flag: "filter", value: "- no/**" },
      { flag: "filter", value: "+ *.jpg" },
      { flag: "filter", value: "- *" },
    );
    await run(world, { filter });
    assert.deepEqual(await contentsOf(world.target), ["a.jpg=a", "sub/", "sub/b.jpg=b"]);
    const flat = filterOf({ flag: "max-depth", value: "1" });
    await run(world, { filter: flat });
    assert.deepEqual(await listed(world.target), ["directory sub", "file a.jpg", "file a.txt"]);
  });

  test("37 a move leaves nothing behind that arrived, and everything that did not", async (world) => {
    await fill(world.source, { "a": "a", "sub/b": "b", "same": "same", "skipped": "mine" }, LATER);
    await fill(world.target, { same: "same", skipped: "theirs" }, LATER);
    const move = { deleteEmptySourceDirectories: true };
    const compare = { ...PLAIN.compare, ignoreExisting: true };
    assert.deepEqual((await run(world, { move, compare })).failures, []);
    const arrived = ["a=a", "same=same", "skipped=theirs", "sub/", "sub/b=b"];
    assert.deepEqual(await contentsOf(world.target), arrived);
    assert.deepEqual(await contentsOf(world.source), ["same=same", "skipped=mine"]);
    assert.deepEqual((await run(world, { move })).failures, []);
    assert.deepEqual(await contentsOf(world.source), []);
    assert.deepEqual(
      (await contentsOf(world.target)).filter((line) => !line.startsWith("skipped")),
      arrived.filter((line) => !line.startsWith("skipped")),
    );
    assert.ok((await contentsOf(world.target)).includes("skipped=mine"));
  });

  test("39 empty folders are made where that is wanted, and only then", async (world) => {
    await fill(world.source, { "full/a": "a" });
    await world.source.makeDirectory("empty/inner");
    await run(world);
    assert.deepEqual(await contentsOf(world.target), ["full/", "full/a=a"]);
    await run(world, { createEmptyDirectories: true });
    assert.deepEqual(await contentsOf(world.target), ["empty/", "empty/inner/", "full/", "full/a=a"]);
  });

  if (hazards.mayClash) {
    test("40 two names that would meet are both left out and told, and nothing of either is deleted", async (world) => {
      const { source, target } = world;
      await fill(source, { "Name": "one", "name": "two", "other": "x" });
      await fill(target, { "NAME": "old", "gone": "y" });
      const { failures } = await run(world, { deletes: { ...DELETES, ignoreErrors: true } });
      assert.equal(failures.filter(({ code }) => code === "name-clash").length, 2);
      assert.ok(failures.every(({ message }) => /"name"|"Name"/.test(message)));
      assert.deepEqual(await contentsOf(target), ["NAME=old", "other=x"]);
      assert.deepEqual(await contentsOf(source), ["Name=one", "name=two", "other=x"]);
    });
  }

  test("40 another case of a name is the same file where case says nothing", async (world) => {
    const { source, target } = world;
    await fill(source, { "Photos/A.JPG": "one" });
    await copy(source, "Photos/A.JPG", { tree: target, path: "photos/a.jpg" });
    await run(world);
    const count = target.features.caseInsensitive ? 1 : 2;
    assert.equal((await contentsOf(target)).filter((line) => line.endsWith("=one")).length, count);
  });
}
