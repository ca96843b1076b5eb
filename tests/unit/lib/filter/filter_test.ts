import assert from "node:assert/strict";
import { formatExplanation } from "../../../../lib/filter/explain.ts";
import { createFilter, type Filter, type FilterOptions } from "../../../../lib/filter/filter.ts";
import type { FilterFlag, FilterWord } from "../../../../lib/filter/words.ts";

const NOW_MS = Date.UTC(2026, 0, 1);
const OPTIONS: FilterOptions = { nowMs: NOW_MS, zone: "utc", random: () => 0.5 };

/** `["exclude", "*.jpg"]`, or `["exclude-from", "name", "content"]`. */
type Word = readonly [FilterFlag, string] | readonly [FilterFlag, string, string];

function filterOf(words: readonly Word[], options: Partial<FilterOptions> = {}): Filter {
  const typed: FilterWord[] = words.map(([flag, value, content]) =>
    content === undefined ? { flag, value } : { flag, value, content }
  );
  return createFilter(typed, { ...OPTIONS, ...options });
}

function includes(filter: Filter, path: string): boolean {
  return filter.includes({ path, size: 1, modifiedAtMs: NOW_MS });
}

function explain(words: readonly Word[], path: string, kind: "file" | "directory" = "file"): string {
  return formatExplanation(filterOf(words).explain(path, kind, { size: 10, modifiedAtMs: NOW_MS }));
}

Deno.test("a filter of no words is everything", () => {
  const filter = filterOf([]);
  assert.equal(filter.isEverything, true);
  assert.equal(includes(filter, "a/b"), true);
  assert.equal(filter.entersDirectory("a/b"), true);
  assert.equal(filter.listedFiles, undefined);
});

const NOT_EVERYTHING: readonly Word[] = [
  ["include", "*"],
  ["exclude", "a"],
  ["filter", "+ a"],
  ["files-from", "l", ""],
  ["exclude-if-present", ".skip"],
  ["min-size", "0"],
  ["max-size", "1G"],
  ["min-age", "1h"],
  ["max-age", "1h"],
  ["max-depth", "3"],
  ["hash-filter", "0/1"],
  ["metadata-exclude", "a=b"],
];
for (const word of NOT_EVERYTHING) {
  Deno.test(`a filter with --${word[0]} is not everything`, () => {
    assert.equal(filterOf([word]).isEverything, false);
  });
}

const EVERYTHING: readonly Word[] = [
  ["filter", "!"],
  ["exclude-from", "f", "# nothing\n; here\n\n"],
  ["min-size", "off"],
  ["max-age", "off"],
  ["max-depth", "-1"],
  ["max-depth", "0"],
];
for (const word of EVERYTHING) {
  Deno.test(`a filter with --${word.join(" ").trim().split("\n")[0]} leaves nothing out`, () => {
    assert.equal(filterOf([word]).isEverything, true);
  });
}

Deno.test("rules are asked in rclone's order of flags, not in that of the command line", () => {
  const filter = filterOf([
    ["filter-from", "r", "- 6\n"],
    ["filter", "- 5"],
    ["exclude-from", "e", "4\n"],
    ["exclude", "3"],
    ["include-from", "i", "2\n"],
    ["include", "1"],
  ]);
  assert.deepEqual(
    filter.fileRules.map(({ origin }) => origin.flag),
    ["include", "include-from", "exclude", "exclude-from", "filter", "filter-from", "include-from"],
  );
  assert.equal(filter.fileRules.at(-1)?.source, "^.*$");
  assert.equal(filter.fileRules.at(-1)?.isInclude, false);
});

Deno.test("an exclude cannot take back an include, and the user is told", () => {
  const filter = filterOf([["exclude", "a.jpg"], ["include", "*.jpg"]]);
  assert.equal(includes(filter, "a.jpg"), true);
  assert.match(filter.warnings.join(), /--filter keeps the order/);
  assert.deepEqual(filterOf([["exclude", "a.jpg"], ["filter", "+ *.jpg"]]).warnings, []);
});

Deno.test("! forgets the rules of all flags before it, but not that --include excludes the rest", () => {
  const filter = filterOf([["include", "a"], ["exclude", "b"], ["filter", "!"], ["filter", "+ c"]]);
  assert.deepEqual(["a", "b", "c"].map((path) => includes(filter, path)), [false, false, true]);
});

