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

const AS_IS = { caseInsensitive: false, foldsUnicode: false };
const FOLDS_CASE = { caseInsensitive: true, foldsUnicode: false };
const FOLDS_ALL = { caseInsensitive: true, foldsUnicode: true };

function shown(sources: Entry[], targets: Entry[], features: typeof AS_IS): string[] {
  const { pairs, clashes } = pairEntries(sources, targets, features);
  return [
    ...pairs.map(({ source, target }) => `${source.path}=${target?.path ?? ""}`),
    ...clashes.map(({ path }) => `!${path}`),
  ];
}

Deno.test("pairEntries() pairs by name, whatever the kind", () => {
  assert.deepEqual(shown([file("d/a"), folder("d/b")], [folder("d/a"), file("d/c")], AS_IS), [
    "d/a=d/a",
    "d/b=",
  ]);
});

Deno.test("pairEntries() folds case only where the target does", () => {
  const sources = [file("A"), file("a"), file("b")];
  assert.deepEqual(shown(sources, [file("B")], AS_IS), ["A=", "a=", "b="]);
  assert.deepEqual(shown(sources, [file("B")], FOLDS_CASE), ["b=B", "!A", "!a"]);
});

Deno.test("pairEntries() leaves out all names of a clash and tells each of the others", () => {
  const { clashes } = pairEntries([file("x/Ab"), folder("x/aB"), file("x/AB")], [], FOLDS_CASE);
  assert.equal(clashes.length, 3);
  assert.match(clashes[0]?.error.message ?? "", /"x\/Ab".*"aB" and "AB"/);
});

Deno.test("pairEntries() tells composed and decomposed accents apart only where the target does", () => {
  const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"];
  const sources = [file(composed), file(decomposed)];
  assert.deepEqual(shown(sources, [], FOLDS_CASE), [`${composed}=`, `${decomposed}=`]);
  assert.deepEqual(shown(sources, [], FOLDS_ALL), [`!${composed}`, `!${decomposed}`]);
  assert.deepEqual(shown([file("CAFE\u0301")], [file(composed)], FOLDS_ALL), [`CAFE\u0301=${composed}`]);
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
