/**
 * The lines of a state file: what was read when, each with a sum of its own, so that a line which a crash tore is known
 * for one and left out. Pure.
 *
 * The first line says which two places the file is about; each further one is about one file, and the last about a path
 * counts.
 */
import { md5OfBytes } from "../hash/md5.ts";

const VERSION = 1;
const SUM_LENGTH = 8;

/** The places, as messages call them. */
export interface StateSides {
  /** Where the files are read from. */
  readonly place: string;
  /** What says how they have to be. */
  readonly reference: string;
}

export interface VerifiedRecord {
  readonly path: string;
  /** Of the reference then: another size or time later makes the record void. */
  readonly size: number;
  readonly modifiedAtMs: number | undefined;
  /** Lower-case hex, of the bytes that came from the place. */
  readonly md5: string | undefined;
  /** When it was read. */
  readonly atMs: number;
  /** In which way it differed; undefined where it was the same. */
  readonly what: string | undefined;
}

interface StateContent {
  /** Undefined where there is no first line that can be read. */
  readonly sides: StateSides | undefined;
  readonly records: ReadonlyMap<string, VerifiedRecord>;
  /** Lines that were left out. */
  readonly damaged: number;
  /** The file is of a later version of this program. */
  readonly isForeign: boolean;
}

export function formatHeader({ place, reference }: StateSides): string {
  return lineOf({ verifyState: VERSION, place, reference });
}

export function formatRecord({ path, size, modifiedAtMs, md5, atMs, what }: VerifiedRecord): string {
  return lineOf({ path, size, modifiedAtMs, md5, atMs, what });
}

export function parseState(text: string): StateContent {
  const records = new Map<string, VerifiedRecord>();
  let sides: StateSides | undefined;
  let damaged = 0;
  let isForeign = false;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const value = valueOf(line);
    if (value?.verifyState !== undefined) {
      if (value.verifyState !== VERSION) isForeign = true;
      else sides ??= sidesOf(value);
      continue;
    }
    const record = value && recordOf(value);
    if (record === undefined) damaged++;
    else records.set(record.path, record);
  }
  return { sides, records, damaged, isForeign };
}

function lineOf(value: object): string {
  const json = JSON.stringify(value);
  return `${sumOf(json)} ${json}\n`;
}

function valueOf(line: string): Readonly<Record<string, unknown>> | undefined {
  const json = line.slice(SUM_LENGTH + 1);
  if (line[SUM_LENGTH] !== " " || sumOf(json) !== line.slice(0, SUM_LENGTH)) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function sidesOf({ place, reference }: Readonly<Record<string, unknown>>): StateSides | undefined {
  return typeof place === "string" && typeof reference === "string" ? { place, reference } : undefined;
}

function recordOf(value: Readonly<Record<string, unknown>>): VerifiedRecord | undefined {
  const { path, size, modifiedAtMs, md5, atMs, what } = value;
  const isWhole = typeof path === "string" && isNumber(size) && isNumber(atMs) &&
    (modifiedAtMs === undefined || isNumber(modifiedAtMs)) &&
    (md5 === undefined || typeof md5 === "string") && (what === undefined || typeof what === "string");
  return isWhole ? { path, size, modifiedAtMs, md5, atMs, what } : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function sumOf(json: string): string {
  return md5OfBytes(new TextEncoder().encode(json)).slice(0, SUM_LENGTH);
}
