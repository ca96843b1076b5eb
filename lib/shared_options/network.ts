/** How the service is reached, and how fast. */
import { JottashError, UsageError } from "../errors.ts";
import { duration, type OptionDefinition, text, whole } from "../options.ts";
import { type BandwidthTimetable, parseBandwidth } from "../units.ts";

const GROUP = "Network options:";

export const NETWORK_OPTIONS = {
  bwlimit: bandwidth({
    flag: "bwlimit",
    help: "Most bytes per second: 10M, UP:DOWN, or by the time: 08:00,512k 19:00,off",
  }),
  bwlimitFile: bandwidth({
    flag: "bwlimit-file",
    isRare: true,
    help: "The same for each file by itself",
  }),
  tpslimit: {
    flag: "tpslimit",
    valueName: "N",
    group: GROUP,
    isRare: true,
    default: 0,
    parse: parseTurns,
    help: "Most requests per second, as in 10 or 0.5; 0 is any number (default 0)",
  } as OptionDefinition<number>,
  tpslimitBurst: whole({
    flag: "tpslimit-burst",
    group: GROUP,
    isRare: true,
    default: 1,
    min: 1,
    max: 10_000,
    help: "With --tpslimit: requests that may go at once after a pause",
  }),
  timeout: patience({
    flag: "timeout",
    default: 300_000,
    help: "Give up a connection that is silent for so long; 0 never (default 5m)",
  }),
  contimeout: patience({
    flag: "contimeout",
    isRare: true,
    default: 60_000,
    help: "Give up a connection that is not made within this time; 0 never (default 1m)",
  }),
  bind: text({
    flag: "bind",
    valueName: "ADDRESS",
    group: GROUP,
    isRare: true,
    help: "Connect from this address of this machine; 0.0.0.0 or :: for IPv4 or IPv6 only",
  }),
  caCert: {
    flag: "ca-cert",
    valueName: "FILE",
    group: GROUP,
    isRare: true,
    joinedBy: "\n",
    default: [],
    parse: (value) => value.split("\n").filter((path) => path !== ""),
    help: "Trust the CA certificates in this PEM file too; can be repeated",
  } as OptionDefinition<readonly string[]>,
  userAgent: {
    flag: "user-agent",
    valueName: "TEXT",
    group: GROUP,
    isRare: true,
    default: undefined,
    parse: parseUserAgent,
    help: "How the program introduces itself to the service",
  } as OptionDefinition<string | undefined>,
  endpoint: text({
    flag: "endpoint",
    valueName: "URL",
    configKey: "endpoint",
    group: GROUP,
    isRare: true,
    help: "One address in place of the service's hosts (https, or http on loopback)",
  }),
} as const;

type Basics = Pick<OptionDefinition<unknown>, "flag" | "help" | "isRare">;

function bandwidth(basics: Basics): OptionDefinition<BandwidthTimetable | undefined> {
  return {
    ...basics,
    valueName: "BANDWIDTH",
    group: GROUP,
    default: undefined,
    parse: (value) => {
      try {
        return parseBandwidth(value);
      } catch (cause) {
        if (!(cause instanceof JottashError)) throw cause;
        const state = cause.message.replace(/^Cannot read the bandwidth ".*?": /s, "");
        throw new UsageError(`Cannot use "${value}" for --${basics.flag}: ${state}`, { cause });
      }
    },
  };
}

/** A wait with an end, or none: 0 and `off` are Infinity, as in rclone. */
function patience(basics: Basics & { readonly default: number }): OptionDefinition<number> {
  const base = duration({ ...basics, group: GROUP, minMs: 1 });
  return {
    ...base,
    parse: (value) => /^0(ns|us|ms|s|m|h|d|w|M|y)?$/.test(value) ? Infinity : base.parse(value),
  };
}

function parseTurns(value: string): number {
  if (/^(\d+\.?\d*|\.\d+)$/.test(value)) return Number(value);
  throw new UsageError(
    `Cannot use "${value}" for --tpslimit: it is no number of requests, such as 10 or 0.5`,
  );
}

function parseUserAgent(value: string): string | undefined {
  if (/^[\x20-\x7e]*$/.test(value)) return value.trim() === "" ? undefined : value.trim();
  throw new UsageError("Cannot use the text for --user-agent: it has characters that no HTTP header has");
}
