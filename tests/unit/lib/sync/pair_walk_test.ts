import assert from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
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

Deno.test("pairEntries() joins what differs only by accents, of one kind, unless the name itself is there", () => {
  const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"];
  assert.deepEqual(shown([file(decomposed)], [file(composed)], FOLDS_CASE), [`${decomposed}=${composed}`]);
  const both = [file(decomposed), file(composed)];
  assert.deepEqual(shown([file(decomposed)], both, FOLDS_CASE), [`${decomposed}=${decomposed}`]);
  const directory: Entry = { kind: "directory", path: composed, modifiedAtMs: undefined };
  assert.deepEqual(shown([file(decomposed)], [directory], FOLDS_CASE), [`${decomposed}=`]);
});

Deno.test("pairEntries() tells what only the target has, and never takes what cannot be read or clashes for missing", () => {
  const special: Entry = { kind: "special", path: "link", reason: "it is a symbolic link" };
  const unreadable: Entry = { kind: "unreadable", path: "secret", error: new LocalError("no") };
  const sources = [file("a"), file("x"), file("X"), file("E\u0301"), file("e\u0301"), special, unreadable];
  const targets = ["A", "x", "\u00e9", "link", "Secret", "other"].map((path) => file(path));
  const { alone } = pairEntries(sources, targets, FOLDS_CASE);
  assert.deepEqual(alone.map(({ path }) => path), ["other", "link"]);
});
