/**
 * Whatever fails, and whenever the user stops: no content is lost. Calls of the remote and operations of the disk fail at
 * random, runs are stopped at random.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { CancelledError, JottashError, LocalError, ServiceError } from "../../lib/errors.ts";
import { createKeepAside } from "../../lib/sync/keep_aside.ts";
import { syncTrees } from "../../lib/sync/sync.ts";
import type { DeleteOptions, SyncOptions } from "../../lib/sync/sync_options.ts";
import { DELETES, PLAIN } from "../unit/lib/sync/plain_options.ts";
import {
  createEnds,
  type Direction,
  DIRECTIONS,
  SyncEnd,
  type SyncEnds,
} from "../unit/lib/sync/sync_ends.ts";

const NAMES = fc.constantFrom("a", "b", "c");
const PATHS = fc.uniqueArray(
  fc.array(NAMES, { minLength: 1, maxLength: 3 }).map((names) => names.join("/")),
  {
    maxLength: 8,
  },
);
const TROUBLE = fc.record({
  /** Which calls fail, counted from the first. */
  failing: fc.uniqueArray(fc.nat(80), { maxLength: 6 }),
  /** The call at which the user stops the run. */
  stopAt: fc.option(fc.nat(80), { nil: undefined }),
  direction: fc.constantFrom<Direction>(...DIRECTIONS),
  when: fc.constantFrom<DeleteOptions["when"]>("before", "during", "after"),
  ignoreErrors: fc.boolean(),
  isOld: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  keeping: fc.constantFrom("nowhere", "beside", "elsewhere"),
});
type Trouble = typeof TROUBLE extends fc.Arbitrary<infer Value> ? Value : never;

/** Content that tells where it was at first. */
function contentOf(end: string, path: string): string {
  return `${end}: ${path}`;
}

async function filledEnds(
  trouble: Trouble,
  from: readonly string[],
  to: readonly string[],
): Promise<SyncEnds> {
  const ends = await createEnds(trouble.direction);
  const fill = async (end: SyncEnd, name: string, paths: readonly string[]) => {
    for (const [index, path] of paths.entries()) {
      if (paths.some((other) => other.startsWith(`${path}/`))) continue; // a directory
      const second = trouble.isOld[index] ? 1_000_000 : 1_600_000_000;
      await end.put(path, { content: contentOf(name, path), second });
    }
  };
  await fill(ends.source, "source", from);
  await fill(ends.target, "target", to);
  return ends;
}

/** Runs with what goes wrong. Resolves when it has ended, however. */
async function troubledRun(
  { world, source, target }: SyncEnds,
  trouble: Trouble,
  options: SyncOptions,
): Promise<"whole" | "partial"> {
  let count = 0;
  const disturb = (error: JottashError) => {
    const index = count++;
    if (index === trouble.stopAt) world.stop.abort(new CancelledError("SIGINT"));
    if (trouble.failing.includes(index)) throw error;
  };
  world.remote.beforeCall = ({ path }) => disturb(new ServiceError(`no answer about "${path}"`));
  world.disk.beforeOperation = ({ path }) => disturb(new LocalError(`the disk fails at "${path}"`));
  try {
    const errors = await syncTrees(source.tree, target.tree, options, world.context);
    return errors.length === 0 ? "whole" : "partial";
  } catch (error) {
    assert.ok(error instanceof JottashError && error.code !== "bug", String(error));
    return "partial";
  } finally {
    world.remote.beforeCall = () => {};
    world.disk.beforeOperation = () => {};
  }
}

Deno.test("syncTrees() that fails or is stopped leaves every file of the target whole: the old one, or that of the source", async () => {
  await fc.assert(
    fc.asyncProperty(PATHS, PATHS, TROUBLE, async (from, to, trouble) => {
      const ends = await filledEnds(trouble, from, to);
      const [sources, before] = [await ends.source.files(), await ends.target.files()];
      const { when, ignoreErrors } = trouble;
      const options = { ...PLAIN, deletes: { ...DELETES, when, ignoreErrors } };
      const outcome = await troubledRun(ends, trouble, options);
      assert.deepEqual(await ends.source.files(), sources);
      const after = await ends.target.files();
      for (const [path, { content }] of after) {
        assert.ok([contentOf("source", path), contentOf("target", path)].includes(content), content);
      }
      for (const path of before.keys()) {
        // Only what the source does not have may be gone.
        assert.ok(after.has(path) || !sources.has(path), path);
      }
      if (outcome === "whole") assert.deepEqual([...after.keys()], [...sources.keys()]);
    }),
    { numRuns: 500 },
  );
});

Deno.test("syncTrees() that keeps files aside loses none of either side, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(PATHS, PATHS, TROUBLE, async (from, to, trouble) => {
      const ends = await filledEnds(trouble, from, to);
      const { world, target } = ends;
      const all = [...(await ends.source.files()).values(), ...(await target.files()).values()];
      const elsewhere = new SyncEnd(world, target.tree.side, "kept");
      const keepAside = createKeepAside({
        target: target.tree,
        ...(trouble.keeping === "elsewhere" ? { directory: elsewhere.tree } : { suffix: ".old" }),
        context: world.context,
      });
      await elsewhere.tree.makeDirectory("");
      await troubledRun(ends, trouble, { ...PLAIN, deletes: { ...DELETES, when: trouble.when }, keepAside });
      const left = new Set<string>();
      for (const end of [ends.source, target, elsewhere]) {
        for (const { content } of (await end.files()).values()) left.add(content);
      }
      for (const { content } of all) assert.ok(left.has(content), content);
    }),
    { numRuns: 500 },
  );
});

Deno.test("syncTrees() as a move has every file of the source whole at one end, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(PATHS, PATHS, TROUBLE, async (from, to, trouble) => {
      const ends = await filledEnds(trouble, from, to);
      const [sources, before] = [await ends.source.files(), await ends.target.files()];
      const move = { deleteEmptySourceDirectories: trouble.ignoreErrors };
      const outcome = await troubledRun(ends, trouble, { ...PLAIN, move });
      for (const [path, { content }] of sources) {
        assert.ok(ends.source.peek(path) === content || ends.target.peek(path) === content, path);
      }
      for (const [path, { content }] of before) {
        assert.ok([content, contentOf("source", path)].includes(ends.target.peek(path) ?? ""), path);
      }
      if (outcome === "whole") assert.deepEqual([...(await ends.source.files()).keys()], []);
    }),
    { numRuns: 500 },
  );
});
