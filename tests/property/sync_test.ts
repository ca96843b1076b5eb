/** Laws of sync and move over random trees, in every direction. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createFilter, type Filter } from "../../lib/filter/filter.ts";
import type { FilterFlag } from "../../lib/filter/words.ts";
import { filterTree } from "../../lib/listing/filtered_tree.ts";
import { checkTrees, type Finding } from "../../lib/sync/check.ts";
import { parseJobOrder } from "../../lib/sync/job_order.ts";
import { syncTrees } from "../../lib/sync/sync.ts";
import type { DeleteOptions, SyncOptions } from "../../lib/sync/sync_options.ts";
import { DELETES, PLAIN } from "../unit/lib/sync/plain_options.ts";
import {
  createEnds,
  type Direction,
  DIRECTIONS,
  type FileState,
  type SyncEnds,
} from "../unit/lib/sync/sync_ends.ts";

type Files = Readonly<Record<string, FileState>>;

const NAMES = fc.constantFrom("a", "b", "c.txt", "d.jpg");
const PATHS = fc.array(NAMES, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const CONTENTS = ["", "x", "y", "long content", "other length"];
/** Files of one size and one time hold the same: more cannot be told without reading them. */
const FILE: fc.Arbitrary<FileState> = fc.tuple(fc.nat(CONTENTS.length - 1), fc.boolean()).map(
  ([index, isOld]) => ({
    content: CONTENTS[index] ?? "",
    second: (isOld ? 1_000_000 : 1_600_000_000) + index,
  }),
);
const FILES = fc.dictionary(PATHS, FILE, { maxKeys: 10, noNullPrototype: true }).map((files) =>
  withoutConflicts(files, [])
);
const WORDS: fc.Arbitrary<readonly (readonly [FilterFlag, string])[]> = fc.array(
  fc.constantFrom<readonly [FilterFlag, string]>(
    ["exclude", "*.txt"],
    ["exclude", "/a/"],
    ["exclude", "b"],
    ["include", "*.{txt,jpg}"],
    ["exclude", "a/**"],
    ["max-size", "3B"],
    ["max-depth", "2"],
  ),
  { maxLength: 2 },
);
const HOW = fc.record({
  direction: fc.constantFrom<Direction>(...DIRECTIONS),
  when: fc.constantFrom<DeleteOptions["when"]>("before", "during", "after"),
  by: fc.constantFrom<"time" | "checksum">("time", "checksum"),
  checkFirst: fc.boolean(),
  order: fc.constantFrom(undefined, "size,mixed", "name,desc"),
  createEmptyDirectories: fc.boolean(),
  trackRenames: fc.boolean(),
});
type How = typeof HOW extends fc.Arbitrary<infer Value> ? Value : never;

/** Without paths that would make one name a file here and a directory there. */
function withoutConflicts(files: Files, others: readonly string[]): Files {
  const paths = [...Object.keys(files), ...others];
  return Object.fromEntries(
    Object.entries(files).filter(([path]) =>
      !paths.some((other) => other.startsWith(`${path}/`)) &&
      !others.some((other) => path.startsWith(`${other}/`))
    ),
  );
}

function filterOf(words: readonly (readonly [FilterFlag, string])[]): Filter {
  return createFilter(words.map(([flag, value]) => ({ flag, value, content: value })), {
    nowMs: 1_700_000_000_000,
    random: () => 0.5,
  });
}

function isChosen(filter: Filter, path: string, { content, second }: FileState): boolean {
  return filter.explain(path, "file", { size: content.length, modifiedAtMs: second * 1_000 }).isIncluded;
}

function chosenOf(files: Files, filter: Filter): Files {
  return Object.fromEntries(Object.entries(files).filter(([path, file]) => isChosen(filter, path, file)));
}

function optionsOf(how: How, more: Partial<SyncOptions> = {}): SyncOptions {
  const { createEmptyDirectories, checkFirst, by, order, trackRenames } = how;
  return {
    ...PLAIN,
    createEmptyDirectories,
    checkFirst,
    compare: { ...PLAIN.compare, by },
    order: order === undefined ? undefined : parseJobOrder(order),
    trackRenames: trackRenames ? { by: ["hash"] } : undefined,
    ...more,
  };
}

async function worldOf(direction: Direction, from: Files, to: Files): Promise<SyncEnds> {
  const ends = await createEnds(direction);
  for (const [path, file] of Object.entries(from)) await ends.source.put(path, file);
  for (const [path, file] of Object.entries(to)) await ends.target.put(path, file);
  return ends;
}

async function findingsOf({ source, target }: SyncEnds, filter: Filter): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await checkTrees(
    filterTree(source.tree, { filter, checkers: 2 }),
    filterTree(target.tree, { filter, checkers: 2 }),
    {
      checkers: 2,
      oneWay: false,
      folding: target.tree.features,
      compare: async (left, right) =>
        await source.tree.md5(left) === await target.tree.md5(right) ? undefined : "another MD5",
      tell: (finding) => Promise.resolve(void findings.push(finding)),
      onSpecial: () => {},
    },
  );
  return findings;
}

