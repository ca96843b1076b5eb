/** Every acceptance vector of rclone's filters (tests/fixtures/filter); the counts keep one from falling out. */
import assert from "node:assert/strict";
import { directoryGlobs } from "../../../../lib/filter/directory_globs.ts";
import { pathGlobSource, textGlobSource } from "../../../../lib/filter/glob.ts";
import { parseHashPartition } from "../../../../lib/filter/hash_partition.ts";
import { createFilter, type Filter } from "../../../../lib/filter/filter.ts";
import { type LineMode, readLines } from "../../../../lib/filter/lines.ts";
import type { Rule } from "../../../../lib/filter/rule.ts";
import type { FilterFlag, FilterWord } from "../../../../lib/filter/words.ts";
import { Re2Matcher } from "../../../../lib/filter/re2/matcher.ts";
import data from "../../../fixtures/filter/vectors.json" with { type: "json" };

/** Fields of all kinds; which ones a kind has is described in the README of the vectors. */
interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly rules: readonly string[];
  readonly ignoreCase?: boolean;
  readonly path: string;
  readonly isDir: boolean;
  readonly included: boolean;
  readonly listed?: boolean;
  readonly glob: string;
  readonly pathMode: boolean;
  readonly anchors: boolean;
  readonly regexp?: string;
  readonly error?: string;
  readonly out: readonly string[];
  readonly dump: readonly string[];
  readonly content: string;
  readonly mode: string;
  readonly lines: readonly string[];
  readonly files: readonly string[];
  readonly opts: Readonly<Record<string, number>>;
  readonly size: number;
  readonly modTime: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly hashFilter: string;
  readonly in: string;
  readonly k?: string;
  readonly n?: string;
}

const vectors = data as unknown as readonly Vector[];
const OPTIONS = { nowMs: Date.UTC(2026, 0, 1), zone: "utc", random: () => 0.5 } as const;

function vectorsOf(kind: string, count: number): readonly Vector[] {
  const found = vectors.filter((vector) => vector.kind === kind);
  assert.equal(found.length, count);
  return found;
}

/** All vectors that fail, so that one run shows them all. */
function check(kind: string, count: number, run: (vector: Vector) => void): void {
  const failures = vectorsOf(kind, count).flatMap((vector) => {
    try {
      run(vector);
      return [];
    } catch (error) {
      return [`${vector.id}: ${error}`];
    }
  });
  assert.deepEqual(failures, []);
}

function filterOf(flag: FilterFlag, values: readonly string[], ignoreCase = false): Filter {
  const words: FilterWord[] = values.map((value) => ({ flag, value }));
  return createFilter(words, { ...OPTIONS, ignoreCase });
}

function file(path: string): { path: string; size: number; modifiedAtMs: number } {
  return { path, size: 1, modifiedAtMs: 0 };
}

function sourcesOf(rules: readonly Rule[]): readonly string[] {
  return rules.map(({ isInclude, source }) => `${isInclude ? "+" : "-"} ${source}`);
}

Deno.test("a filter decides as rclone about files and directories", () => {
  check("match", 1188, ({ rules, ignoreCase, path, isDir, included }) => {
    const filter = filterOf("filter", rules, ignoreCase);
    assert.equal(isDir ? filter.includesDirectory(path) : filter.includes(file(path)), included);
  });
});

Deno.test("Filter.explain() includes what rclone lists, directories above looked at", () => {
  let withListed = 0;
  check("match", 1188, ({ rules, ignoreCase, path, isDir, listed }) => {
    if (listed === undefined) return;
    withListed += 1;
    const filter = filterOf("filter", rules, ignoreCase);
    assert.equal(filter.explain(path, isDir ? "directory" : "file").isIncluded, listed);
  });
  assert.equal(withListed, 1145);
});

Deno.test("a rule that rclone refuses is refused, with the rule and its flag", () => {
  check("ruleError", 13, ({ rules }) => {
    assert.throws(() => filterOf("filter", rules), {
      name: "UsageError",
      message: /^Cannot use ".+" for --filter: ./,
    });
    const content = rules.join("\n");
    // White space around a line of a file does not count, so "+\tfoo" is the one that stays wrong by itself.
    assert.throws(() => createFilter([{ flag: "filter-from", value: "f", content }], OPTIONS), {
      message: /^Cannot use ".+" in --filter-from "f", line \d: ./,
    });
  });
});

