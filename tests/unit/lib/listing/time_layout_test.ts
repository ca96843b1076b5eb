import { equal } from "node:assert/strict";
import {
  createTimeFormatter,
  jsonLayoutOf,
  layoutOf,
  maxLayoutOf,
  showsFractions,
} from "../../../../lib/listing/time_layout.ts";

/** A local time, whatever the zone of the machine is. */
const MS = new Date(2021, 1, 3, 4, 5, 6).getTime();
const NS = BigInt(MS) * 1_000_000n + 789_012_345n;
const EVENING = BigInt(new Date(2019, 11, 31, 23, 59, 59).getTime()) * 1_000_000n;

const CASES: readonly (readonly [layout: string, ns: bigint, text: string])[] = [
  ["2006-01-02 15:04:05", NS, "2021-02-03 04:05:06"],
  ["2006-1-2 3:4:5 PM pm", NS, "2021-2-3 4:5:6 AM am"],
  ["06 03 PM pm", EVENING, "19 11 PM pm"],
  ["January Jan Monday Mon", NS, "February Feb Wednesday Wed"],
  ["Janet Monster", NS, "Janet Monster"],
  ["_2|__2|002", NS, " 3| 34|034"],
  ["_2006", NS, "_2021"],
  ["002", EVENING, "365"],
  ["05.000|05.999|05,000000", NS, "06.789|06.789|06,789012"],
  [".000000000", NS, ".789012345"],
  [".999999999", EVENING, ""],
  ["05.00x1", NS, "06.78x2"],
  ["", NS, ""],
  ["no parts", NS, "no parts"],
];

for (const [layout, ns, text] of CASES) {
  Deno.test(`createTimeFormatter() writes "${layout}" as "${text}"`, () => {
    equal(createTimeFormatter(layout)(ns), text);
  });
}

Deno.test("createTimeFormatter() writes offsets in every form", () => {
  const minutes = -new Date(MS).getTimezoneOffset();
  const [hh, mm] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) =>
    String(n).padStart(2, "0")
  );
  const sign = minutes < 0 ? "-" : "+";
  const format = (layout: string) => createTimeFormatter(layout)(NS);
  equal(format("-0700"), `${sign}${hh}${mm}`);
  equal(format("-07:00:00 -07"), `${sign}${hh}:${mm}:00 ${sign}${hh}`);
  equal(format("Z07:00"), minutes === 0 ? "Z" : `${sign}${hh}:${mm}`);
  equal(format("-070000"), `${sign}${hh}${mm}00`);
});

Deno.test("createTimeFormatter() writes times before 1970 and out of reach", () => {
  const before = BigInt(new Date(1969, 11, 31, 23, 59, 59).getTime()) * 1_000_000n + 1n;
  equal(createTimeFormatter("2006-01-02 15:04:05.000000000")(before), "1969-12-31 23:59:59.000000001");
  equal(createTimeFormatter("2006")(2n ** 80n), "275760");
});

Deno.test("layoutOf() knows names, and takes all else as a layout", () => {
  equal(layoutOf("DateOnly"), "2006-01-02");
  equal(layoutOf("toString"), "toString");
});

Deno.test("showsFractions() tells whether nanoseconds matter", () => {
  equal(showsFractions(maxLayoutOf("local")), true);
  equal(showsFractions(layoutOf("RFC3339Nano")), true);
  equal(showsFractions(maxLayoutOf("remote")), false);
  equal(showsFractions(jsonLayoutOf("remote")), false);
  equal(showsFractions("15.04"), false);
});
