import assert from "node:assert/strict";
import { UsageError } from "../../../../lib/errors.ts";
import { formatMask, JOTTACLOUD_MASK, MASK_FLAGS, parseMask, RAW_BIT } from "../../../../lib/names/mask.ts";

/** Default of rclone up to v1.73 (API reference 8.1). */
const MASK_BEFORE_V1_74 = parseMask(
  "Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Del,Ctl,InvalidUtf8,Dot",
);

Deno.test("parseMask() ORs names and numbers and ignores blanks around them", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["None", 0],
    ["Raw", RAW_BIT],
    ["Slash", 0x2],
    [" Slash ,\tDot ", 0x2000002],
    ["Slash,Slash", 0x2],
    ["0", 0],
    ["2,0x4,0X8,0b10000,0o40", 0x3e],
    ["010", 8],
    ["0_10", 8],
    ["0x_ff", 255],
    ["1_000", 1000],
    ["None,Dot", 0x2000000],
    ["4294967295", 0xffffffff],
  ];
  for (const [text, mask] of cases) assert.equal(parseMask(text), mask, text);
});

Deno.test("parseMask() refuses what is neither a name nor a number, and lists the names", () => {
  const cases = [
    "",
    "Slash,",
    "slash",
    "Blerp",
    "Backslash",
    "Win",
    "-1",
    "+1",
    "1.5",
    "08",
    "0x",
    "1__0",
    "_1",
    "1_",
  ];
  for (const text of [...cases, "4294967296", "Slash;Dot"]) {
    assert.throws(() => parseMask(text), (error) => {
      assert.ok(error instanceof UsageError, text);
      assert.ok(error.message.includes(`"${text.split(",").at(-1)}"`), error.message);
      for (const flag of MASK_FLAGS) assert.ok(error.hint?.includes(flag.name), flag.name);
      return true;
    });
  }
});

Deno.test("formatMask() lists names in bit order and unknown bits as numbers", () => {
  assert.equal(formatMask(parseMask("Dot,Slash")), "Slash,Dot");
  assert.equal(formatMask(0), "None");
  assert.equal(formatMask(0xa0000002), "Slash,0x20000000,0x80000000");
});

Deno.test("MASK_FLAGS holds each bit once, in order, as in the reference", () => {
  const bits = MASK_FLAGS.map((flag) => flag.bit);
  assert.deepEqual(bits, [0, ...Array.from({ length: 29 }, (_, position) => 2 ** position)]);
  assert.equal(new Set(MASK_FLAGS.map((flag) => flag.name)).size, 30);
  assert.equal(MASK_BEFORE_V1_74, 50431886);
  assert.equal(JOTTACLOUD_MASK, 50435982);
});
