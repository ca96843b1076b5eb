/** Points in time as text: the forms that rclone's options take, and the local times that its listings print. */

const FORM = /^(\d{4})-(\d\d)-(\d\d)(?:([T ])(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?)?$/;
const NS_PER_MS = 1_000_000n;
/** The farthest that a Date reaches, either side of 1970. */
const MAX_DATE_MS = 8.64e15;

export interface ZoneOptions {
  /** `local` (default): the zone of this machine, with its rules at that time. */
  readonly zone?: "local" | "utc";
}

/**
 * Nanoseconds since 1970 UTC of `2006-01-02`, `2006-01-02 15:04:05`, `2006-01-02T15:04:05` (in `zone`) or an
 * RFC 3339 time with its zone; undefined for all else, days that do not exist included.
 */
export function parseInstantNs(text: string, options: ZoneOptions = {}): bigint | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, , , , separator, , , , fraction = "", ownZone] = match;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(5, 8).map((part) => Number(part ?? 0));
  if (ownZone !== undefined && separator !== "T") return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  // The setter, not the constructor: years below 100 mean what they say.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const zone = ownZone ?? (options.zone === "utc" ? "Z" : undefined);
  if (zone === undefined) {
    date.setTime(0);
    date.setFullYear(year, month - 1, day);
    date.setHours(hours, minutes, seconds, 0);
  } else {
    date.setUTCHours(hours, minutes, seconds);
    const offset = readOffsetMs(zone);
    if (offset === undefined) return undefined;
    date.setTime(date.getTime() - offset);
  }
  return BigInt(date.getTime()) * NS_PER_MS + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

export interface LocalTimeOptions extends ZoneOptions {
  /** `nanoseconds`: nine digits of the second, as `lsl` prints; `seconds` (default): none, as `lsd`. */
  readonly precision?: "seconds" | "nanoseconds";
}

/**
 * `2006-01-02 15:04:05` or `2006-01-02 15:04:05.000000000`. A time is cut, never rounded up, to the precision.
 * Years have four digits or more, with a minus before the year 0; times out of the reach of a Date
 * (271821 BC to 275760) print as the first or the last that it has.
 */
export function formatLocalTime(ms: number, options: LocalTimeOptions = {}): string {
  const inReach = Math.min(MAX_DATE_MS, Math.max(-MAX_DATE_MS, ms));
  let wholeMs = Math.floor(inReach);
  let nsOfMs = Math.round((inReach - wholeMs) * 1e6);
  if (nsOfMs === 1_000_000) [wholeMs, nsOfMs] = [wholeMs + 1, 0];
  const date = new Date(wholeMs);
  // A local time is a UTC time with the same fields: one way to print both.
  const fields = options.zone === "utc" ? date : sameFieldsInUtc(date);
  const year = fields.getUTCFullYear();
  const day = [
    (year < 0 ? "-" : "") + pad(Math.abs(year), 4),
    pad(fields.getUTCMonth() + 1, 2),
    pad(fields.getUTCDate(), 2),
  ].join("-");
  const time = [fields.getUTCHours(), fields.getUTCMinutes(), fields.getUTCSeconds()].map((n) => pad(n, 2));
  const fraction = options.precision === "nanoseconds"
    ? `.${pad(fields.getUTCMilliseconds(), 3)}${pad(nsOfMs, 6)}`
    : "";
  return `${day} ${time.join(":")}${fraction}`;
}

function sameFieldsInUtc(date: Date): Date {
  const fields = new Date(0);
  fields.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  fields.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
  // At the very ends the local fields are out of reach: keep those of UTC.
  return Number.isNaN(fields.getTime()) ? date : fields;
}

function readOffsetMs(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 24 || minutes > 60) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
