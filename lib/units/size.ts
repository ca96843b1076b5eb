/**
 * Sizes in bytes, read and written as rclone does (observed: rclone v1.76 `SizeSuffix`, fixtures/units/size.json).
 *
 * A size is a number. rclone computes sizes with a fraction in 64-bit floats too, so values beyond 2^53 come
 * out the same; -1 is `off`, "no limit".
 */
import { UsageError } from "../errors.ts";
import { formatThreeDecimals, readDecimal, scaleByPowers } from "./number.ts";

/** The size that means "no limit". */
export const SIZE_OFF = -1;

const PREFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const BASE = 1024;
const MAX_SIZE = 2 ** 63;
const ALLOWED = 'a number with B, K, M, G, T, P or E (KiB without a suffix), or "off"';
/** `i` stands before the B or alone; a plain B means bytes, and there is no `KB`. */
const SUFFIXED = /^(?<number>.*?)(?:(?<letter>[kmgtpe])(?:ib|i)?|(?<bytes>b))?$/is;

/** Bytes of `100`, `1.5G`, `10MiB`, `512B`, `off` (-1); a bare number counts KiB. Throws UsageError. */
export function parseSize(text: string): number {
  if (text.toLowerCase() === "off") return SIZE_OFF;
  const groups = SUFFIXED.exec(text)?.groups;
  const value = groups === undefined || hasWrongUpperI(text) ? undefined : readDecimal(groups.number ?? "");
  if (groups === undefined || value === undefined) throw sizeError(text);
  const power = groups.letter === undefined ? 1 : "kmgtpe".indexOf(groups.letter.toLowerCase()) + 1;
  const bytes = Math.trunc(value * (groups.bytes === undefined ? BASE ** power : 1));
  if (bytes < 0 || value < 0 || bytes >= MAX_SIZE) throw sizeError(text);
  return bytes + 0;
}

/** A size in a JSON config value: bytes as a number, or a string for `parseSize`. Throws UsageError. */
export function parseSizeJson(json: string): number {
  const value = readJson(json);
  if (typeof value === "string") return parseSize(value);
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw sizeError(json);
}

/** `1.500Ki`: what `parseSize` reads back, to three decimals. */
export function formatSizeSuffix(bytes: number): string {
  if (bytes < 0) return "off";
  const { digits, prefix } = exactParts(bytes);
  return digits + prefix;
}

/** `1.500 KiB`: rclone's spelling for people, to three decimals. */
export function formatSize(bytes: number): string {
  return formatWithUnit(bytes, "B");
}

/** `7.444 GiB/s`: rclone's spelling of a speed. */
export function formatByteRate(bytesPerSecond: number): string {
  return formatWithUnit(bytesPerSecond, "B/s");
}

/** `7.444 Gibit/s`; the number is not multiplied, as in rclone. */
export function formatBitRate(bitsPerSecond: number): string {
  return formatWithUnit(bitsPerSecond, "bit/s");
}

/** `3.4 MiB`: one decimal, never more than 10 columns; for progress and summaries. */
export function formatSizeCompact(bytes: number): string {
  const whole = Math.max(0, Math.round(bytes));
  const { scaled, power } = scaleByPowers(whole, { base: BASE, maxPower: PREFIXES.length - 1 });
  if (power === 0) return `${whole} B`;
  // 1023.96 KiB would read "1024.0 KiB".
  if (Number(scaled.toFixed(1)) >= BASE && power < PREFIXES.length - 1) return `1.0 ${PREFIXES[power + 1]}B`;
  return `${scaled.toFixed(1)} ${PREFIXES[power]}B`;
}

/** `3.4 MiB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatSizeCompact(bytesPerSecond)}/s`;
}

function formatWithUnit(value: number, unit: string): string {
  if (value < 0) return "off";
  const { digits, prefix } = exactParts(value);
  return `${digits} ${prefix}${unit}`;
}

function exactParts(value: number): { readonly digits: string; readonly prefix: string } {
  const { scaled, power } = scaleByPowers(value, { base: BASE, maxPower: PREFIXES.length - 1 });
  return { digits: formatThreeDecimals(scaled), prefix: PREFIXES[power] ?? "" };
}

/** rclone takes `KI`, `Kib`, `KiB`, not `KIB` or `KIb`. */
function hasWrongUpperI(text: string): boolean {
  return /I[bB]$/.test(text);
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function sizeError(text: string): UsageError {
  return new UsageError(`Cannot read the size "${text}": it has to be ${ALLOWED}`);
}
