import assert from "node:assert/strict";
import { bytesToName, nameToBytes } from "../../../../lib/names/bytes.ts";
import {
  decodeName,
  encodeName,
  fromStandardName,
  fromStandardPath,
  isPlainName,
  toStandardName,
  toStandardPath,
} from "../../../../lib/names/encode.ts";
import {
  formatMask,
  JOTTACLOUD_MASK,
  LOCAL_MASKS,
  parseMask,
  STANDARD_MASK,
} from "../../../../lib/names/mask.ts";
import vectors from "../../../fixtures/names/encoder.json" with { type: "json" };

/** One case computed with rclone; the fields are described in the README of the vectors. */
interface Vector {
  readonly id: string;
  readonly op: string;
  readonly mask?: string;
  readonly in?: string;
  readonly in_hex?: string;
  readonly out?: string;
  readonly out_hex?: string;
  readonly error?: string;
  readonly steps?: readonly (readonly string[])[];
}

const OPERATIONS: Readonly<Record<string, (name: string, mask: number) => string>> = {
  encode: encodeName,
  decode: decodeName,
  fromStandardName,
  toStandardName,
  fromStandardPath,
  toStandardPath,
};

function run(vector: Vector): string {
  const input = vector.in ?? nameOfHex(vector.in_hex);
  if (vector.op === "maskString") {
    try {
      return formatMask(parseMask(input));
    } catch {
      return "error";
    }
  }
  const steps = vector.op === "compose" ? vector.steps ?? [] : [[vector.op, vector.mask ?? ""]];
  return steps.reduce((name, [operation = "", mask = ""]) => {
    const apply = OPERATIONS[operation];
    assert.ok(apply !== undefined, `unknown operation ${operation}`);
    return apply(name, parseMask(mask));
  }, input);
}

function expectation(vector: Vector): string {
  return vector.error === undefined ? vector.out ?? nameOfHex(vector.out_hex) : "error";
}

function nameOfHex(hex = ""): string {
  return bytesToName(Uint8Array.fromHex(hex));
}

const COUNTS = {
  encode: 856,
  decode: 796,
  compose: 76,
  toStandardPath: 56,
  fromStandardPath: 55,
  toStandardName: 38,
  fromStandardName: 31,
  maskString: 11,
};

for (const [operation, count] of Object.entries(COUNTS)) {
  Deno.test(`${operation} gives what rclone gives`, () => {
    const cases = (vectors as readonly Vector[]).filter((vector) => vector.op === operation);
    assert.equal(cases.length, count);
    const mismatches = cases
      .map((vector) => ({ ...vector, actual: run(vector), expected: expectation(vector) }))
      .filter(({ actual, expected }) => actual !== expected)
      .map((failed) => ({ ...failed, actualHex: nameToBytes(failed.actual).toHex() }));
    assert.deepEqual(mismatches, []);
  });
}

Deno.test("encodeName() and decodeName() follow the table of the reference", () => {
  const cases: readonly (readonly [raw: string, stored: string])[] = [
    ["", ""],
    ["plain name.txt", "plain name.txt"],
    ["50% off", "50％ off"],
    ['a<b>c"', "a＜b＞c＂"],
    ["[x];!#$'", "[x];!#$'"],
    ["back\\slash", "back\\slash"],
    [" lead", " lead"],
    ["trail.", "trail."],
    ["..", "．．"],
    ["...", "..."],
    ["．．", "‛．‛．"],
    ["a．b", "a．b"],
    ["\0\x01\x1f\x7f", "␀␁␟␡"],
    ["bad\udcffu", "bad‛FFu"],
    ["\udcc3(", "‛C3("],
    ["‛FF", "‛‛FF"],
    ["‛：", "‛‛‛："],
    ["😀🏳️‍🌈", "😀🏳️‍🌈"],
    ["💀:", "💀："],
  ];
  for (const [raw, stored] of cases) {
    assert.equal(encodeName(raw, JOTTACLOUD_MASK), stored);
    assert.equal(decodeName(stored, JOTTACLOUD_MASK), raw);
  }
});

Deno.test("decodeName() joins raw bytes that form a character", () => {
  assert.equal(decodeName("caf‛C3‛A9", JOTTACLOUD_MASK), "café");
  assert.equal(decodeName("‛f0‛9F‛98‛80:", JOTTACLOUD_MASK), "😀:");
  assert.equal(decodeName("‛C3\udca9", JOTTACLOUD_MASK), "é");
  assert.equal(decodeName("‛41", JOTTACLOUD_MASK), "A");
});

Deno.test("encodeName() gives U+FFFD for a lone surrogate that stands for no byte", () => {
  assert.equal(encodeName("a\ud83db\udc00", JOTTACLOUD_MASK), "a\ufffdb\ufffd");
  assert.equal(encodeName("a\udc7f\udd00", JOTTACLOUD_MASK), "a\ufffd\ufffd");
});

Deno.test("isPlainName() tells at a glance what needs no change", () => {
  for (const name of ["", "a", "日本語 – ñ", "😀", "...", ".a"]) {
    assert.ok(isPlainName(name, STANDARD_MASK), name);
  }
  for (const name of [".", "..", "a/b", "‛", "␀", "／", "\udc80", "\ud83d", "\n"]) {
    assert.ok(!isPlainName(name, STANDARD_MASK), name);
  }
});

Deno.test("encodeName() and decodeName() keep the corners in which rclone is not one to one", () => {
  const windows = LOCAL_MASKS.windows;
  assert.equal(decodeName(encodeName("x‛ ", windows), windows), "x‛␠");
  assert.equal(encodeName("..", windows), encodeName("．.", windows));
});
