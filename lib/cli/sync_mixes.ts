/** Options that cannot go together: a table, so that each pair has its reason. */
import { UsageError } from "../errors.ts";
import type { OptionDefinition } from "../options.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";
import { ALL_SYNC_OPTIONS } from "./sync_options.ts";

const KNOWN = { ...SHARED_OPTIONS, ...ALL_SYNC_OPTIONS };

interface Mix {
  readonly keys: readonly [keyof typeof KNOWN, keyof typeof KNOWN];
  /** Why not, as a sentence that goes on. */
  readonly reason: string;
}

const ONE_TIME = "deletions happen at one time";
const NOT_COMPARED = "what is to be transferred anyway is not compared";

const MIXES: readonly Mix[] = [
  { keys: ["deleteBefore", "deleteDuring"], reason: ONE_TIME },
  { keys: ["deleteBefore", "deleteAfter"], reason: ONE_TIME },
  { keys: ["deleteDuring", "deleteAfter"], reason: ONE_TIME },
  {
    keys: ["deleteBefore", "trackRenames"],
    reason: "what is deleted before cannot be moved to its new name any more",
  },
  { keys: ["checksum", "sizeOnly"], reason: "one compares contents, the other does not" },
  { keys: ["checksum", "ignoreTimes"], reason: NOT_COMPARED },
  { keys: ["sizeOnly", "ignoreTimes"], reason: NOT_COMPARED },
  { keys: ["ignoreExisting", "ignoreTimes"], reason: "one leaves alone what the other transfers" },
  { keys: ["immutable", "ignoreTimes"], reason: "one never replaces a file, the other always does" },
  { keys: ["immutable", "update"], reason: "one never replaces a file, the other replaces older ones" },
  { keys: ["compareDest", "copyDest"], reason: "one leaves out what the other copies" },
  { keys: ["links", "copyLinks"], reason: "a link is either copied or followed" },
  { keys: ["interactive", "dryRun"], reason: "where nothing changes there is nothing to ask" },
  { keys: ["interactive", "quiet"], reason: "one asks, the other is to be silent" },
];

/** Throws `UsageError` for two options that are both on and cannot be. Values have the keys of the definitions. */
export function requirePossibleMix(values: Readonly<Record<string, unknown>>): void {
  const isOn = (key: keyof typeof KNOWN) => {
    const value = values[key];
    return value !== undefined && value !== KNOWN[key].default &&
      !(Array.isArray(value) && value.length === 0);
  };
  for (const { keys: [one, other], reason } of MIXES) {
    if (!isOn(one) || !isOn(other)) continue;
    throw new UsageError(`Cannot use ${flagOf(one)} with ${flagOf(other)}: ${reason}`);
  }
}

/** Flags of all pairs, for tests. */
export function impossibleMixes(): (readonly [string, string])[] {
  return MIXES.map(({ keys: [one, other] }) => [flagOf(one), flagOf(other)] as const);
}

function flagOf(key: keyof typeof KNOWN): string {
  const { flag }: OptionDefinition<unknown> = KNOWN[key];
  return `--${flag}`;
}
