/**
 * Which of the files that wait goes first (--order-by), as rclone has it (observed: rclone v1.60.1, its words and what
 * it refuses).
 */
import { UsageError } from "../errors.ts";
import { compareNames } from "../names/compare.ts";
import type { FileEntry } from "../tree/tree.ts";
import type { JobOrder } from "./sync_options.ts";

type Compare = JobOrder["compare"];

const COMPARISONS: ReadonlyMap<string, Compare> = new Map<string, Compare>([
  ["size", (left, right) => left.size - right.size],
  ["name", (left, right) => compareNames(left.path, right.path)],
  ["modtime", (left, right) => instantOf(left) - instantOf(right)],
]);

/** What follows the comparison; undefined for the mixed mode, which takes from both ends. */
const DESCENDS: ReadonlyMap<string, boolean | undefined> = new Map([
  ["ascending", false],
  ["asc", false],
  ["descending", true],
  ["desc", true],
  ["mixed", undefined],
]);

/** Of the transfers, how many take the first in the mixed mode. */
const DEFAULT_MIXED_PERCENT = 50;

/** Reads `size,descending`, `name`, `modtime,mixed,25`; words in any case. Throws `UsageError`. */
export function parseJobOrder(text: string): JobOrder {
  const [by = "", direction = "ascending", percent, ...rest] = text.split(",");
  const compare = COMPARISONS.get(by.toLowerCase());
  if (compare === undefined) throw orderError(text, `"${by}" is none of size, name, modtime`);
  if (!DESCENDS.has(direction.toLowerCase())) {
    throw orderError(text, `"${direction}" is none of ascending, descending, mixed`);
  }
  const descends = DESCENDS.get(direction.toLowerCase());
  if (rest.length > 0 || percent !== undefined && descends !== undefined) {
    throw orderError(text, "there is too much at its end");
  }
  if (descends === undefined) return { compare, fromOtherEndPercent: 100 - readPercent(percent, text) };
  return { compare: descends ? (left, right) => compare(right, left) : compare, fromOtherEndPercent: 0 };
}

/** More than 100 is as good as 100, as in rclone. */
function readPercent(percent: string | undefined, text: string): number {
  if (percent === undefined) return DEFAULT_MIXED_PERCENT;
  if (/^(?:\+?\d+|-0+)$/.test(percent)) return Math.min(100, Math.abs(Number(percent)));
  throw orderError(text, `"${percent}" is no percentage`);
}

function orderError(text: string, state: string): UsageError {
  return new UsageError(`Cannot order by "${text}": ${state}`, {
    hint: "Say for example: --order-by size,descending",
  });
}

/** A time that nobody knows is the oldest. */
function instantOf({ modifiedAtMs }: FileEntry): number {
  return modifiedAtMs ?? -Number.MAX_SAFE_INTEGER;
}