Deno.test("syncTrees() makes the trees equal as far as the filter goes, leaves the rest, and the next one does nothing", async () => {
  await fc.assert(
    fc.asyncProperty(FILES, FILES, WORDS, HOW, async (from, before, words, how) => {
      const to = withoutConflicts(before, Object.keys(from));
      const ends = await worldOf(how.direction, from, to);
      const { world, source, target } = ends;
      const filter = filterOf(words);
      const deletes = { ...DELETES, when: how.when, allowEmptySource: true };
      const options = optionsOf(how, { filter, deletes });
      assert.deepEqual(await syncTrees(source.tree, target.tree, options, world.context), []);

      const chosen = chosenOf(from, filter);
      const kept = Object.entries(to).filter(([path, file]) =>
        !(path in chosen) && !isChosen(filter, path, file)
      );
      const wanted = { ...chosen, ...Object.fromEntries(kept) };
      const after = await target.files();
      assert.deepEqual([...after.keys()].sort(), Object.keys(wanted).sort());
      for (const [path, { content, second }] of Object.entries(wanted)) {
        assert.equal(after.get(path)?.content, content, path);
        if (how.by === "time") assert.equal(after.get(path)?.second, second, path);
      }
      assert.deepEqual(Object.fromEntries(await source.files()), sorted(from));
      const findings = await findingsOf(ends, filter);
      assert.deepEqual(findings.filter(({ kind }) => kind !== "same"), []);
      if (filter.isEverything) {
        const sourceDirectories = await source.directories();
        for (const path of await target.directories()) assert.ok(sourceDirectories.includes(path), path);
      }

      world.events.length = 0;
      assert.deepEqual(await syncTrees(source.tree, target.tree, options, world.context), []);
      assert.deepEqual(
        world.events.filter(({ type }) => type !== "unchanged" && type !== "plan-complete"),
        [],
      );
      assert.deepEqual(world.temporaries(), []);
    }),
    { numRuns: 300 },
  );
});

Deno.test("syncTrees() in a dry run tells what it then does, and changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(FILES, FILES, WORDS, HOW, async (from, before, words, how) => {
      const to = withoutConflicts(before, Object.keys(from));
      const { world, source, target } = await worldOf(how.direction, from, to);
      const deletes = { ...DELETES, when: how.when, allowEmptySource: true };
      const options = optionsOf({ ...how, trackRenames: false }, { deletes, filter: filterOf(words) });
      const told = async (dryRun: boolean) => {
        world.events.length = 0;
        assert.deepEqual(
          await syncTrees(source.tree, target.tree, { ...options, dryRun }, world.context),
          [],
        );
        return world.events.flatMap((event) => {
          if (event.type === "finished") {
            return event.how === "times-only" ? `touch ${event.path}` : `copy ${event.path}`;
          }
          if (event.type === "would-transfer") return `copy ${event.path}`;
          if (event.type === "removed") return `remove ${event.path}`;
          return event.type === "directory-made" ? `make ${event.path}` : [];
        }).sort();
      };
      const announced = await told(true);
      assert.deepEqual(Object.fromEntries(await target.files()), sorted(to));
      assert.deepEqual(await told(false), announced);
    }),
    { numRuns: 200 },
  );
});

Deno.test("syncTrees() as a move ends with the source in the target, and nothing of it left but what the filter leaves out", async () => {
  await fc.assert(
    fc.asyncProperty(FILES, FILES, WORDS, HOW, async (from, before, words, how) => {
      const to = withoutConflicts(before, Object.keys(from));
      const { world, source, target } = await worldOf(how.direction, from, to);
      const filter = filterOf(words);
      const move = { deleteEmptySourceDirectories: true };
      const options = optionsOf({ ...how, trackRenames: false }, { filter, move });
      assert.deepEqual(await syncTrees(source.tree, target.tree, options, world.context), []);
      const chosen = chosenOf(from, filter);
      const rest = Object.fromEntries(Object.entries(from).filter(([path]) => !(path in chosen)));
      assert.deepEqual(Object.fromEntries(await source.files()), sorted(rest));
      const contents = (files: Files) =>
        Object.fromEntries(Object.entries(files).map(([path, { content }]) => [path, content]));
      assert.deepEqual(
        contents(Object.fromEntries(await target.files())),
        contents(sorted({ ...to, ...chosen })),
      );
      if (filter.isEverything) assert.deepEqual(await source.directories(), []);
    }),
    { numRuns: 200 },
  );
});

function sorted(files: Files): Files {
  return Object.fromEntries(Object.entries(files).sort(([left], [right]) => left < right ? -1 : 1));
}
