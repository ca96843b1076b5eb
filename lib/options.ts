/**
 * Shared options: one entry each. Flag, environment name, config key, default, bounds, help and completion all
 * derive from the entry. Options of a single command are entries of the same kind in that command's spec.
 */
import { UsageError } from "./errors.ts";
import { parseMask } from "./names/mask.ts";
import { parseDurationMs } from "./units.ts";

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

type Basics = Pick<OptionDefinition<unknown>, "flag" | "short" | "configKey" | "help">;

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

/** Options of every command. */
export const SHARED_OPTIONS = {
  dryRun: toggle({ flag: "dry-run", short: "n", help: "Say what would be done, change nothing" }),
  progress: toggle({
    flag: "progress",
    short: "P",
    help: "Show progress also where there is no terminal: a line now and then",
  }),
  verbose: counter({ flag: "verbose", short: "v", help: "Say more: each file; -vv each request too" }),
  quiet: toggle({ flag: "quiet", short: "q", help: "Say nothing but errors and warnings" }),
  transfers: whole({ flag: "transfers", default: 4, min: 1, max: 64, help: "Files copied at the same time" }),
  checkers: whole({ flag: "checkers", default: 8, min: 1, max: 64, help: "Folders read at the same time" }),
  stats: duration({
    flag: "stats",
    default: 5_000,
    minMs: 100,
    help: "Time between two lines of progress (default 5s)",
  }),
  timeout: duration({
    flag: "timeout",
    default: 300_000,
    minMs: 1_000,
    help: "Give up a connection that is silent for so long (default 5m)",
  }),
  lowLevelRetries: whole({
    flag: "low-level-retries",
    default: 8,
    min: 1,
    max: 1_000,
    help: "Tries of a request that meets a passing failure",
  }),
  device: text({ flag: "device", valueName: "NAME", configKey: "device", help: 'Device (default "Jotta")' }),
  mountpoint: text({
    flag: "mountpoint",
    valueName: "NAME",
    configKey: "mountpoint",
    help: 'Mountpoint of the device (default "Archive")',
  }),
  encoding: {
    flag: "encoding",
    valueName: "FLAGS",
    configKey: "encoding",
    default: undefined,
    help: "How names are stored, as rclone's option of that name",
    parse: (value: string) => value === "" ? undefined : parseMask(value),
  } as OptionDefinition<number | undefined>,
  hardDelete: toggle({
    flag: "hard-delete",
    configKey: "hard_delete",
    help: "Delete files and folders of a remote for good, past the trash",
  }),
  endpoint: text({
    flag: "endpoint",
    valueName: "URL",
    configKey: "endpoint",
    help: "One address in place of the service's hosts (https, or http on loopback)",
  }),
  tokenFile: text({
    flag: "token-file",
    valueName: "FILE",
    configKey: "token_file",
    help: "Keep the session in this file instead of the config",
  }),
  tokenGetCmd: text({
    flag: "token-get-cmd",
    valueName: "COMMAND",
    configKey: "token_get_cmd",
    help: "Get the session from the output of this command",
  }),
  tokenPutCmd: text({
    flag: "token-put-cmd",
    valueName: "COMMAND",
    configKey: "token_put_cmd",
    help: "Give each new session to the standard input of this command, before it is used",
  }),
  config: text({
    flag: "config",
    valueName: "FILE",
    help: 'Config file (default: see "jottash config file")',
  }),
  passwordCommand: text({
    flag: "password-command",
    valueName: "COMMAND",
    help: "Get the password of an encrypted config from the output of this command",
  }),
  askPassword: {
    ...toggle({
      flag: "ask-password",
      help: "Ask for the password of an encrypted config (on a terminal; =false never asks)",
    }),
    default: true,
  },
  debug: toggle({ flag: "debug", help: "Say each request, and where a failure comes from" }),
} as const;

export type SharedSettings = OptionValues<typeof SHARED_OPTIONS>;

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