Deno.test("rules have the regular expressions that rclone dumps", () => {
  check("dump", 10, ({ rules, dump }) => {
    const filter = filterOf("filter", rules);
    assert.deepEqual([
      "--- File filter rules ---",
      ...sourcesOf(filter.fileRules),
      "--- Directory filter rules ---",
      ...sourcesOf(filter.directoryRules),
    ], dump);
  });
});

Deno.test("a glob becomes the regular expression of rclone", () => {
  check("globRegexp", 48, ({ glob, pathMode, anchors, ignoreCase = false, regexp, error }) => {
    const translate = () => {
      const source = pathMode
        ? pathGlobSource(glob, { ignoreCase })
        : textGlobSource(glob, { ignoreCase, isWhole: anchors });
      new Re2Matcher(source);
      return source;
    };
    assert.ok(anchors || !pathMode, "a path has anchors");
    if (error === undefined) assert.equal(translate(), regexp);
    else assert.throws(translate, /^(Glob|Re2)SyntaxError/);
  });
});

Deno.test("directoryGlobs() gives the directories of rclone", () => {
  check("dirGlobs", 9, ({ glob, out }) => assert.deepEqual(directoryGlobs(glob), out));
});

Deno.test("readLines() reads files as rclone", () => {
  check("lines", 2, ({ content, mode, lines }) => {
    const lineMode = (mode === "filter" ? "rules" : mode) as LineMode;
    assert.deepEqual(readLines(content, lineMode).map(({ text }) => text), lines);
  });
});

Deno.test("a list of files includes what rclone includes", () => {
  check("filesFrom", 4, ({ files, path, isDir, included }) => {
    const filter = createFilter([{ flag: "files-from", value: "l", content: files.join("\n") }], OPTIONS);
    assert.equal(isDir ? filter.includesDirectory(path) : filter.includes(file(path)), included);
  });
});

Deno.test("sizes and times are bounded as in rclone, bounds included", () => {
  const flags = {
    minSize: "min-size",
    maxSize: "max-size",
    modTimeFrom: "max-age",
    modTimeTo: "min-age",
  } as const;
  check("sizeAge", 6, ({ opts, path, size, modTime, included }) => {
    const words = Object.entries(opts).map(([name, value]) => ({
      flag: flags[name as keyof typeof flags],
      value: name.endsWith("Size") ? `${value}B` : `${OPTIONS.nowMs / 1000 - value}s`,
    }));
    assert.ok(words.length > 0);
    const filter = createFilter(words, OPTIONS);
    assert.equal(filter.includes({ path, size, modifiedAtMs: modTime * 1000 }), included);
  });
});

Deno.test("metadata rules decide as in rclone", () => {
  check("metadata", 3, ({ rules, metadata, included }) => {
    const filter = filterOf("metadata-filter", rules);
    assert.equal(filter.includes({ ...file("a"), metadata }), included);
  });
});

Deno.test("--hash-filter makes the parts of rclone", () => {
  check("hashFilter", 22, ({ hashFilter, path, included }) => {
    assert.equal(filterOf("hash-filter", [hashFilter]).includes(file(path)), included);
  });
  check("hashFilterParse", 3, ({ in: text, k, n, error }) => {
    const parse = () => parseHashPartition(text, () => 0.999);
    if (error !== undefined) assert.throws(parse, { name: "UsageError" });
    else assert.deepEqual(parse(), { part: BigInt(k ?? ""), parts: BigInt(n ?? "") });
  });
});

Deno.test("no kind of vector is left out", () => {
  assert.deepEqual([...new Set(vectors.map(({ kind }) => kind))].sort(), [
    "dirGlobs",
    "dump",
    "filesFrom",
    "globRegexp",
    "hashFilter",
    "hashFilterParse",
    "lines",
    "listing", // listing_test.ts
    "match",
    "metadata",
    "ruleError",
    "sizeAge",
  ]);
});
