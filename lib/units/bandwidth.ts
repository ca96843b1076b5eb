/**
 * Limits of bandwidth and their timetables, read and written as rclone does (observed: rclone v1.76 `BwTimetable`,
 * fixtures/units/bandwidth.json). Pure: which time it is, the caller says.
 */
import { UsageError } from "../errors.ts";
import { formatSizeSuffix, parseSize, SIZE_OFF } from "./size.ts";

/** Bytes per second in each direction; -1 is no limit. */
export interface BandwidthLimit {
  readonly uploadBytesPerSecond: number;
  readonly downloadBytesPerSecond: number;
}

export interface TimeOfWeek {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

/** From this time of the week on. */
export type BandwidthSlot = BandwidthLimit & TimeOfWeek;

/** In the order in which it was written; never empty. */
export type BandwidthTimetable = readonly BandwidthSlot[];

const NO_LIMIT: BandwidthLimit = { uploadBytesPerSecond: SIZE_OFF, downloadBytesPerSecond: SIZE_OFF };
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const LONG_DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const MINUTES_OF_DAY = 24 * 60;

/**
 * `10M`, `off`, `1M:100k` (up and down), or `08:00,512k Mon-12:00,10M 23:00,off`, with spaces or `;` between the
 * slots. A rate is a size per second: KiB without a suffix. Throws UsageError.
 */
export function parseBandwidth(text: string): BandwidthTimetable {
  if (!/[ ,;]/.test(text)) return [{ ...parseLimit(text, text), weekday: 0, hour: 0, minute: 0 }];
  const slots = text.split(/[ ;]+/).filter((slot) => slot !== "");
  if (slots.length === 0) throw bandwidthError(text, "there is no limit in it");
  return slots.flatMap((slot) => parseSlot(slot, text));
}

/** What `parseBandwidth` reads back; each slot with its day. */
export function formatBandwidth(timetable: BandwidthTimetable): string {
  const [first] = timetable;
  if (first === undefined) return "off";
  if (timetable.length === 1 && first.weekday + first.hour + first.minute === 0) return formatLimit(first);
  return timetable.map((slot) => {
    const time = [slot.hour, slot.minute].map((part) => String(part).padStart(2, "0")).join(":");
    return `${DAYS[slot.weekday]}-${time},${formatLimit(slot)}`;
  }).join(" ");
}

/** The slot that counts at a time of the week: the latest that has begun, else the last one that is written. */
export function slotAt(timetable: BandwidthTimetable, at: TimeOfWeek): BandwidthSlot {
  const now = minutesOf(at);
  let found: BandwidthSlot = timetable.at(-1) ?? { ...NO_LIMIT, weekday: 0, hour: 0, minute: 0 };
  let foundAge = Infinity;
  for (const slot of timetable) {
    const age = now - minutesOf(slot);
    // Of two that begin together the later word counts.
    if (age < 0 || age > foundAge) continue;
    found = slot;
    foundAge = age;
  }
  return found;
}

/** The time of the week at `ms` since 1970 UTC, in the zone of this machine. */
export function timeOfWeek(ms: number): TimeOfWeek {
  const date = new Date(ms);
  return { weekday: date.getDay(), hour: date.getHours(), minute: date.getMinutes() };
}

function parseSlot(slot: string, text: string): BandwidthSlot[] {
  const [when = "", limit, more] = slot.split(",");
  if (limit === undefined || more !== undefined) {
    throw bandwidthError(text, `"${slot}" is no time with a limit, such as 08:00,512k or Mon-08:00,512k`);
  }
  const [time = "", day, third] = when.split("-").reverse();
  const [, hour = "", minute = ""] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  if (hour === "" || Number(hour) > 23 || Number(minute) > 59) {
    throw bandwidthError(text, `"${time}" is no time from 00:00 to 23:59`);
  }
  if (third !== undefined) throw bandwidthError(text, `"${when}" is no single day with a time`);
  const at = { hour: Number(hour), minute: Number(minute), ...parseLimit(limit, text) };
  const weekdays = day === undefined ? DAYS.map((_, weekday) => weekday) : [parseWeekday(day, text)];
  return weekdays.map((weekday) => ({ ...at, weekday }));
}

function parseWeekday(day: string, text: string): number {
  const lower = day.toLowerCase();
  const weekday = LONG_DAYS.findIndex((long) => long === lower || long.slice(0, 3) === lower);
  if (weekday < 0) throw bandwidthError(text, `"${day}" is no day of the week, such as Mon or Monday`);
  return weekday;
}

function parseLimit(limit: string, text: string): BandwidthLimit {
  const [up = "", ...downs] = limit.split(":");
  try {
    const uploadBytesPerSecond = parseSize(up);
    const down = downs.length === 0 ? uploadBytesPerSecond : parseSize(downs.join(":"));
    return { uploadBytesPerSecond, downloadBytesPerSecond: down };
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw bandwidthError(
      text,
      `"${limit}" is neither a rate such as 512k or 10M, nor two (UP:DOWN), nor off`,
    );
  }
}

function formatLimit({ uploadBytesPerSecond: up, downloadBytesPerSecond: down }: BandwidthLimit): string {
  return up === down ? formatSizeSuffix(up) : `${formatSizeSuffix(up)}:${formatSizeSuffix(down)}`;
}

function minutesOf({ weekday, hour, minute }: TimeOfWeek): number {
  return weekday * MINUTES_OF_DAY + hour * 60 + minute;
}

function bandwidthError(text: string, state: string): UsageError {
  return new UsageError(`Cannot read the bandwidth "${text}": ${state}`);
}
