/** Laws of filters: what a walk needs to rely on, and that no rule takes long, whatever it looks like. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createFilter, type Filter } from "../../lib/filter/filter.ts";
import { pathGlobSource } from "../../lib/filter/glob.ts";
import { Re2Matcher } from "../../lib/filter/re2/matcher.ts";
import type { FilterFlag } from "../../lib/filter/words.ts";

const RUNS = { numRuns: 2000 };
const MAX_MS = 50;

const name = fc.string({ unit: fc.constantFrom("a", "b", "A", "é", ".", "😀"), minLength: 1, maxLength: 4 });
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const glob = fc.array(fc.constantFrom("a", "b", "é", "*", "?", "/", "[ab]", "[^a]", "{a,b}", "."), {
  minLength: 1,
  maxLength: 8,
}).map((pieces) => pieces.join("").replace(/\*{3,}/g, "**"));
const rule = fc.tuple(
  fc.constantFrom("+ ", "- "),
  fc.constantFrom("", "/"),
  glob,
  fc.constantFrom("", "/", "/**"),
)
  .map((pieces) => pieces.join("").replace(/\*{3,}/g, "**"));
const rules = fc.array(rule, { maxLength: 5 });

function filterOf(flag: FilterFlag, values: readonly string[], ignoreCase = false): Filter {
  const options = { nowMs: 0, random: () => 0, ignoreCase };
  return createFilter(values.map((value) => ({ flag, value })), options);
}

function includes(filter: Filter, file: string): boolean {
  return filter.includes({ path: file, size: 1, modifiedAtMs: 0 });
}

function parentsOf(file: string): readonly string[] {
  const names = file.split("/");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
}

/** A second opinion on a rooted glob of stars, question marks and letters, by the definition alone. */
function fits(globRest: string, text: string): boolean {
  let open = new Set([0]);
  const units = [...text];
  const pieces = globRest.match(/\*\*|[^]/gu) ?? [];
  for (const piece of pieces) {
    const next = new Set<number>();
    for (const start of open) {
      if (!piece.startsWith("*")) {
        const unit = units[start];
        if (unit !== undefined && (piece === "?" ? unit !== "/" : unit === piece)) next.add(start + 1);
        continue;
      }
      next.add(start);
      for (let end = start; end < units.length && (piece === "**" || units[end] !== "/"); end++) {
        next.add(end + 1);
      }
    }
    open = next;
  }
  return open.has(units.length);
}

Deno.test("a rooted glob matches what its definition says", () => {
  const simple = fc.array(fc.constantFrom("a", "b", "é", "*", "**", "?", "/", "."), { maxLength: 8 })
    .map((pieces) => pieces.join("").replace(/\*{3,}/g, "**").replace(/^\/+/, ""));
  fc.assert(
    fc.property(simple, path, (body, file) => {
      assert.equal(
        new Re2Matcher(pathGlobSource(`/${body}`, { ignoreCase: false })).test(file),
        fits(body, file),
      );
    }),
    RUNS,
  );
});

Deno.test("a glob without a slash at its front matches when it does so for the whole or behind some slash", () => {
  fc.assert(
    fc.property(glob.filter((text) => !text.startsWith("/")), path, (text, file) => {
      const matches = (source: string, tail: string) =>
        new Re2Matcher(pathGlobSource(source, { ignoreCase: false })).test(tail);
      const tails = file.split("/").map((_, index, names) => names.slice(index).join("/"));
      assert.equal(matches(text, file), tails.some((tail) => matches(`/${text}`, tail)));
    }),
    RUNS,
  );
});

Deno.test("the first rule that matches decides", () => {
  fc.assert(
    fc.property(rules.filter((list) => list.every((text) => !text.endsWith("/"))), path, (list, file) => {
      const first = list.find((text) => !includes(filterOf("filter", [`- ${text.slice(2)}`]), file));
      assert.equal(includes(filterOf("filter", list), file), first === undefined || first.startsWith("+"));
    }),
    RUNS,
  );
});

