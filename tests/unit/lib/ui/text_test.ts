import assert from "node:assert/strict";
import fc from "fast-check";
import { formatTable } from "../../../../lib/ui/table.ts";
import { visible } from "../../../../lib/ui/visible.ts";
import { displayWidth, padEnd, padStart, shortenEnd, shortenMiddle } from "../../../../lib/ui/width.ts";

Deno.test("displayWidth() counts columns", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["", 0],
    ["abc ~", 5],
    ["å", 1],
    ["a\u030a", 1],
    ["日本語", 6],
    ["ｶﾅ", 2],
    ["한국", 4],
    ["\u1112\u1161\u11ab", 2],
    ["🙂", 2],
    ["👩‍👩‍👧", 6],
    ["🇳🇴", 2],
    ["❤", 1],
    ["❤\ufe0f", 2],
    ["\x1b\x07\n", 0],
    ["…", 1],
    ["\u{20000}", 2],
    ["\u200b\u200d\ufeff", 0],
  ];
  for (const [text, width] of cases) assert.equal(displayWidth(text), width, JSON.stringify(text));
});

Deno.test("shortenMiddle() keeps both ends and whole letters", () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ["report.pdf", 10, "report.pdf"],
    ["report.pdf", 9, "repo….pdf"],
    ["report.pdf", 2, "…f"],
    ["report.pdf", 1, "…"],
    ["report.pdf", 0, ""],
    ["日本語日本語.txt", 10, "日本….txt"],
    ["aaaa\u030abbbb", 4, "a…bb"],
    ["a\u030a\u0301a\u030abcdefg", 4, "a\u030a\u0301…fg"],
  ];
  for (const [text, columns, short] of cases) assert.equal(shortenMiddle(text, columns), short);
});

Deno.test("shortened text never takes more than its columns, padded text never less", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, columns) => {
    assert.ok(displayWidth(shortenMiddle(text, columns)) <= columns);
    assert.ok(displayWidth(shortenEnd(text, columns)) <= columns);
    assert.ok(displayWidth(padEnd(text, columns)) >= columns);
    assert.equal(padStart(text, columns).trimStart(), text.trimStart());
  }));
});

Deno.test("visible() writes out what a terminal would obey", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["plain å 日本 🙂 👩‍👧 \\n", "plain å 日本 🙂 👩‍👧 \\n"],
    ["\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"],
    ["a\nb\r\tc\x00\x7f", "a\\nb\\r\\tc\\x00\\x7f"],
    ["\x9b31m\x85", "\\x9b31m\\x85"],
    ["exe.\u202egpj", "exe.\\u{202e}gpj"],
    ["\u2028\u2066\u200f", "\\u{2028}\\u{2066}\\u{200f}"],
    ["\ud800x", "\\u{d800}x"],
  ];
  for (const [text, shown] of cases) assert.equal(visible(text), shown);
});

Deno.test("visible() leaves nothing that is a control, and nothing to do for a second run", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const shown = visible(text);
    assert.doesNotMatch(shown, /\p{Cc}/u);
    assert.equal(visible(shown), shown);
  }));
});

Deno.test("formatTable() aligns columns by width", () => {
  const rows = [["Name", "Size"], ["日本", "1"], ["a", "1000", "x"], []];
  assert.deepEqual(formatTable(rows, { align: ["left", "right"] }), [
    "Name  Size",
    "日本     1",
    "a     1000  x",
    "",
  ]);
  assert.deepEqual(formatTable([["a", "b"]], { gap: 1 }), ["a b"]);
  assert.deepEqual(formatTable([]), []);
});
