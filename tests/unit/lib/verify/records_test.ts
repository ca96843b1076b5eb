/** The lines of a state file: both directions, and what a crash leaves of them. */
import { deepEqual, equal } from "node:assert/strict";
import {
  formatHeader,
  formatRecord,
  parseState,
  type VerifiedRecord,
} from "../../../../lib/verify/records.ts";

const SIDES = { place: "jotta:one", reference: "one" };
const RECORD: VerifiedRecord = {
  path: 'odd\nname "é".txt',
  size: 5,
  modifiedAtMs: 1_700_000_000_000.25,
  md5: "74b87337454200d4d33f80c4663dc5e5",
  atMs: 1_800_000_000_000,
  what: undefined,
};

Deno.test("parseState() gives back what was formatted, and of a path the last word", () => {
  const later: VerifiedRecord = { ...RECORD, atMs: 1_900_000_000_000, what: "it differed" };
  const other: VerifiedRecord = { ...RECORD, path: "b", modifiedAtMs: undefined, md5: undefined };
  const text = [formatHeader(SIDES), ...[RECORD, other, later].map(formatRecord)].join("");
  equal(text.split("\n").length, 5);
  deepEqual(parseState(text), {
    sides: SIDES,
    records: new Map<string, VerifiedRecord>([[RECORD.path, later], ["b", other]]),
    damaged: 0,
    isForeign: false,
  });
});

Deno.test("parseState() leaves out a line that was torn anywhere, or of which a letter was changed", () => {
  const head = formatHeader(SIDES);
  const last = formatRecord({ ...RECORD, path: "last" });
  const whole = `${head}${formatRecord(RECORD)}`;
  for (let length = 1; length < last.length - 1; length++) {
    const { records, damaged, sides } = parseState(whole + last.slice(0, length));
    deepEqual([records.size, damaged, sides], [1, 1, SIDES], `cut at ${length}`);
  }
  for (const wrong of [last.replace('"size":5', '"size":6'), "{}\n", "00000000 null\n", "\u0000\u0000\n"]) {
    deepEqual([...parseState(whole + wrong + last).records.keys()], [RECORD.path, "last"]);
  }
});

Deno.test("parseState() knows the file of a later version, and one that is none", () => {
  equal(parseState("a list\nof something\n").sides, undefined);
  equal(parseState("").sides, undefined);
});
