import assert from "node:assert/strict";
import { ProtocolError } from "../../../../lib/errors.ts";
import {
  formatClassicTime,
  formatRfc3339,
  isJfsTime,
  parseJfsTime,
  toWholeSecondMs,
} from "../../../../lib/jfs/time.ts";

Deno.test("parseJfsTime() reads both formats with any offset", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["2024-05-01-T10:20:30Z", Date.UTC(2024, 4, 1, 10, 20, 30)],
    ["2024-05-01-T12:20:30+0200", Date.UTC(2024, 4, 1, 10, 20, 30)],
    ["2024-05-01-T00:20:30-1130", Date.UTC(2024, 4, 1, 11, 50, 30)],
    ["2024-05-01T12:20:30+02:00", Date.UTC(2024, 4, 1, 10, 20, 30)],
    ["2024-05-01T10:20:30.000Z", Date.UTC(2024, 4, 1, 10, 20, 30)],
    ["2024-05-01T10:20:30.987654321Z", Date.UTC(2024, 4, 1, 10, 20, 30, 987)],
    ["2024-05-01T10:20:30.5Z", Date.UTC(2024, 4, 1, 10, 20, 30, 500)],
    ["1969-12-31-T23:59:59Z", -1000],
    ["1901-01-01-T00:00:00Z", Date.UTC(1901, 0, 1)],
    ["9999-12-31-T23:59:59Z", Date.UTC(9999, 11, 31, 23, 59, 59)],
    ["2024-02-29-T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["0001-01-01-T00:00:00Z", Date.parse("0001-01-01T00:00:00Z")],
  ];
  for (const [text, timeMs] of cases) assert.equal(parseJfsTime(text), timeMs, text);
  assert.equal(parseJfsTime(""), undefined);
  assert.equal(parseJfsTime(undefined), undefined);
});

Deno.test("parseJfsTime() refuses what is no time", () => {
  const texts = [
    "now",
    "2024-05-01",
    "2024-05-01-T10:20:30",
    "2024-05-01 10:20:30Z",
    "2024-13-01-T10:20:30Z",
    "2024-00-01-T10:20:30Z",
    "2023-02-29-T10:20:30Z",
    "2024-04-31-T10:20:30Z",
    "2024-05-01-T24:00:00Z",
    "2024-05-01-T10:60:00Z",
    "2024-05-01-T10:20:61Z",
    "999999999999-01-01-T00:00:00Z",
    "-2024-05-01-T10:20:30Z",
    " 2024-05-01-T10:20:30Z",
    "1714558830000",
  ];
  for (const text of texts) assert.throws(() => parseJfsTime(text), ProtocolError, text);
});

Deno.test("formatClassicTime() and formatRfc3339() drop the fraction downwards", () => {
  assert.equal(formatClassicTime(Date.UTC(2024, 4, 1, 10, 20, 30) + 999.9), "2024-05-01-T10:20:30Z");
  assert.equal(formatRfc3339(Date.UTC(2024, 4, 1, 10, 20, 30) + 1), "2024-05-01T10:20:30Z");
  assert.equal(formatRfc3339(-1), "1969-12-31T23:59:59Z");
  assert.equal(toWholeSecondMs(-1), -1000);
});

Deno.test("formatRfc3339() refuses years that the service cannot write", () => {
  for (const timeMs of [Date.UTC(10_000, 0), Date.UTC(0, 0) - 62e12, NaN, Infinity, -Infinity]) {
    assert.equal(isJfsTime(timeMs), false);
    assert.throws(() => formatRfc3339(timeMs), RangeError);
  }
  assert.equal(formatRfc3339(Date.UTC(9999, 11, 31, 23, 59, 59, 999)), "9999-12-31T23:59:59Z");
});
