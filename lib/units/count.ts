/** Counts with decimal suffixes, as rclone's `CountSuffix` (fixtures/units/count.json); -1 is `off`. */
import { UsageError } from "../errors.ts";
import { formatThreeDecimals, readDecimal, scaleByPowers } from "./number.ts";

/** The count that means "no limit". */
export const COUNT_OFF = -1;

const PREFIXES = ["", "k", "M", "G", "T", "P", "E"] as const;
const BASE = 1000;
const MAX_COUNT = 2 ** 63;
const SUFFIXED = /^(?<number>.*?)(?:(?<letter>[kmgtpe])b?|(?<ones>b))?$/is;

/** The count meant by `1.5k`, `10M`, `7b` (7), `off` (-1); a bare number counts thousands. Throws UsageError. */
export function parseCount(text: string): number {
  if (text.toLowerCase() === "off") return COUNT_OFF;
  const groups = SUFFIXED.exec(text)?.groups;
  const value = groups === undefined ? undefined : readDecimal(groups.number ?? "");
  if (groups === undefined || value === undefined) throw countError(text);
  const power = groups.letter === undefined ? 1 : "kmgtpe".indexOf(groups.letter.toLowerCase()) + 1;
  const count = Math.trunc(value * (groups.ones === undefined ? BASE ** power : 1));
  if (count < 0 || value < 0 || count >= MAX_COUNT) throw countError(text);
  return count + 0;
}

/** `1.049M`: what `parseCount` reads back, to three decimals. */
export function formatCountSuffix(count: number): string {
  if (count < 0) return "off";
  const { scaled, power } = scaleByPowers(count, { base: BASE, maxPower: PREFIXES.length - 1 });
  return formatThreeDecimals(scaled) + (PREFIXES[power] ?? "");
}

/** `20,000`. */
export function formatCount(count: number): string {
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 file`, `20,000 files`; the plural is the singular with an s unless given. */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

function countError(text: string): UsageError {
  return new UsageError(
    `Cannot read the count "${text}": it has to be a number with b, k, M, G, T, P or E ` +
      `(thousands without a suffix), or "off"`,
  );
}
