/** A random part of all files, by their number: each path is in or out by itself, so that no list of all is needed. */
import { UsageError } from "../errors.ts";
import { md5OfBytes } from "../hash/md5.ts";

export interface Sample {
  /** Of all files, above 0 and at most 1. */
  readonly share: number;
  /** The same part for the same text. */
  readonly seed: string;
}

/** Hex digits that a number holds exactly. */
const DIGITS = 12;

/** `5%` or `0.5%` as a share of 1. Throws `UsageError`. */
export function parseShare(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1] ?? "unreadable");
  if (percent > 0 && percent <= 100) return percent / 100;
  throw new UsageError(`Cannot use "${text}" for --sample: it is not a part of 100 such as 5% or 0.5%`);
}

export function isInSample(path: string, { share, seed }: Sample): boolean {
  const digest = md5OfBytes(new TextEncoder().encode(`${seed}\n${path}`));
  return parseInt(digest.slice(0, DIGITS), 16) < share * 16 ** DIGITS;
}
