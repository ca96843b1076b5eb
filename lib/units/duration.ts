/**
 * Durations, read and written as rclone does (observed: rclone v1.76 `fs.Duration`, fixtures/units/duration.json).
 * rclone counts nanoseconds in 64 bits, more than a number holds: here they are a bigint. Callers that only wait
 * or compare use milliseconds (`parseDurationMs`).
 */
import { UsageError } from "../errors.ts";
import { parseInstantNs, type ZoneOptions } from "./instant.ts";
import { readDecimal } from "./number.ts";

/** The duration that means "no limit": the largest one. */
export const DURATION_OFF = 2n ** 63n - 1n;

const MIN_DURATION = -(2n ** 63n);
const NS_PER_MS = 1_000_000;
const SECOND = 1_000_000_000;
const DAY = 86_400 * SECOND;

/** Go's own units. */
const CLOCK_UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1_000,
  "\u00b5s": 1_000,
  "\u03bcs": 1_000,
  ms: 1_000_000,
  s: SECOND,
  m: 60 * SECOND,
  h: 3_600 * SECOND,
};

/** rclone's additions, longest first. */
const CALENDAR_UNITS = [["y", 365 * DAY], ["M", 30 * DAY], ["w", 7 * DAY], ["d", DAY]] as const;

const READABLE_UNITS = [
  ["y", 365 * DAY],
  ["w", 7 * DAY],
  ["d", DAY],
  ["h", 3_600 * SECOND],
  ["m", 60 * SECOND],
  ["s", SECOND],
  ["ms", 1_000_000],
] as const;

const MAX_SHORT_UNITS = 3;

export interface ParseDurationOptions extends ZoneOptions {
  /** What a date is subtracted from, in nanoseconds since 1970 UTC. */
  readonly nowNs: bigint;
}

/**
 * Nanoseconds of `1h30m`, `1.5d`, `2w`, `3M` (30 days each), `1y` (365 days), `90` (seconds), `off`, or of the
 * time since a date (`2006-01-02`, with `15:04:05` in local time, or RFC 3339). Throws UsageError.
 */
export function parseDurationNs(text: string, options: ParseDurationOptions): bigint {
  if (text === "off") return DURATION_OFF;
  const duration = readClockForm(text) ?? readCalendarForm(text);
  if (duration !== undefined) return duration;
  const instant = parseInstantNs(text, options);
  if (instant === undefined) throw durationError(text);
  return clamp(options.nowNs - instant);
}

/** As `parseDurationNs`, in milliseconds with a fraction; Infinity for `off`. */
export function parseDurationMs(text: string, { nowMs }: { readonly nowMs: number }): number {
  const ns = parseDurationNs(text, { nowNs: BigInt(Math.round(nowMs)) * BigInt(NS_PER_MS) });
  return ns === DURATION_OFF ? Infinity : Number(ns) / NS_PER_MS;
}

/** A duration in a JSON config value: nanoseconds as a number, or a string for `parseDurationNs`. */
export function parseDurationJson(json: string, options: ParseDurationOptions): bigint {
  if (/^-?\d+$/.test(json)) return clamp(BigInt(json));
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw durationError(json);
  }
  if (typeof value !== "string") throw durationError(json);
  return parseDurationNs(value, options);
}

/** What `parseDurationNs` reads back: `1h2m3s` below a day, one decimal number with its unit (`1.5d`) above. */
export function formatDurationNs(ns: bigint): string {
  if (ns === DURATION_OFF) return "off";
  const value = Number(ns);
  for (const [suffix, length] of CALENDAR_UNITS) {
    if (Math.abs(value) >= length) return `${value / length}${suffix}`;
  }
  return formatClockForm(ns);
}

/** All units from years to milliseconds (`1y26w12h`); what is shorter is left out, so it may be empty. */
export function formatDurationReadable(ns: bigint): string {
  return readable(ns, READABLE_UNITS.length);
}

/** The three largest units that are there (`292y24w3d`). */
export function formatDurationShortReadable(ns: bigint): string {
  return readable(ns, MAX_SHORT_UNITS);
}

