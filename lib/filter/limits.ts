/** What sizes, ages and depths a filter lets through. */
import { UsageError } from "../errors.ts";
import {
  DURATION_OFF,
  parseDurationNs,
  parseInstantNs,
  parseSize,
  SIZE_OFF,
  type ZoneOptions,
} from "../units.ts";
import { type FilterFlag, type FilterWord, valueOf } from "./words.ts";

/** All bounds are let through themselves; -Infinity and Infinity where there is none. */
export interface Limits {
  readonly minSize: number;
  readonly maxSize: number;
  readonly modifiedFromMs: number;
  readonly modifiedToMs: number;
  /** Levels below the root that are listed: with 1 only what the root itself holds. */
  readonly maxDepth: number;
}

export interface LimitOptions extends ZoneOptions {
  /** What ages are counted from. */
  readonly nowMs: number;
}

const NS_PER_MS = 1_000_000n;
/**
 * rclone turns a date into an age and, a moment later, the age into a time again: a file that is from exactly that
 * date is too old for `--max-age`, and old enough for `--min-age`.
 */
const DATE_DELAY_NS = 1_000n;

/** Throws UsageError for a value that cannot be read, and for ages that leave nothing. */
export function parseLimits(words: readonly FilterWord[], options: LimitOptions): Limits {
  const limits: Limits = {
    minSize: readSize(words, "min-size") ?? -Infinity,
    maxSize: readSize(words, "max-size") ?? Infinity,
    modifiedFromMs: readAge(words, "max-age", options) ?? -Infinity,
    modifiedToMs: readAge(words, "min-age", options) ?? Infinity,
    maxDepth: readDepth(words),
  };
  if (limits.modifiedToMs < limits.modifiedFromMs) {
    const [least, most] = [valueOf(words, "min-age") ?? "", valueOf(words, "max-age") ?? ""];
    throw new UsageError(`Cannot use --min-age "${least}" with --max-age "${most}": no file has both ages`);
  }
  return limits;
}

function readSize(words: readonly FilterWord[], flag: FilterFlag): number | undefined {
  const text = valueOf(words, flag);
  if (text === undefined) return undefined;
  const size = naming(flag, () => parseSize(text));
  return size === SIZE_OFF ? undefined : size;
}

/** The point in time that lies so long ago. */
function readAge(words: readonly FilterWord[], flag: FilterFlag, options: LimitOptions): number | undefined {
  const text = valueOf(words, flag);
  if (text === undefined) return undefined;
  const nowNs = BigInt(Math.round(options.nowMs)) * NS_PER_MS;
  const age = naming(flag, () => parseDurationNs(text, { ...options, nowNs }));
  if (age === DURATION_OFF) return undefined;
  const instant = nowNs - age + (parseInstantNs(text, options) === undefined ? 0n : DATE_DELAY_NS);
  return Number(instant / NS_PER_MS) + Number(instant % NS_PER_MS) / Number(NS_PER_MS);
}

/** rclone takes 0 for "no limit", as any number below it. */
function readDepth(words: readonly FilterWord[]): number {
  const text = valueOf(words, "max-depth");
  if (text === undefined) return Infinity;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new UsageError(`Cannot use "${text}" for --max-depth: it is not a whole number`);
  }
  const depth = Number(text);
  return depth > 0 ? depth : Infinity;
}

function naming<Value>(flag: FilterFlag, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} (from --${flag})`, {
      hint: error.hint,
      cause: error,
      data: { flag },
    });
  }
}
