/** Everything that rclone reads as a limit of bandwidth (tests/fixtures/units/bandwidth.json). */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import data from "../../../fixtures/units/bandwidth.json" with { type: "json" };
import { UsageError } from "../../../../lib/errors.ts";
import {
  type BandwidthSlot,
  formatBandwidth,
  parseBandwidth,
  slotAt,
  timeOfWeek,
} from "../../../../lib/units/bandwidth.ts";

interface FixtureSlot {
  readonly day: number;
  readonly hhmm: number;
  readonly tx: string;
  readonly rx: string;
}

interface Fixture {
  readonly id: string;
  readonly kind: string;
  readonly in: string;
  readonly at?: string;
  readonly weekday?: number;
  readonly out?: FixtureSlot & { readonly slots: readonly FixtureSlot[]; readonly string: string };
}

const FIXTURES = data as unknown as readonly Fixture[];

function shown({ weekday, hour, minute, ...limit }: BandwidthSlot): FixtureSlot {
  return {
    day: weekday,
    hhmm: hour * 100 + minute,
    rx: String(limit.downloadBytesPerSecond),
    tx: String(limit.uploadBytesPerSecond),
  };
}

function ofKind(kind: string): readonly Fixture[] {
  return FIXTURES.filter((each) => each.kind === kind);
}

Deno.test("parseBandwidth() and formatBandwidth() answer as rclone does", () => {
  const counts = { read: 0, refused: 0 };
  for (const { id, in: text, out } of ofKind("bwTimetable.parse")) {
    if (out === undefined) {
      throws(() => parseBandwidth(text), UsageError, id);
      counts.refused++;
      continue;
    }
    const timetable = parseBandwidth(text);
    deepEqual(timetable.map(shown), out.slots, `${id} ${text}`);
    equal(formatBandwidth(timetable), out.string, `${id} ${text}`);
    deepEqual(parseBandwidth(out.string), timetable, `${id} ${text}`);
    counts.read++;
  }
  deepEqual(counts, { read: 12, refused: 8 });
});

Deno.test("slotAt() finds the slot that rclone finds", () => {
  let checked = 0;
  for (const { id, in: text, at = "", weekday = -1, out } of ofKind("bwTimetable.limitAt")) {
    ok(out !== undefined);
    const [, hour, minute] = /T(\d\d):(\d\d):/.exec(at) ?? [];
    const time = { weekday, hour: Number(hour), minute: Number(minute) };
    const { day, hhmm, rx, tx } = out;
    deepEqual(shown(slotAt(text === "" ? [] : parseBandwidth(text), time)), { day, hhmm, rx, tx }, id);
    checked++;
  }
  equal(checked, 27);
});

Deno.test("parseBandwidth() says what is wrong, with the word that is", () => {
  const cases: [text: string, state: string][] = [
    ["", '"" is neither a rate such as 512k or 10M, nor two (UP:DOWN), nor off'],
    ["fast", '"fast" is neither a rate such as 512k or 10M, nor two (UP:DOWN), nor off'],
    ["1M:", '"1M:" is neither a rate such as 512k or 10M, nor two (UP:DOWN), nor off'],
    [" ", "there is no limit in it"],
    ["08:00,1M 9:00,2M", '"9:00" is no time from 00:00 to 23:59'],
    ["08:00,1M,2M", '"08:00,1M,2M" is no time with a limit, such as 08:00,512k or Mon-08:00,512k'],
    ["Foo-08:00,1M", '"Foo" is no day of the week, such as Mon or Monday'],
    ["Mon-Tue-08:00,1M", '"Mon-Tue-08:00" is no single day with a time'],
    ["08:00,-1M", '"-1M" is neither a rate such as 512k or 10M, nor two (UP:DOWN), nor off'],
  ];
  for (const [text, state] of cases) {
    throws(() => parseBandwidth(text), { message: `Cannot read the bandwidth "${text}": ${state}` });
  }
});

Deno.test("timeOfWeek() is the time on the wall of this machine", () => {
  deepEqual(timeOfWeek(new Date(2026, 0, 4, 23, 59, 58).getTime()), { weekday: 0, hour: 23, minute: 59 });
  deepEqual(timeOfWeek(new Date(2026, 0, 5, 0, 0).getTime()), { weekday: 1, hour: 0, minute: 0 });
});
