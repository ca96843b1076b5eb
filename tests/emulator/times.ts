/**
 * The service's time formats (API reference 4.10). The state keeps whole seconds since the epoch: the service drops
 * fractions, and small integers keep half a million nodes small.
 */

/** Seconds since the epoch as RFC 3339 in UTC without fraction. A year outside 0000-9999 has a sign and six digits. */
function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** `2024-05-01-T10:20:30Z`, used by all JFS XML except liststream. */
export function formatClassic(seconds: number): string {
  const iso = isoOf(seconds);
  const split = iso.indexOf("T");
  return `${iso.slice(0, split)}-${iso.slice(split, -5)}Z`;
}

/** `2024-05-01T10:20:30.000Z`, used by liststream. */
export function formatMillis(seconds: number): string {
  return isoOf(seconds);
}

const CLASSIC = /^([+-]?\d{4,6}-\d\d-\d\d)-?(T\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)$/i;

/** Accepts classic and RFC 3339, with and without a colon in the offset; undefined when unreadable. */
export function parseTime(text: string): number | undefined {
  const match = CLASSIC.exec(text.trim());
  if (match === null) return undefined;
  const [, day = "", time = "", zone = ""] = match;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  return secondsOf(Date.parse(`${day}${time.toUpperCase()}${offset}`));
}

/** Whole seconds, fractions dropped; undefined for what no date can hold. */
function secondsOf(ms: number): number | undefined {
  return Number.isNaN(new Date(ms).getTime()) ? undefined : Math.floor(ms / 1000);
}

/** A time field of the allocate request: RFC 3339, classic or integer milliseconds (4.10). */
export function parseJsonTime(value: unknown): number | undefined {
  if (typeof value === "number") return secondsOf(value);
  if (typeof value !== "string") return undefined;
  return /^-?\d+$/.test(value) ? secondsOf(Number(value)) : parseTime(value);
}
