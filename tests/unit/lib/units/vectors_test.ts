/** Everything that rclone reads and prints as a size, a count or a duration (tests/fixtures/units). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { UsageError } from "../../../../lib/errors.ts";
import * as units from "../../../../lib/units.ts";

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly in: string;
  readonly now?: string;
  readonly out?: string;
  readonly error?: string;
}

const FIXTURES = new URL("../../../fixtures/units/", import.meta.url);

/** One answer per kind, as the decimal text that the fixtures hold. */
const ANSWERS: Readonly<Record<string, (text: string, nowNs: bigint) => string>> = {
  "sizeSuffix.parse": (text) => String(BigInt(units.parseSize(text))),
  "sizeSuffix.json": (text) => String(BigInt(units.parseSizeJson(text))),
  "sizeSuffix.string": (text) => units.formatSizeSuffix(Number(text)),
  "sizeSuffix.byteUnit": (text) => units.formatSize(Number(text)),
  "sizeSuffix.byteRateUnit": (text) => units.formatByteRate(Number(text)),
  "sizeSuffix.bitRateUnit": (text) => units.formatBitRate(Number(text)),
  "countSuffix.parse": (text) => String(BigInt(units.parseCount(text))),
  "countSuffix.string": (text) => units.formatCountSuffix(Number(text)),
  "duration.parse": (text, nowNs) => String(units.parseDurationNs(text, { nowNs, zone: "utc" })),
  "duration.json": (text, nowNs) => String(units.parseDurationJson(text, { nowNs, zone: "utc" })),
  "duration.string": (text) => units.formatDurationNs(BigInt(text)),
  "duration.readable": (text) => units.formatDurationReadable(BigInt(text)),
  "duration.shortReadable": (text) => units.formatDurationShortReadable(BigInt(text)),
};

function loadCases(file: string): Case[] {
  return JSON.parse(readFileSync(new URL(file, FIXTURES), "utf8"));
}

for (const file of ["size.json", "count.json", "duration.json"]) {
  const cases = loadCases(file);
  Deno.test(`units answer as rclone does: all ${cases.length} cases of ${file}`, () => {
    for (const item of cases) check(item);
  });
}

function check(item: Case): void {
  const answer = ANSWERS[item.kind];
  assert.ok(answer !== undefined, `no answer for ${item.kind}`);
  const nowNs = item.now === undefined ? 0n : units.parseInstantNs(item.now);
  assert.ok(nowNs !== undefined);
  const title = `${item.id} ${item.kind} ${JSON.stringify(item.in)}`;
  if (item.out === undefined) {
    assert.throws(
      () => answer(item.in, nowNs),
      (error) => error instanceof UsageError && error.message.startsWith("Cannot read the "),
      title,
    );
  } else {
    assert.equal(answer(item.in, nowNs), item.out, title);
  }
}
