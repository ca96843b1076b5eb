import assert from "node:assert/strict";
import { compareNames, foldName, nfcKey } from "../../../../lib/names/compare.ts";

Deno.test("foldName() gives the simple lower case", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", ""],
    ["readme.md", "readme.md"],
    ["README.md", "readme.md"],
    ["ÆØÅ", "æøå"],
    ["ΟΔΟΣ", "οδοσ"],
    ["ΟΔΟς", "οδος"],
    ["İstanbul", "İstanbul"],
    ["Straße", "straße"],
    ["𐐀", "𐐨"],
    ["A\udcffB", "a\udcffb"],
    ["E\u0301", "e\u0301"],
  ];
  for (const [name, key] of cases) assert.equal(foldName(name), key);
});

Deno.test("foldName() keeps to single code points over all of Unicode", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const lower = character.toLowerCase();
    const expected = [...lower].length === 1 ? lower : character;
    if (foldName(character) !== expected) assert.fail(code.toString(16));
    if (foldName(`A${character}`) !== `a${expected}`) assert.fail(code.toString(16));
  }
});

Deno.test("nfcKey() composes", () => {
  assert.equal(nfcKey("e\u0301"), "é");
  assert.equal(nfcKey("é"), "é");
  assert.equal(nfcKey("\u1112\u1161\u11ab"), "한");
  assert.equal(nfcKey("plain"), "plain");
  assert.equal(nfcKey("\u212b\udcff"), "Å\udcff");
});

Deno.test("compareNames() orders by code point, not by UTF-16 unit", () => {
  const ordered = [
    "",
    "A",
    "A.",
    "AA",
    "B",
    "a",
    "ab",
    "é",
    "\ud7ff",
    "\ue000",
    "！",
    "\uffff",
    "😀",
    "😀a",
    "😁",
    "🤀",
  ];
  for (const [left, leftName] of ordered.entries()) {
    for (const [right, rightName] of ordered.entries()) {
      assert.equal(
        Math.sign(compareNames(leftName, rightName)),
        Math.sign(left - right),
        `${leftName} ${rightName}`,
      );
    }
  }
});

Deno.test("compareNames() orders escaped bytes as the bytes they are", () => {
  const ordered = ["a", "a\udc80", "aé", "a\udcc3x", "a\udce0", "a‛", "a\udcef", "a！", "a😀", "a\udcff"];
  const shuffled = [...ordered].reverse();
  assert.deepEqual(shuffled.sort(compareNames), [
    "a",
    "a\udc80",
    "a\udcc3x",
    "aé",
    "a\udce0",
    "a‛",
    "a\udcef",
    "a！",
    "a😀",
    "a\udcff",
  ]);
});
