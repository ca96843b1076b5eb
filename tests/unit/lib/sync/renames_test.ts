import { deepEqual, equal, rejects } from "node:assert/strict";
import { AuthError, LocalError } from "../../../../lib/errors.ts";
import { planRenames, type RenameInput } from "../../../../lib/sync/renames.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { fileEntry } from "./file_entries.ts";

interface Plan extends Partial<Omit<RenameInput, "added" | "gone">> {
  readonly added: readonly FileEntry[];
  readonly gone: readonly FileEntry[];
}

/** Pairs as `from > to`, then the rest of each side. */
async function planOf(input: Plan) {
  const plan = await planRenames({
    by: ["hash"],
    md5Of: (_, file) => Promise.reject(new Error(`nobody needs the MD5 of ${file.path}`)),
    modifyWindowMs: 1_000,
    checkers: 2,
    ...input,
  });
  return {
    pairs: plan.renamings.map(({ from, to }) => `${from.path} > ${to.path}`),
    added: plan.added.map(({ path }) => path),
    gone: plan.gone.map(({ path }) => path),
  };
}

const one = (path: string, more: Partial<FileEntry> = {}) => fileEntry(path, { md5: "1", ...more });
const two = (path: string) => fileEntry(path, { md5: "2" });

Deno.test("planRenames() pairs files of one content", async () => {
  deepEqual(await planOf({ added: [two("n"), one("m")], gone: [one("a"), two("b")] }), {
    pairs: ["a > m", "b > n"],
    added: [],
    gone: [],
  });
});

Deno.test("planRenames() leaves alone what has no partner", async () => {
  const input = { added: [one("z"), two("x"), one("y")], gone: [one("c"), fileEntry("d", { md5: "3" })] };
  deepEqual(await planOf(input), { pairs: ["c > y"], added: ["z", "x"], gone: ["d"] });
  deepEqual(await planOf({ added: [], gone: [one("a")] }), { pairs: [], added: [], gone: ["a"] });
  deepEqual(await planOf({ added: [one("a")], gone: [] }), { pairs: [], added: ["a"], gone: [] });
});

Deno.test("planRenames() uses each file once, the nearest first: same name, same directory, first path", async () => {
  const gone = [one("a/1"), one("b/photo"), one("c/x"), one("d/2")];
  const added = [one("a/new"), one("k/photo"), one("z/other")];
  const expected = {
    pairs: ["a/1 > a/new", "b/photo > k/photo", "c/x > z/other"],
    added: [],
    gone: ["d/2"],
  };
  deepEqual(await planOf({ added, gone }), expected);
  deepEqual(await planOf({ added: added.toReversed(), gone: gone.toReversed() }), expected);
});

Deno.test("planRenames() takes accents as the same name however they are written", async () => {
  const added = [one("new/caf\u00e9")];
  const gone = [one("a"), one("old/cafe\u0301")];
  deepEqual((await planOf({ added, gone })).pairs, ["old/cafe\u0301 > new/caf\u00e9"]);
  deepEqual((await planOf({ added, gone, by: ["leaf"] })).pairs, ["old/cafe\u0301 > new/caf\u00e9"]);
});

/** Which of the gone files `a/name` and `g/new` go with, by what has to agree. */
const STRATEGIES: readonly (readonly [by: RenameInput["by"], pairs: readonly string[]])[] = [
  [["hash"], ["b/other > a/name"]],
  [["leaf"], ["c/name > a/name"]],
  [["modtime"], ["e/name > a/name", "d/time > g/new"]],
  [["hash", "leaf"], []],
  [["modtime", "leaf"], ["e/name > a/name"]],
  [["hash", "modtime", "leaf"], []],
  [[], ["c/name > a/name", "b/other > g/new"]],
];

for (const [by, pairs] of STRATEGIES) {
  Deno.test(`planRenames() by [${by}] wants just that to agree, besides the size`, async () => {
    const added = [
      one("a/name", { modifiedAtMs: 5_000 }),
      fileEntry("g/new", { md5: "3", modifiedAtMs: 5_000 }),
    ];
    const gone = [
      one("b/other", { modifiedAtMs: 9_000 }),
      fileEntry("c/name", { md5: "2", modifiedAtMs: 9_000 }),
      fileEntry("d/time", { md5: "2", modifiedAtMs: 5_000 }),
      fileEntry("e/name", { md5: "2", modifiedAtMs: 5_900 }),
      one("f/name", { size: 2, modifiedAtMs: 5_000 }),
    ];
    deepEqual((await planOf({ added, gone, by })).pairs, pairs);
  });
}

