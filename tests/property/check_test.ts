/** check agrees with what copy did, and with what a look at both trees says. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { checkTrees } from "../../lib/sync/check.ts";
import { syncTrees } from "../../lib/sync/sync.ts";
import type { Tree } from "../../lib/tree/tree.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { PLAIN } from "../unit/lib/sync/plain_options.ts";
import { TransferWorld } from "../unit/lib/transfer/world.ts";

const NAMES = fc.constantFrom("a", "b c", "é", "+#;", "名");
const PATHS = fc.array(NAMES, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const FILES = fc.dictionary(PATHS, fc.constantFrom("", "1", "2", "22"), { maxKeys: 10 }).map(
  withoutConflicts,
);

type Files = Readonly<Record<string, string>>;

/** Without paths that need a file and a directory of one name. */
function withoutConflicts(files: Files): Files {
  const paths = Object.keys(files);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`))),
  );
}

function fits(path: string, others: readonly string[]): boolean {
  return !others.some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`));
}

async function reportOf(
  source: Tree,
  target: Tree,
  options: { readonly checkers: number; readonly oneWay: boolean },
): Promise<readonly string[]> {
  const lines: string[] = [];
  await checkTrees(source, target, {
    ...options,
    folding: target.features,
    compare: async (one, other) =>
      await source.md5(one) === await target.md5(other) ? undefined : "another MD5",
    tell: ({ kind, path }) => Promise.resolve(void lines.push(`${kind} ${path}`)),
    onSpecial: ({ path }) => assert.fail(path),
  });
  return lines.sort();
}

function expectedReport(source: Files, target: Files, oneWay: boolean): readonly string[] {
  const paths = new Set([...Object.keys(source), ...oneWay ? [] : Object.keys(target)]);
  return [...paths].map((path) => {
    if (!(path in target)) return `missing-at-target ${path}`;
    if (!(path in source)) return `missing-at-source ${path}`;
    return `${source[path] === target[path] ? "same" : "different"} ${path}`;
  }).sort();
}

Deno.test("checkTrees() tells every file of two trees once, and rightly", async () => {
  await fc.assert(
    fc.asyncProperty(
      FILES,
      FILES,
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (here, there, checkers, oneWay) => {
        const world = new TransferWorld();
        await world.local.makeDirectory("");
        for (const [path, content] of Object.entries(here)) await world.put(path, content);
        for (const [path, content] of Object.entries(there)) world.remote.put(path, content);
        const options = { checkers, oneWay };
        assert.deepEqual(
          await reportOf(world.local, world.remote, options),
          expectedReport(here, there, oneWay),
        );
        assert.deepEqual(
          await reportOf(world.remote, world.local, options),
          expectedReport(there, here, oneWay),
        );
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("checkTrees() one way finds nothing after a copy, up and down", async () => {
  await fc.assert(
    fc.asyncProperty(FILES, FILES, async (here, there) => {
      const world = new TransferWorld();
      await world.local.makeDirectory("");
      for (const [path, content] of Object.entries(here)) await world.put(path, content);
      const remote = new MemoryRemote();
      for (const [path, content] of Object.entries(there)) {
        // Older than what is here, and no file where a directory is to be.
        if (fits(path, Object.keys(here))) remote.put(path, content, { modifiedAtMs: 1_000 });
      }
      assert.deepEqual(await syncTrees(world.local, remote, PLAIN, world.context), []);
      const options = { checkers: 2, oneWay: true };
      const same = Object.keys(here).map((path) => `same ${path}`).sort();
      assert.deepEqual(await reportOf(world.local, remote, options), same);
      const back = world.tree("/back");
      assert.deepEqual(await syncTrees(remote, back, PLAIN, world.context), []);
      assert.deepEqual(
        await reportOf(remote, back, { checkers: 2, oneWay: false }),
        remote.files().map((path) => `same ${path}`).sort(),
      );
    }),
    { numRuns: 60 },
  );
});
