import { equal, throws } from "node:assert/strict";
import { parseTouchTime } from "../../../../lib/cli/touch_time.ts";

const UTC_CASES: readonly (readonly [text: string, iso: string])[] = [
  ["171030", "2017-10-30T00:00:00.000Z"],
  ["680102", "2068-01-02T00:00:00.000Z"],
  ["690102", "1969-01-02T00:00:00.000Z"],
  ["2006-01-02T15:04:05", "2006-01-02T15:04:05.000Z"],
  ["2006-01-02T15:04:05.123", "2006-01-02T15:04:05.123Z"],
  ["2006-01-02", "2006-01-02T00:00:00.000Z"],
  ["2006-01-02T15:04:05+02:00", "2006-01-02T13:04:05.000Z"],
];

for (const [text, iso] of UTC_CASES) {
  Deno.test(`parseTouchTime() reads ${text} as UTC`, () => {
    equal(new Date(parseTouchTime(text, { isLocal: false })).toISOString(), iso);
  });
}

Deno.test("parseTouchTime() reads a time of this machine, and keeps what is finer than a millisecond", () => {
  const local = new Date(2006, 6, 2, 15, 4, 5).getTime();
  equal(parseTouchTime("2006-07-02T15:04:05", { isLocal: true }), local);
  equal(parseTouchTime("1970-01-01T00:00:00.1234567", { isLocal: false }), 123.4567);
});

Deno.test("parseTouchTime() refuses what is no time", () => {
  for (
    const text of ["", "bogus", "17.10.30", "171330", "170230", "2006-13-01", "2006-01-02T25:00:00", "now"]
  ) {
    throws(() => parseTouchTime(text, { isLocal: false }), { code: "usage" }, text);
  }
});
