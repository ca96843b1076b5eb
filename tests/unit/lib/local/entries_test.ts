import assert from "node:assert/strict";
import type { FileInfo, ListedItem } from "../../../../lib/edges.ts";
import { FileNotFoundError, LocalError } from "../../../../lib/errors.ts";
import { toEntries } from "../../../../lib/local/entries.ts";
import type { Entry } from "../../../../lib/tree/tree.ts";

const FILE: FileInfo = {
  kind: "file",
  size: 3,
  modifiedAtMs: 1.5,
  createdAtMs: undefined,
  mode: undefined,
  identity: undefined,
};
const GONE = new FileNotFoundError("gone");

function kindsOf(items: readonly ListedItem[]): string[] {
  return entriesOf(items).map(({ kind, path }) => `${kind} ${path}`);
}

function entriesOf(items: readonly ListedItem[]): Entry[] {
  return toEntries(items, {
    toPath: (name) => `dir/${name}`,
    toLocalPath: (name) => `/top/${name}`,
    links: "warn",
    partialSuffix: undefined,
    device: undefined,
  });
}

Deno.test("toEntries() leaves out a file that has gone meanwhile", () => {
  assert.deepEqual(kindsOf([{ name: "a", info: FILE }, { name: "b", info: GONE }]), ["file dir/a"]);
});

Deno.test("toEntries() never takes a damaged name for missing", () => {
  const items = [{ name: "a\ufffd", info: GONE }, { name: "b\ufffd", info: FILE }];
  assert.deepEqual(kindsOf(items), ["unreadable dir/a\ufffd", "file dir/b\ufffd"]);
});

Deno.test("toEntries() says so where the name is not known", () => {
  const denied = new LocalError("denied");
  const known = entriesOf([{ name: "a\ufffd", info: GONE }, { name: "b", info: denied }])
    .map((entry) => entry.kind === "unreadable" && entry.isNameUnknown === true);
  assert.deepEqual(known, [true, false]);
});

Deno.test("toEntries() trusts no damaged name that stands twice", () => {
  const items = [{ name: "a\ufffd", info: FILE }, { name: "a\ufffd", info: FILE }];
  assert.deepEqual(kindsOf(items), ["unreadable dir/a\ufffd", "unreadable dir/a\ufffd"]);
});

Deno.test("toEntries() keeps the error of what it may not look at", () => {
  assert.deepEqual(kindsOf([{ name: "a", info: new LocalError("denied") }]), ["unreadable dir/a"]);
});

Deno.test("toEntries() marks unfinished downloads, and only those", () => {
  const items = [".jottash-abcdefghij23.partial", ".jottash-.partial"].map((name) => ({ name, info: FILE }));
  assert.deepEqual(kindsOf(items), [
    "special dir/.jottash-abcdefghij23.partial",
    "file dir/.jottash-.partial",
  ]);
});
