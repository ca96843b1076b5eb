/** A filter for some entries alone: what it lets through had been let through before. */
import { deepEqual, equal } from "node:assert/strict";
import { createFilter, type Filter } from "../../../../lib/filter/filter.ts";
import { Narrowing } from "../../../../lib/filter/narrowing.ts";
import type { FilterWord } from "../../../../lib/filter/words.ts";

const narrowed = (words: readonly FilterWord[], paths: readonly string[]): Filter =>
  createFilter(words, { nowMs: 0, random: () => 0 }).narrowedTo(paths);
const includes = (filter: Filter, path: string) => filter.includes({ path, size: 1, modifiedAtMs: 0 });

Deno.test("Narrowing: entries by their exact paths, directories with all that is in them", () => {
  const narrowing = new Narrowing(["a/b", "c"]);
  const has = (path: string) => [narrowing.has(path), narrowing.leadsInto(path)];
  deepEqual(["", "a", "a/b", "a/b/x", "a/bb", "c", "c/d/e", "d"].map(has), [
    [false, true],
    [false, true],
    [true, true],
    [true, true],
    [false, false],
    [true, true],
    [true, true],
    [false, false],
  ]);
  equal(new Narrowing([""]).has("any/thing"), true);
  equal(new Narrowing([]).has("any"), false);
});

Deno.test("narrowedTo(): rules have their say in a directory too", () => {
  const filter = narrowed([{ flag: "exclude", value: "*.log" }], ["d", "a.log", "b.txt"]);
  deepEqual(["d/x.txt", "d/x.log", "a.log", "b.txt", "c.txt"].map((path) => includes(filter, path)), [
    true,
    false,
    false,
    true,
    false,
  ]);
  deepEqual(["", "d", "d/e", "other"].map((path) => filter.entersDirectory(path)), [true, true, true, false]);
});

Deno.test("narrowedTo(): it is not everything any more, so that nothing moves as a whole", () => {
  equal(createFilter([], { nowMs: 0, random: () => 0 }).isEverything, true);
  equal(narrowed([], ["a"]).isEverything, false);
});

Deno.test("narrowedTo(): of a list of files those are left that are named", () => {
  const list = { flag: "files-from-raw", value: "list", content: "d/a\nd/b\ne/c\n" } as const;
  const filter = narrowed([list], ["d/a", "x"]);
  deepEqual([filter.listedFiles, filter.listedDirectories], [["d/a"], ["d"]]);
  deepEqual(["d/a", "d/b", "x"].map((path) => includes(filter, path)), [true, false, false]);
});
