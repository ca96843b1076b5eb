/**
 * Random rules, globs and regular expressions of all sorts, with what rclone 1.60.1 made of them: refused or not,
 * the regular expressions of `--dump filters`, and what `lsf -R` listed of a tree of odd names.
 */
import assert from "node:assert/strict";
import { createFilter, type Filter } from "../../../../lib/filter/filter.ts";
import type { FilterFlag } from "../../../../lib/filter/words.ts";
import recorded from "../../../fixtures/filter/recorded.json" with { type: "json" };

interface Recording {
  readonly words: readonly (readonly [FilterFlag, string])[];
  readonly ignoreCase: boolean;
  readonly isRefused?: boolean;
  /** Rules for files, then for directories. */
  readonly rules?: readonly string[];
  /** One bit for each entry of the tree, four to a hexadecimal digit, the first one highest. */
  readonly listed?: string;
}

const entries: readonly string[] = recorded.entries;
const recordings = recorded.records as unknown as readonly Recording[];

function listedBits(filter: Filter): string {
  const bits = entries.map((entry) => {
    const path = entry.replace(/\/$/, "");
    return filter.explain(path, path === entry ? "file" : "directory").isIncluded ? "1" : "0";
  }).join("");
  return bits.replace(/.{1,4}/g, (digit) => Number.parseInt(digit.padEnd(4, "0"), 2).toString(16));
}

Deno.test("random rules are refused, translated and applied as rclone does it", () => {
  let refused = 0;
  for (const { words, ignoreCase, isRefused, rules, listed } of recordings) {
    const title = JSON.stringify(words);
    const create = () =>
      createFilter(words.map(([flag, value]) => ({ flag, value })), {
        nowMs: 0,
        random: () => 0,
        ignoreCase,
      });
    if (isRefused) {
      refused += 1;
      assert.throws(create, { name: "UsageError", message: /^Cannot use "/ }, title);
      continue;
    }
    const filter = create();
    const sources = [...filter.fileRules, ...filter.directoryRules]
      .map(({ isInclude, source }) => `${isInclude ? "+" : "-"} ${source}`);
    assert.deepEqual(sources, rules, title);
    assert.equal(listedBits(filter), listed, title);
  }
  assert.deepEqual([recordings.length, refused], [513, 99]);
});
