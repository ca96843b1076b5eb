/**
 * Timestamps of JFS (API reference 4.10): the classic format `2024-05-01-T10:20:30Z` with its extra dash, and
 * RFC 3339 in liststream. The service keeps whole seconds.
 */
import { ProtocolError } from "../errors.ts";
import { excerpt } from "./excerpt.ts";

const STAMP = /^(\d{4,})-(\d\d)-(\d\d)-?T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/;
const YEAR_0_MS = Date.parse("0000-01-01T00:00:00Z");
const YEAR_10000_MS = Date.parse("+010000-01-01T00:00:00Z");

/**
 * Milliseconds since 1970 UTC of a timestamp in either format; undefined for an absent or empty one ("unknown").
 * Throws `ProtocolError` for anything else, also for a day or an hour that no calendar and no clock has.
 */
export function parseJfsTime(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const parts = STAMP.exec(text);
  const timeMs = parts === null ? undefined : timeOf(parts);
  if (timeMs === undefined) {
    throw new ProtocolError(`the service sent the time "${excerpt(text)}", which cannot be read`);
  }
  return timeMs;
}

function timeOf(parts: RegExpExecArray): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [fraction = "0", zone = "Z"] = parts.slice(7);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDate || hour > 23 || minute > 59 || second > 59) return undefined;
  date.setUTCHours(hour, minute, second, Number(fraction.padEnd(3, "0").slice(0, 3)));
  const timeMs = date.getTime() - zoneOffsetMs(zone);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

function zoneOffsetMs(zone: string): number {
  if (zone === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "");
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

/** Whole seconds, downwards: what the service keeps of a time (fractions are dropped, never rounded up). */
export function toWholeSecondMs(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

/** `timeMs` for the headers JCreated and JModified: classic format, UTC, whole seconds. */
export function formatClassicTime(timeMs: number): string {
  return formatRfc3339(timeMs).replace("T", "-T");
}

/** Can the service keep this time: is its year one of 0 to 9999? */
export function isJfsTime(timeMs: number): boolean {
  return timeMs >= YEAR_0_MS && timeMs < YEAR_10000_MS;
}

/** `timeMs` as RFC 3339 in UTC with whole seconds, as allocate wants it. Throws `RangeError` outside years 0-9999. */
export function formatRfc3339(timeMs: number): string {
  if (!isJfsTime(timeMs)) throw new RangeError(`time outside the years 0 to 9999: ${timeMs}`);
  return new Date(toWholeSecondMs(timeMs)).toISOString().slice(0, 19) + "Z";
}