Deno.test("a walk finds each file that a rooted --include includes", () => {
  // A set such as [^a] takes a slash as well, and then rclone does not find all directories either.
  const rooted = glob.filter((text) => !text.includes("[^") && !text.endsWith("/")).map((text) => `/${text}`);
  fc.assert(
    fc.property(fc.array(rooted, { minLength: 1, maxLength: 3 }), path, (globs, file) => {
      const filter = filterOf("include", globs);
      if (!includes(filter, file)) return;
      assert.deepEqual(parentsOf(file).filter((directory) => !filter.entersDirectory(directory)), []);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("explain() agrees with what a walk does, and names the rule that it met first", () => {
  fc.assert(
    fc.property(rules, path, (list, file) => {
      const filter = filterOf("filter", list);
      const blocked = parentsOf(file).find((directory) => !filter.entersDirectory(directory));
      const { isIncluded, excludedDirectory, reason } = filter.explain(file, "file");
      assert.equal(isIncluded, blocked === undefined && includes(filter, file));
      assert.equal(excludedDirectory, blocked);
      if (reason.kind !== "rule") return assert.equal(reason.kind, "no-rule");
      assert.ok(list.includes(reason.rule.text ?? ""));
      assert.ok(reason.rule.matches(blocked === undefined ? file : `${blocked}/`));
    }),
    RUNS,
  );
});

Deno.test("a filter that is everything includes everything", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(rule, fc.constant("!")), { maxLength: 3 }), path, (list, file) => {
      const filter = filterOf("filter", list);
      assert.equal(filter.isEverything, list.length === 0 || list.at(-1) === "!");
      if (filter.isEverything) assert.ok(filter.explain(file, "file").isIncluded);
    }),
    RUNS,
  );
});

Deno.test("ignoreCase: names that differ by case alone have one verdict", () => {
  fc.assert(
    fc.property(rules, path, (list, file) => {
      const filter = filterOf("filter", list.map((text) => text.replaceAll("a", "A")), true);
      const other = filterOf("filter", list, true);
      const verdicts = [file, file.toUpperCase(), file.toLowerCase()].map((each) => includes(filter, each));
      assert.equal(new Set([...verdicts, includes(other, file)]).size, 1);
    }),
    RUNS,
  );
});

Deno.test("an escaped path is a rule for this path alone", () => {
  const odd = fc.array(
    fc.string({ unit: fc.constantFrom(..."ab*?[]{},\\.+()|^$-! #;é😀"), minLength: 1, maxLength: 5 }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ).map((names) => names.join("/"));
  const escape = (text: string) => text.replace(/[*?[\]{}\\.+()|^$,!#;-]/g, "\\$&");
  fc.assert(
    fc.property(odd, odd, (file, other) => {
      const filter = filterOf("filter", [`+ /${escape(file)}`, "- *"]);
      assert.equal(includes(filter, file), true);
      assert.equal(includes(filter, other), file === other);
    }),
    RUNS,
  );
});

/**
 * Regular expressions that mean the same to RE2 and to JavaScript with its u flag. The texts are short, since
 * JavaScript's own needs twice the time for each character more, and of the Basic Multilingual Plane, since V8
 * sees a \B between the halves of others.
 */
const { expression } = fc.letrec<{ expression: string; atom: string }>((tie) => ({
  expression: fc.array(
    fc.tuple(tie("atom"), fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,2}", "*?"))
      .map((pair) => pair.join("")),
    { minLength: 1, maxLength: 3 },
  ).map((pieces) => pieces.join("")),
  atom: fc.oneof(
    { depthSize: "xsmall", maxDepth: 3 },
    fc.constantFrom(
      "a",
      "b",
      "é",
      "[ab]",
      "[^a]",
      "[a-c\\d]",
      ".",
      "\\w",
      "\\W",
      "\\d",
      "\\p{Lu}",
      "\\P{Lu}",
    ),
    tie("expression").map((inner) => `(?:${inner})`),
    fc.tuple(tie("expression"), tie("expression")).map((pair) => `(${pair.join("|")})`),
  ),
}));
const anchored = fc.tuple(fc.constantFrom("", "^"), expression, fc.constantFrom("", "$", "\\b", "\\B"));
const shortText = fc.string({ unit: fc.constantFrom("a", "b", "A", "é", "1", "-"), maxLength: 7 });

Deno.test("a regular expression matches what JavaScript's own matches", () => {
  fc.assert(
    fc.property(anchored, fc.array(shortText, { minLength: 1, maxLength: 5 }), (pieces, texts) => {
      const source = pieces.join("");
      const matcher = new Re2Matcher(source);
      const own = new RegExp(source, "u");
      assert.deepEqual(texts.map((text) => matcher.test(text)), texts.map((text) => own.test(text)));
    }),
    RUNS,
  );
});

Deno.test("no glob takes long: many stars, long names", () => {
  const stars = fc.array(fc.constantFrom("*a", "*", "**b", "?", "a", "*[ab]", "{a,b}*", "*é"), {
    maxLength: 60,
  })
    .map((pieces) => pieces.join("").replace(/\*{3,}/g, "**"));
  const long = fc.string({
    unit: fc.constantFrom("a", "a", "a", "b", "é"),
    minLength: 2000,
    maxLength: 4000,
  });
  let slowestMs = 0;
  fc.assert(
    fc.property(stars, long, (text, file) => {
      const matcher = new Re2Matcher(pathGlobSource(text, { ignoreCase: false }));
      // The better of two: a pause of the machine is not the matcher's.
      const times = [file, `${file}!`].map((each) => {
        const start = performance.now();
        matcher.test(each);
        return performance.now() - start;
      });
      slowestMs = Math.max(slowestMs, Math.min(...times));
    }),
    { numRuns: 300 },
  );
  assert.ok(slowestMs < MAX_MS, `${slowestMs} ms`);
});

Deno.test("no regular expression takes long either", () => {
  let bits = 1;
  const text = Array.from({ length: 2000 }, () => {
    bits = (bits * 1_103_515_245 + 12_345) % 2 ** 31;
    return bits > 2 ** 30 ? "a" : "b";
  }).join("");
  for (
    const source of ["^(a*)*$", "(a|a)*(b|ab)+c", "^(.*a){30}c", "(a|b)*a(a|b){15}c", "(?:(?:a?){50}b?){9}c"]
  ) {
    const matcher = new Re2Matcher(source);
    const start = performance.now();
    assert.equal(matcher.test(text), false);
    // Its own limit: the worst of these is in some hundred places at once, 2000 times.
    const elapsedMs = performance.now() - start;
    assert.ok(elapsedMs < 1000, `${source}: ${elapsedMs} ms`);
  }
});