Deno.test("ignoreCase holds for rules of files and directories", () => {
  const filter = filterOf([["filter", "- /Dir/**"], ["filter", "- *.JPG"]], { ignoreCase: true });
  assert.deepEqual([includes(filter, "a.jpg"), filter.entersDirectory("dIR")], [false, false]);
});

Deno.test("entersDirectory() skips what a rule leaves out and what lies too deep", () => {
  const filter = filterOf([["filter", "- /cache/"], ["max-depth", "2"]]);
  assert.equal(filter.entersDirectory(""), true);
  assert.equal(filter.entersDirectory("a"), true);
  assert.equal(filter.entersDirectory("a/b"), false);
  assert.equal(filter.includesDirectory("a/b"), true);
  assert.equal(filter.entersDirectory("cache"), false);
  assert.equal(filter.includesDirectory("cache"), false);
});

Deno.test("the root is entered whatever the rules say", () => {
  for (const rule of ["- *", "- **", "- /**"]) {
    assert.equal(filterOf([["filter", rule]]).entersDirectory(""), true, rule);
  }
});

Deno.test("--exclude-if-present gives its names, and a directory with one is marked", () => {
  const filter = filterOf([["exclude-if-present", ".skip"], ["exclude-if-present", "CACHEDIR.TAG"]]);
  assert.deepEqual(filter.markerNames, [".skip", "CACHEDIR.TAG"]);
  assert.equal(filter.isMarked(["a", "CACHEDIR.TAG"]), true);
  assert.equal(filter.isMarked(["a", ".SKIP"]), false);
  assert.equal(filterOf([]).isMarked([".skip"]), false);
});

Deno.test("--files-from takes trimmed lines without comments, -raw and 0 take all as it is", () => {
  const content = "# c\n  a/b \n/c/\n";
  assert.deepEqual(filterOf([["files-from", "l", content]]).listedFiles, ["a/b", "c"]);
  assert.deepEqual(filterOf([["files-from-raw", "l", content]]).listedFiles, ["# c", "  a/b ", "c"]);
  assert.deepEqual(filterOf([["files-from-raw", "l", "a\r\nb\r"]]).listedFiles, ["a", "b"]);
  assert.deepEqual(filterOf([["files-from0", "l", "a\nb\0c\r\0"]]).listedFiles, ["a\nb", "c\r"]);
});

Deno.test("several lists of files count together; an empty one includes nothing", () => {
  const filter = filterOf([["files-from", "l", "a\n"], ["files-from-raw", "m", "b/c\n"]]);
  assert.deepEqual(["a", "b/c", "b"].map((path) => includes(filter, path)), [true, true, false]);
  assert.deepEqual([filter.entersDirectory("b"), filter.entersDirectory("a")], [true, false]);
  assert.equal(includes(filterOf([["files-from", "l", ""]]), "a"), false);
});

Deno.test("--files-from finds the directories above odd paths", () => {
  const filter = filterOf([["files-from", "l", "a//b/./c\nd/../e/f\n"]]);
  const paths = ["a", "a/b", "e", "d", "d/e"];
  assert.deepEqual(paths.map((path) => filter.includesDirectory(path)), [true, true, true, false, false]);
});

Deno.test("--files-from cannot go with other filters, but with --max-depth", () => {
  for (const word of NOT_EVERYTHING.filter(([flag]) => flag !== "files-from" && flag !== "max-depth")) {
    assert.throws(() => filterOf([["files-from", "l", "a"], word]), {
      name: "UsageError",
      message: "Cannot use --files-from: it names all files itself, so other filters cannot go with it",
    }, word[0]);
  }
  assert.equal(filterOf([["files-from", "l", "a"], ["max-depth", "1"]]).maxDepth, 1);
});

Deno.test("of a flag that counts once the last one counts", () => {
  const filter = filterOf([["max-size", "1B"], ["max-size", "9B"]]);
  assert.equal(filter.includes({ path: "a", size: 5, modifiedAtMs: 0 }), true);
});

