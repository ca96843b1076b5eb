/** What an option is, as data, and the kinds that most options are of. The tables are in `shared_options/` and in commands. */
import { UsageError } from "./errors.ts";
import { parseDurationMs, parseSize, SIZE_OFF } from "./units.ts";

export interface OptionDefinition<T> {
  /** Long flag without dashes. */
  readonly flag: string;
  readonly short?: string;
  /** Shown in help for the value; an option without one is a switch (or, with `counts`, a counter). */
  readonly valueName?: string;
  readonly counts?: boolean;
  /** Given several times, the texts are joined with this; without it the last one counts. */
  readonly joinedBy?: string;
  /** Heading in the help, where it is not the one for all options of the command. */
  readonly group?: string;
  /** Few people need it: left out of the help of commands, and listed by `jottash help flags`. */
  readonly isRare?: boolean;
  /** Text as typed -> value. Throws `UsageError` that says what is allowed. */
  readonly parse: (text: string) => T;
  readonly default: T;
  /** Key in the remote's section of the config file, for options of a remote. */
  readonly configKey?: string;
  readonly help: string;
}

export type OptionTable = Readonly<Record<string, OptionDefinition<unknown>>>;

/** The record of values that belongs to a table of definitions. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends OptionDefinition<infer Value> ? Value : never;
};

type Basics = Pick<OptionDefinition<unknown>, "flag" | "short" | "configKey" | "help" | "group" | "isRare">;

export function toggle(basics: Basics): OptionDefinition<boolean> {
  return { ...basics, default: false, parse: (text) => parseBoolean(basics.flag, text) };
}

export function counter(basics: Basics): OptionDefinition<number> {
  return { ...basics, counts: true, default: 0, parse: (text) => parseWhole(basics.flag, text, 0, 9) };
}

export function text(basics: Basics & { readonly valueName: string }): OptionDefinition<string | undefined> {
  return { ...basics, default: undefined, parse: (value) => value === "" ? undefined : value };
}

export function whole(
  basics: Basics & { readonly default: number; readonly min: number; readonly max: number },
): OptionDefinition<number> {
  const { min, max, ...rest } = basics;
  return { ...rest, valueName: "N", parse: (value) => parseWhole(basics.flag, value, min, max) };
}

export function duration(
  basics: Basics & { readonly default: number; readonly minMs: number },
): OptionDefinition<number> {
  const { minMs, ...rest } = basics;
  return { ...rest, valueName: "DURATION", parse: (value) => parseWait(basics.flag, value, minMs) };
}

/** Bytes; undefined where there is no limit, which is also what "off" says. */
export function sizeLimit(basics: Basics): OptionDefinition<number | undefined> {
  return {
    ...basics,
    valueName: "SIZE",
    default: undefined,
    parse: (value) => parseSizeLimit(basics.flag, value),
  };
}

function parseSizeLimit(flag: string, value: string): number | undefined {
  try {
    const bytes = parseSize(value);
    return bytes === SIZE_OFF ? undefined : bytes;
  } catch (cause) {
    throw new UsageError(`Cannot use "${value}" for --${flag}: it is not a size such as 500k or 10G`, {
      cause,
    });
  }
}

function parseBoolean(flag: string, value: string): boolean {
  if (/^(1|t|true|yes|on)$/i.test(value)) return true;
  if (/^(0|f|false|no|off)$/i.test(value)) return false;
  throw new UsageError(`Cannot use "${value}" for --${flag}: it is neither true nor false`);
}

function parseWhole(flag: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw new UsageError(`Cannot use "${value}" for --${flag}: it is not a whole number from ${min} to ${max}`);
}

function parseWait(flag: string, value: string, minMs: number): number {
  let ms: number;
  try {
    ms = parseDurationMs(value, { nowMs: 0 });
  } catch (cause) {
    throw new UsageError(`Cannot use "${value}" for --${flag}: it is not a duration such as 30s or 5m`, {
      cause,
    });
  }
  if (ms >= minMs) return ms;
  throw new UsageError(`Cannot use "${value}" for --${flag}: it must be at least ${minMs / 1_000}s`);
}