/** Times of two files in milliseconds, and whether they are within a window of two seconds. */
const WINDOWS: readonly (readonly [added: number | undefined, gone: number | undefined, isSame: boolean])[] =
  [
    [10_000, 10_000, true],
    [10_000, 11_999, true],
    [11_999, 10_000, true],
    [10_000, 9_000, true],
    [10_999, 9_000, true],
    [10_999, 8_999, false],
    [10_000, 12_000, false],
    [10_000, 8_000, false],
    [-500, 1, true],
    [undefined, undefined, false],
    [10_000, undefined, false],
    [undefined, 10_000, false],
  ];

Deno.test("planRenames() takes times within the window as the same, and an unknown one as no other", async () => {
  for (const [addedAt, goneAt, isSame] of WINDOWS) {
    const added = [one("a", { modifiedAtMs: addedAt })];
    const gone = [one("b", { modifiedAtMs: goneAt })];
    const plan = await planOf({ added, gone, by: ["modtime"], modifyWindowMs: 2_000 });
    equal(plan.pairs.length === 1, isSame, `${addedAt} ${goneAt}`);
  }
});

Deno.test("planRenames() asks for the MD5 of those alone whose size the other side has", async () => {
  const asked: string[] = [];
  const added = [fileEntry("n1", { size: 5 }), fileEntry("n2", { size: 6 }), fileEntry("n3", { size: 7 })];
  const gone = [
    fileEntry("g1", { size: 5, md5: "five" }),
    fileEntry("g2", { size: 7 }),
    fileEntry("g3", { size: 8 }),
  ];
  const md5Of: RenameInput["md5Of"] = (side, file) => {
    asked.push(`${side} ${file.path}`);
    return Promise.resolve(file.size === 5 ? "five" : "seven");
  };
  deepEqual((await planOf({ added, gone, md5Of })).pairs, ["g1 > n1", "g2 > n3"]);
  deepEqual(asked.sort(), ["added n1", "added n3", "gone g2"]);
});

Deno.test("planRenames() pairs a file that cannot be read with none, and ends with a lost sign-in", async () => {
  const added = [fileEntry("n1"), fileEntry("n2")];
  const gone = [one("g1"), one("g2")];
  const failing = (error: Error): RenameInput["md5Of"] => (_, file) =>
    file.path === "n1" ? Promise.reject(error) : Promise.resolve("1");
  deepEqual(await planOf({ added, gone, md5Of: failing(new LocalError("unreadable")) }), {
    pairs: ["g1 > n2"],
    added: ["n1"],
    gone: ["g2"],
  });
  await rejects(planOf({ added, gone, md5Of: failing(new AuthError("signed out")) }), AuthError);
});

Deno.test("planRenames() reads no more files at a time than it may, and stops with the run", async () => {
  const stop = new AbortController();
  const added = Array.from({ length: 20 }, (_, index) => fileEntry(`n${index}`));
  let [reading, most] = [0, 0];
  const md5Of: RenameInput["md5Of"] = async () => {
    most = Math.max(most, ++reading);
    await Promise.resolve();
    reading--;
    return "1";
  };
  await planOf({ added, gone: [one("g")], md5Of, checkers: 3 });
  equal(most, 3);
  stop.abort(new LocalError("stopped"));
  const input = { added, gone: [one("g")], signal: stop.signal };
  await rejects(planOf({ ...input, md5Of: () => Promise.reject(stop.signal.reason) }), /stopped/);
});

Deno.test("planRenames() stays quick with very many files of one content", async () => {
  const many = (prefix: string) =>
    Array.from({ length: 20_000 }, (_, index) => one(`${prefix}/${index}`, { size: 0, modifiedAtMs: 1 }));
  const plan = await planOf({ added: many("new"), gone: many("old"), by: ["hash", "modtime"] });
  equal(plan.pairs.length, 20_000);
  equal(plan.pairs[7], "old/10002 > new/10002");
});