Deno.test("ages count from now; a file of unknown time is within no bounds", () => {
  const filter = filterOf([["min-age", "1h"], ["max-age", "1d"]]);
  const at = (ageHours: number) =>
    filter.includes({ path: "a", size: 1, modifiedAtMs: NOW_MS - ageHours * 3_600_000 });
  assert.deepEqual([0.5, 1, 24, 24.5].map(at), [false, true, true, false]);
  assert.equal(filter.includes({ path: "a", size: 1, modifiedAtMs: undefined }), false);
  assert.equal(filterOf([]).includes({ path: "a", size: 1, modifiedAtMs: undefined }), true);
});

const REFUSED: readonly (readonly [readonly Word[], string])[] = [
  [[["exclude", "a[b"]], 'Cannot use "a[b" for --exclude: a "[" is never closed with "]"'],
  [[["include", "a{b"]], 'Cannot use "a{b" for --include: a "{" is never closed with "}"'],
  [[["exclude", "a]"]], 'Cannot use "a]" for --exclude: a "]" has no "["'],
  [[["exclude", "a}"]], 'Cannot use "a}" for --exclude: a "}" has no "{"'],
  [[["exclude", "{{a"]], 'Cannot use "{{a" for --exclude: a "{{" is never closed with "}}"'],
  [[["exclude", "a***"]], 'Cannot use "a***" for --exclude: "***" has too many stars'],
  [[["filter", "*.jpg"]], 'Cannot use "*.jpg" for --filter: a rule is "+ PATTERN", "- PATTERN" or "!"'],
  [
    [["filter-from", "r.txt", "# c\n\n- {{(?!a)}}\n"]],
    'Cannot use "- {{(?!a)}}" in --filter-from "r.txt", line 3: ' +
    '"(?!" is no group that rclone knows (it has no lookaround)',
  ],
  [
    [["exclude-from", "-", "["]],
    'Cannot use "[" in --exclude-from standard input, line 1: a "[" is never closed with "]"',
  ],
  [[["max-depth", "two"]], 'Cannot use "two" for --max-depth: it is not a whole number'],
  [
    [["min-age", "2d"], ["max-age", "1d"]],
    'Cannot use --min-age "2d" with --max-age "1d": no file has both ages',
  ],
  [
    [["hash-filter", "1/0"]],
    'Cannot use "1/0" for --hash-filter: it has to be K/N or @/N with whole numbers, N greater than 0',
  ],
];
for (const [words, message] of REFUSED) {
  Deno.test(`createFilter() refuses --${words.map((word) => word.join(" ")).join(" --").split("\n")[0]}`, () => {
    assert.throws(() => filterOf(words), { name: "UsageError", message });
  });
}

Deno.test("createFilter() names the flag of a size or age that cannot be read", () => {
  for (const flag of ["min-size", "max-size", "min-age", "max-age"] as const) {
    assert.throws(() => filterOf([[flag, "abc"]]), {
      name: "UsageError",
      message: new RegExp(`^Cannot read the .+ "abc": .+ \\(from --${flag}\\)$`),
    });
  }
});

Deno.test("--hash-filter @/N takes the random part, the same for all files", () => {
  const paths = Array.from({ length: 100 }, (_, index) => `file ${index}`);
  const random = filterOf([["hash-filter", "@/4"]], { random: () => 0.75 });
  const third = filterOf([["hash-filter", "3/4"]]);
  assert.deepEqual(paths.map((path) => includes(random, path)), paths.map((path) => includes(third, path)));
});

Deno.test("the parts of --hash-filter hold each file once", () => {
  const parts = [0, 1, 2].map((part) => filterOf([["hash-filter", `${part}/3`]]));
  for (const path of ["a", "É/b", "E\u0301/B", "ΟΔΟΣ", "İ"]) {
    assert.equal(parts.filter((filter) => includes(filter, path)).length, 1, path);
  }
});

Deno.test("--hash-filter folds case as rclone does, character by character", () => {
  const parts = Array.from({ length: 50 }, (_, part) => filterOf([["hash-filter", `${part}/50`]]));
  const partOf = (path: string) => parts.findIndex((filter) => includes(filter, path));
  assert.equal(partOf("É/b"), partOf("e\u0301/B"));
  assert.equal(partOf("ΟΔΟΣ"), partOf("οδοσ"));
  assert.equal(partOf("İ"), partOf("i"));
  assert.notEqual(partOf("a"), partOf("b"));
});

