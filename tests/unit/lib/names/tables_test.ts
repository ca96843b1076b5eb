import assert from "node:assert/strict";
import { encodeName } from "../../../../lib/names/encode.ts";
import { JOTTACLOUD_MASK } from "../../../../lib/names/mask.ts";
import { MAX_NAME_LENGTH, refusedReason } from "../../../../lib/names/tables.ts";

Deno.test("refusedReason() tells why a stored name is refused", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "it is empty"],
    [".", "it means a folder itself or its parent"],
    ["..", "it means a folder itself or its parent"],
    ["x".repeat(256), "it is longer than 255 characters"],
    ["😀".repeat(128), "it is longer than 255 characters"],
    ["a\x01", 'it holds the character "\\u0001"'],
    ["a\n", 'it holds the character "\\u000a"'],
    ["\x7f", 'it holds the character "\\u007f"'],
    ["a:b", 'it holds the character ":"'],
    ['a"b', 'it holds the character "\\""'],
    ["a/b", 'it holds the character "/"'],
    ["\ufeffa", "it holds the invisible character U+FEFF"],
    ["\uffff", "it holds U+FFFF, which is not a character"],
    ["a\udcff", "it is not valid Unicode"],
    ["a\ud83d", "it is not valid Unicode"],
  ];
  for (const [name, reason] of cases) assert.equal(refusedReason(name), reason, JSON.stringify(name));
});

Deno.test("refusedReason() has nothing against names that only other systems refuse", () => {
  const cases = [
    "a\\b",
    " a ",
    "a.",
    "...",
    "a;b",
    "\ufffd",
    "50%",
    "NUL",
    "😀",
    "‛：",
    "\u200b",
    "x".repeat(MAX_NAME_LENGTH),
  ];
  for (const name of cases) assert.equal(refusedReason(name), undefined, JSON.stringify(name));
});

Deno.test("refusedReason() has nothing against any single ASCII character once encoded", () => {
  for (let code = 0; code < 0x80; code++) {
    assert.equal(refusedReason(encodeName(String.fromCharCode(code), JOTTACLOUD_MASK)), undefined);
  }
});
