import assert from "node:assert/strict";
import { bytesToName, isWellFormedName, joinEscapedBytes, nameToBytes } from "../../../../lib/names/bytes.ts";

Deno.test("bytesToName() escapes each byte that is not part of valid UTF-8", () => {
  const cases: readonly (readonly [hex: string, name: string])[] = [
    ["", ""],
    ["61c3a9", "aé"],
    ["efbbbf61", "\ufeffa"],
    ["f09f9880", "😀"],
    ["efbfbd", "\ufffd"],
    ["ff", "\udcff"],
    ["c3", "\udcc3"],
    ["c328", "\udcc3("],
    ["e2827861", "\udce2\udc82xa"],
    ["c0af", "\udcc0\udcaf"],
    ["e08080", "\udce0\udc80\udc80"],
    ["eda080", "\udced\udca0\udc80"],
    ["ed9fbf", "\ud7ff"],
    ["f08fbfbf", "\udcf0\udc8f\udcbf\udcbf"],
    ["f48fbfbf", "\u{10ffff}"],
    ["f4908080", "\udcf4\udc90\udc80\udc80"],
    ["f09f98", "\udcf0\udc9f\udc98"],
  ];
  for (const [hex, name] of cases) {
    assert.equal(bytesToName(Uint8Array.fromHex(hex)), name, hex);
    assert.equal(nameToBytes(name).toHex(), hex, hex);
  }
});

Deno.test("bytesToName() agrees with TextDecoder on every code point", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (bytesToName(new TextEncoder().encode(character)) !== character) assert.fail(code.toString(16));
  }
});

Deno.test("nameToBytes() writes U+FFFD for a lone surrogate that stands for no byte", () => {
  assert.equal(nameToBytes("\ud83dx\udc7f\udd00").toHex(), "efbfbd78efbfbdefbfbd");
});

Deno.test("joinEscapedBytes() writes bytes that form a character as that character", () => {
  assert.equal(joinEscapedBytes("x\udcc3\udca9\udcff"), "xé\udcff");
  assert.equal(joinEscapedBytes("xé"), "xé");
});

Deno.test("isWellFormedName() is false for any lone surrogate", () => {
  assert.ok(isWellFormedName("a😀\ufffd"));
  assert.ok(!isWellFormedName("a\udc80"));
  assert.ok(!isWellFormedName("\ud83d"));
});
