/** Renaming loses no content: what a plan makes of the target is what is at the source, or still there to be deleted. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { planRenames } from "../../lib/sync/renames.ts";
import type { FileEntry } from "../../lib/tree/tree.ts";
import { fileEntry } from "../unit/lib/sync/file_entries.ts";

const PATHS = fc.array(fc.constantFrom("a", "b", "é"), { minLength: 1, maxLength: 3 }).map((names) =>
  names.join("/")
);
const FILES = fc.dictionary(
  PATHS,
  fc.record({ content: fc.constantFrom("", "1", "2", "22"), seconds: fc.nat(3) }),
  {
    maxKeys: 12,
  },
);
const STRATEGIES = fc.subarray(["hash", "modtime", "leaf"] as const);

type Files = Readonly<Record<string, { readonly content: string; readonly seconds: number }>>;

/** Files of `own` that `other` has under no such path. */
function onlyIn(own: Files, other: Files): FileEntry[] {
  return Object.entries(own).filter(([path]) => !Object.hasOwn(other, path)).map((
    [path, { content, seconds }],
  ) => fileEntry(path, { size: content.length, modifiedAtMs: seconds * 1_000, md5: `md5 of ${content}` }));
}

Deno.test("planRenames() accounts for each file once and pairs what agrees", async () => {
  await fc.assert(fc.asyncProperty(FILES, FILES, STRATEGIES, async (sources, targets, by) => {
    const [added, gone] = [onlyIn(sources, targets), onlyIn(targets, sources)];
    const md5Of = () => Promise.reject(new Error("known"));
    const plan = await planRenames({ added, gone, by, md5Of, modifyWindowMs: 1_000, checkers: 2 });
    const byPath = (files: readonly FileEntry[]) => files.map(({ path }) => path).sort();
    assert.deepEqual(byPath([...plan.added, ...plan.renamings.map(({ to }) => to)]), byPath(added));
    assert.deepEqual(byPath([...plan.gone, ...plan.renamings.map(({ from }) => from)]), byPath(gone));
    for (const { from, to } of plan.renamings) {
      assert.equal(from.size, to.size);
      if (by.includes("hash")) assert.equal(from.md5, to.md5);
      if (by.includes("modtime")) assert.equal(from.modifiedAtMs, to.modifiedAtMs);
      if (by.includes("leaf")) assert.equal(from.path.split("/").at(-1), to.path.split("/").at(-1));
    }
    // As many pairs as there can be: nobody is left on both sides who would agree.
    for (const left of plan.added) {
      const partner = plan.gone.find((each) =>
        each.size === left.size && (!by.includes("hash") || each.md5 === left.md5) &&
        (!by.includes("modtime") || each.modifiedAtMs === left.modifiedAtMs) &&
        (!by.includes("leaf") || each.path.split("/").at(-1) === left.path.split("/").at(-1))
      );
      assert.equal(partner, undefined);
    }
  }));
});

Deno.test("planRenames() by hash loses no content: renamed, it is what the source has", async () => {
  await fc.assert(fc.asyncProperty(FILES, FILES, async (sources, targets) => {
    const md5Of = (_: unknown, file: FileEntry) => Promise.reject(new Error(`known: ${file.path}`));
    const plan = await planRenames({
      added: onlyIn(sources, targets),
      gone: onlyIn(targets, sources),
      by: ["hash"],
      md5Of,
      modifyWindowMs: 1_000,
      checkers: 2,
    });
    const after = new Map(Object.entries(targets).map(([path, { content }]) => [path, content]));
    for (const { from, to } of plan.renamings) {
      assert.ok(!after.has(to.path), `${to.path} is overwritten`);
      after.set(to.path, after.get(from.path) ?? assert.fail(`${from.path} is gone`));
      after.delete(from.path);
    }
    assert.deepEqual([...after.values()].sort(), Object.values(targets).map(({ content }) => content).sort());
    for (const { to } of plan.renamings) assert.equal(after.get(to.path), sources[to.path]?.content);
  }));
});
