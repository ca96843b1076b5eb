/** The time that `touch --timestamp` names, in rclone's forms. No I/O. */
import { UsageError } from "../errors.ts";
import { parseInstantNs } from "../units.ts";

const SHORT = /^(\d\d)(\d\d)(\d\d)$/;
/** Two digits of a year from here on are of the last century, as Go has it. */
const FIRST_OF_LAST_CENTURY = 69;
const NS_PER_MS = 1e6;

/**
 * Milliseconds since 1970 UTC of `YYMMDD`, `YYYY-MM-DDTHH:MM:SS` with or without a fraction, and also `YYYY-MM-DD`, a
 * space for the `T` and a zone at the end; without one the time is UTC, or local. Throws `UsageError`.
 */
export function parseTouchTime(text: string, options: { readonly isLocal: boolean }): number {
  const [, year, month, day] = SHORT.exec(text) ?? [];
  const century = Number(year) >= FIRST_OF_LAST_CENTURY ? "19" : "20";
  const full = year === undefined ? text : `${century}${year}-${month}-${day}`;
  const ns = parseInstantNs(full, { zone: options.isLocal ? "local" : "utc" });
  if (ns !== undefined) return Number(ns) / NS_PER_MS;
  throw new UsageError(`Cannot use "${text}" for --timestamp: it is not a time`, {
    hint: "Write it as 2006-01-02T15:04:05, with or without a fraction, or as YYMMDD",
  });
}
