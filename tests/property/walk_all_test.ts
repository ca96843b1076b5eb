/** Laws of trees that tell all their entries at once: through any filter they show what their listings show. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createFilter } from "../../lib/filter/filter.ts";
import type { FilterFlag } from "../../lib/filter/words.ts";
import { filterTree } from "../../lib/listing/filtered_tree.ts";
import type { Entry, Tree } from "../../lib/tree/tree.ts";
import { walkTree } from "../../lib/tree/walk.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";

const NAME = fc.constantFrom("a", "b", "c", "a.jpg", "b.txt", "skip");
const PATH = fc.array(NAME, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const RULE = fc.tuple(
  fc.constantFrom<FilterFlag>(
    "include",
    "exclude",
    "filter",
    "max-depth",
    "min-size",
    "exclude-if-present",
    "files-from",
  ),
  fc.constantFrom("*.jpg", "/a/**", "a/", "b/**", "*", "skip", "/b/*/", "{a,b}/c", "[ab]*"),
).map(([flag, value]) => ({
  flag,
  value: flag === "filter" ? `- ${value}` : flag === "max-depth" ? "2" : flag === "min-size" ? "3B" : value,
  content: "a/b.txt\nskip\n",
}));

/** A remote that also tells everything at once, in the order of the keys. */
class WholeRemote extends MemoryRemote {
  readonly #keys: readonly number[];
  walks = 0;

  constructor(keys: readonly number[]) {
    super();
    this.#keys = keys;
  }

  async *walkAll(): AsyncGenerator<Entry, void> {
    this.walks++;
    const list: Tree["list"] = (path) => this.list(path);
    const entries = await Array.fromAsync(walkTree({ list }, { checkers: 1 }));
    const keyOf = (index: number) => this.#keys[index % this.#keys.length] ?? 0;
    yield* entries.map((entry, index) => ({ entry, key: keyOf(index) }))
      .sort((left, right) => left.key - right.key).map(({ entry }) => entry);
  }
}

Deno.test("a filter shows the same of a tree told at once, in any order, as of its listings", async () => {
  let walks = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(PATH, { maxLength: 20 }),
      fc.array(RULE, { maxLength: 3 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
      async (paths, words, keys) => {
        const remote = new WholeRemote(keys);
        for (const path of paths) {
          try {
            remote.put(path, path);
          } catch { /* a folder has the name, or a file is above it */ }
        }
        const namesFiles = words.some(({ flag }) => flag === "files-from");
        const filter = createFilter(namesFiles ? words.filter(({ flag }) => flag === "files-from") : words, {
          nowMs: 0,
          random: () => 0,
        });
        const through = filterTree(remote, { filter, checkers: 2 });
        const pathsOf = async (tree: typeof through) =>
          (await Array.fromAsync(walkTree(tree, { checkers: 2 }))).map(({ kind, path }) => `${kind} ${path}`)
            .sort();
        assert.deepEqual(await pathsOf(through), await pathsOf({ list: (path) => through.list(path) }));
        walks += remote.walks;
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(walks > 50, `only ${walks} walks took everything at once`);
});

Deno.test("a walk of some levels never takes the whole tree", async () => {
  const remote = new WholeRemote([1]);
  remote.put("a/b/c", "x");
  for (const maxDepth of [1, 2]) {
    assert.equal((await Array.fromAsync(walkTree(remote, { checkers: 1, maxDepth }))).length, maxDepth);
  }
  assert.equal(remote.walks, 0);
  await Array.fromAsync(walkTree(remote, { checkers: 1, maxDepth: Infinity }));
  assert.equal(remote.walks, 1);
});