Deno.test("metadata rules see files without metadata, and all metadata before the next rule", () => {
  const file = { path: "a", size: 1, modifiedAtMs: 0 };
  const filter = filterOf([["metadata-include", "tier=hot"]]);
  assert.equal(filter.includes({ ...file, metadata: { a: "b", tier: "hot" } }), true);
  assert.equal(filter.includes({ ...file, metadata: { tier: "cold" } }), false);
  assert.equal(filter.includes({ ...file, metadata: { tier: "HOT" } }), false);
  assert.equal(filter.includes(file), false);
});

const RULES: Word = ["filter-from", "r.txt", "# c\n- *.jpg\n+ *.png\n"];
const EXPLANATIONS: readonly (readonly [readonly Word[], string, "file" | "directory", string])[] = [
  [[RULES], "a/b.jpg", "file", '"a/b.jpg" is excluded by "- *.jpg" (--filter-from "r.txt", line 2)'],
  [[RULES], "b.png", "file", '"b.png" is included by "+ *.png" (--filter-from "r.txt", line 3)'],
  [[RULES], "b.txt", "file", '"b.txt" is included: no rule says otherwise'],
  [[], "", "directory", "The root is included: no rule says otherwise"],
  [[["include", "*.jpg"]], "a.jpg", "file", '"a.jpg" is included by "*.jpg" (--include)'],
  [
    [["include", "*.jpg"]],
    "a.txt",
    "file",
    '"a.txt" is excluded: no rule includes it, and --include leaves out everything else',
  ],
  [[["include", "/a/b/*.jpg"]], "a", "directory", '"a/" is included by "/a/b/*.jpg" (--include)'],
  [[["exclude", "a/"]], "a", "directory", '"a/" is excluded by "a/" (--exclude)'],
  [
    [["exclude", "a/"]],
    "x/a/b/c",
    "file",
    '"x/a/b/c" is excluded with the directory "x/a/" by "a/" (--exclude)',
  ],
  [
    [["files-from", "-", "x\na/b"]],
    "a/b",
    "file",
    '"a/b" is included by --files-from standard input, line 2',
  ],
  [[["files-from", "l", "x\nx"]], "x", "file", '"x" is included by --files-from "l", line 1'],
  [[["files-from", "l", "a/b"]], "a", "directory", '"a/" is included: it leads to a file that is listed'],
  [[["files-from", "l", "a/b"]], "a/c", "file", '"a/c" is excluded: the list of files does not have it'],
  [
    [["files-from", "l", "a/b"]],
    "d/c",
    "file",
    '"d/c" is excluded with the directory "d/": the list of files does not have it',
  ],
  [[["min-size", "1k"]], "a", "file", '"a" is excluded: its size is out of bounds (--min-size, --max-size)'],
  [[["min-age", "1h"]], "a", "file", '"a" is excluded: its age is out of bounds (--min-age, --max-age)'],
  [[["max-depth", "1"]], "a/b", "file", '"a/b" is excluded: it lies deeper than --max-depth'],
  [[["max-depth", "1"]], "a", "directory", '"a/" is included: no rule says otherwise'],
  [
    [["hash-filter", "1/4"]],
    "file1.jpg",
    "file",
    '"file1.jpg" is excluded: it belongs to another part of --hash-filter',
  ],
];
for (const [words, path, kind, text] of EXPLANATIONS) {
  Deno.test(`explain: ${text}`, () => assert.equal(explain(words, path, kind), text));
}

Deno.test("Filter.explain() leaves out bounds for what is not known", () => {
  const filter = filterOf([["min-size", "1G"], ["max-age", "1s"], ["metadata-include", "a=b"]]);
  assert.equal(filter.explain("a", "file").isIncluded, true);
  assert.equal(filter.explain("a", "file", { size: 1 }).reason.kind, "size");
  assert.equal(filter.explain("a", "file", { modifiedAtMs: 0 }).reason.kind, "age");
  assert.equal(filter.explain("a", "file", { metadata: {} }).reason.kind, "rule");
});
