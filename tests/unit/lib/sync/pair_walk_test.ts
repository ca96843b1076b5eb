import assert from "node:assert/strict";
import { isSameFile } from "../../../../lib/sync/compare.ts";
import { pairEntries } from "../../../../lib/sync/pair_walk.ts";
import type { Entry, FileEntry } from "../../../../lib/tree/tree.ts";

const file = (path: string, size = 1, modifiedAtMs: number | undefined = 0): FileEntry => ({
  kind: "file",
  path,
  size,
  modifiedAtMs,
});
const folder = (path: string): Entry => ({ kind: "directory", path, modifiedAtMs: undefined });

function shown(sources: Entry[], targets: Entry[], foldsCase: boolean): string[] {
  const { pairs, clashes } = pairEntries(sources, targets, foldsCase);
  return [
    ...pairs.map(({ source, target }) => `${source.path}=${target?.path ?? ""}`),
    ...clashes.map(({ path }) => `!${path}`),
  ];
}

Deno.test("pairEntries() pairs by name, whatever the kind", () => {
  assert.deepEqual(shown([file("d/a"), folder("d/b")], [folder("d/a"), file("d/c")], false), [
    "d/a=d/a",
    "d/b=",
  ]);
});

Deno.test("pairEntries() folds case only where the target does", () => {
  const sources = [file("A"), file("a"), file("b")];
  assert.deepEqual(shown(sources, [file("B")], false), ["A=", "a=", "b="]);
  assert.deepEqual(shown(sources, [file("B")], true), ["b=B", "!A", "!a"]);
});

Deno.test("pairEntries() leaves out all names of a clash and tells each of the others", () => {
  const { clashes } = pairEntries([file("x/Ab"), folder("x/aB"), file("x/AB")], [], true);
  assert.equal(clashes.length, 3);
  assert.match(clashes[0]?.error.message ?? "", /"x\/Ab".*"aB" and "AB"/);
});

Deno.test("pairEntries() tells composed and decomposed accents apart, as the service does", () => {
  assert.deepEqual(shown([file("caf\u00e9"), file("cafe\u0301")], [], true), ["caf\u00e9=", "cafe\u0301="]);
});

Deno.test("isSameFile() compares size and whole seconds, and takes an unknown time for none", () => {
  const cases: readonly (readonly [FileEntry, FileEntry, boolean])[] = [
    [file("a", 5, 1000), file("a", 5, 1999), true],
    [file("a", 5, 1000), file("a", 5, 2000), false],
    [file("a", 5, -1), file("a", 5, -1000), true],
    [file("a", 5, -1), file("a", 5, 0), false],
    [file("a", 5, 1000), file("a", 6, 1000), false],
    [{ ...file("a"), modifiedAtMs: undefined }, { ...file("a"), modifiedAtMs: undefined }, false],
  ];
  for (const [source, target, expected] of cases) assert.equal(isSameFile(source, target), expected);
});