/** For progress and summaries, two units at most: `17s`, `2m13s`, `1h5m`, `3d4h`; with `tenths`, `3.2s` below 10 s. */
export function formatDuration(ms: number, { tenths = false }: { readonly tenths?: boolean } = {}): string {
  const tenthsOfSecond = Math.round(ms / 100);
  if (tenths && tenthsOfSecond < 100) return `${(tenthsOfSecond / 10).toFixed(1)}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return joinTwo([Math.floor(seconds / 60), "m"], [seconds % 60, "s"]);
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1_440) return joinTwo([Math.floor(minutes / 60), "h"], [minutes % 60, "m"]);
  const hours = Math.round(ms / 3_600_000);
  return joinTwo([Math.floor(hours / 24), "d"], [hours % 24, "h"]);
}

function joinTwo(large: readonly [number, string], small: readonly [number, string]): string {
  return large.join("") + (small[0] === 0 ? "" : small.join(""));
}

/** Go's `time.ParseDuration`: signed, one or more numbers each with a unit, or a bare 0. */
function readClockForm(text: string): bigint | undefined {
  const sign = text.startsWith("-") ? -1n : 1n;
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0n;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/.test(body)) return undefined;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of body.matchAll(/(\d*)(?:\.(\d*))?([^\d.]+)/g)) {
    const length = CLOCK_UNITS[unit] ?? 0;
    total += BigInt(whole) * BigInt(length);
    // As Go does it, floats included: 0.333...h is 20 minutes.
    const digits = fraction.slice(0, 18);
    total += BigInt(Math.trunc(Number(digits) * (length / 10 ** digits.length)));
  }
  const signed = sign * total;
  return clamp(signed) === signed ? signed : undefined;
}

/** One decimal number with d, w, M or y, or of seconds. */
function readCalendarForm(text: string): bigint | undefined {
  const [suffix, length] = CALENDAR_UNITS.find(([unit]) => text.endsWith(unit)) ?? ["", SECOND];
  const value = readDecimal(text.slice(0, text.length - suffix.length));
  if (value === undefined || !(Math.abs(value * length) < 2 ** 63)) return undefined;
  return BigInt(Math.trunc(value * length));
}

/** Go's `Duration.String`. */
function formatClockForm(ns: bigint): string {
  const sign = ns < 0n ? "-" : "";
  const size = ns < 0n ? -ns : ns;
  if (size === 0n) return "0s";
  if (size < BigInt(SECOND)) {
    const [length, unit] = size < 1_000n
      ? [1, "ns"]
      : size < 1_000_000n
      ? [1_000, "\u00b5s"]
      : [1_000_000, "ms"];
    return `${sign}${withFraction(size, BigInt(length))}${unit}`;
  }
  const seconds = withFraction(size % BigInt(60 * SECOND), BigInt(SECOND));
  const minutes = size / BigInt(60 * SECOND);
  if (minutes === 0n) return `${sign}${seconds}s`;
  return minutes < 60n
    ? `${sign}${minutes}m${seconds}s`
    : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}s`;
}

/** `value / unit` in decimal, without trailing zeros; `unit` is a power of ten. */
function withFraction(value: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = digits === 0 ? "" : String(value % unit).padStart(digits, "0").replace(/0+$/, "");
  return `${value / unit}${fraction === "" ? "" : `.${fraction}`}`;
}

function readable(ns: bigint, maxUnits: number): string {
  if (ns === DURATION_OFF) return "off";
  if (ns === 0n) return "0s";
  let rest = ns < 0n ? -ns : ns;
  const parts: string[] = [];
  for (const [suffix, length] of READABLE_UNITS) {
    const count = rest / BigInt(length);
    if (count === 0n || parts.length >= maxUnits) continue;
    parts.push(`${count}${suffix}`);
    rest %= BigInt(length);
  }
  return (ns < 0n ? "-" : "") + parts.join("");
}

function clamp(ns: bigint): bigint {
  return ns > DURATION_OFF ? DURATION_OFF : ns < MIN_DURATION ? MIN_DURATION : ns;
}

function durationError(text: string): UsageError {
  return new UsageError(
    `Cannot read the duration "${text}": it has to be a number with ms, s, m, h, d, w, M or y ` +
      `(seconds without a suffix), a date like 2006-01-02, or "off"`,
  );
}
