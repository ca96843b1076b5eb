import { deepEqual, doesNotThrow, equal, match, throws } from "node:assert/strict";
import { COMMANDS } from "../../../../commands/mod.ts";
import { impossibleMixes, requirePossibleMix } from "../../../../lib/cli/sync_mixes.ts";
import { ALL_SYNC_OPTIONS, wholeChoices } from "../../../../lib/cli/sync_options.ts";
import { UsageError } from "../../../../lib/errors.ts";
import type { OptionDefinition } from "../../../../lib/options.ts";
import { SHARED_OPTIONS } from "../../../../lib/shared_options/mod.ts";

const DEFINITIONS: readonly (readonly [string, OptionDefinition<unknown>])[] = Object.entries({
  ...SHARED_OPTIONS,
  ...ALL_SYNC_OPTIONS,
});

/** No option has it as its default. */
const ON = Symbol("on");

/** What is refused, by the flags of a pair in the order of the alphabet. */
const REFUSED: readonly (readonly [one: string, other: string, reason: RegExp])[] = [
  ["delete-before", "delete-during", /deletions happen at one time/],
  ["delete-after", "delete-before", /deletions happen at one time/],
  ["delete-after", "delete-during", /deletions happen at one time/],
  ["delete-before", "track-renames", /cannot be moved to its new name/],
  ["checksum", "size-only", /one compares contents/],
  ["checksum", "ignore-times", /transferred anyway/],
  ["ignore-times", "size-only", /transferred anyway/],
  ["ignore-existing", "ignore-times", /leaves alone/],
  ["ignore-times", "immutable", /never replaces/],
  ["immutable", "update", /never replaces/],
  ["compare-dest", "copy-dest", /leaves out what the other copies/],
  ["copy-links", "links", /either copied or followed/],
  ["dry-run", "interactive", /nothing to ask/],
  ["interactive", "quiet", /to be silent/],
];

Deno.test("requirePossibleMix() refuses these pairs of options with a reason, and no other pair", () => {
  const expected = new Map(REFUSED.map(([one, other, reason]) => [`${one} ${other}`, reason]));
  let checked = 0;
  for (const [oneKey, one] of DEFINITIONS) {
    for (const [otherKey, other] of DEFINITIONS) {
      if (one.flag >= other.flag) continue;
      const values = { ...wholeChoices({}), [oneKey]: ON, [otherKey]: ON };
      const reason = expected.get(`${one.flag} ${other.flag}`);
      const check = () => requirePossibleMix(values);
      if (reason === undefined) doesNotThrow(check, `--${one.flag} --${other.flag}`);
      else {
        throws(check, (error: unknown) => {
          match(String(error), reason);
          match(String(error), new RegExp(`--${one.flag}\\b`));
          match(String(error), new RegExp(`--${other.flag}\\b`));
          return error instanceof UsageError;
        });
        checked++;
      }
    }
  }
  equal(checked, REFUSED.length);
  equal(impossibleMixes().length, REFUSED.length);
});

Deno.test("requirePossibleMix() leaves alone what is off or given as its default", () => {
  requirePossibleMix({ ...wholeChoices({ checksum: true, sizeOnly: false, compareDest: [], copyDest: [] }) });
  requirePossibleMix({
    ...wholeChoices({ copyDest: ["a"], compareDest: [] }),
    dryRun: true,
    interactive: false,
  });
});

Deno.test("the commands that transfer have the options that make sense for them", async () => {
  const flags = async (name: string) => {
    const row = COMMANDS.find((each) => each.name === name);
    const command = await row?.load();
    return new Set(Object.values(command?.spec.options ?? {}).map(({ flag }) => flag));
  };
  const everywhere = ["checksum", "backup-dir", "order-by", "max-transfer", "interactive", "include"];
  const cases: readonly [name: string, has: readonly string[], lacks: readonly string[]][] = [
    ["copy", ["no-traverse"], ["delete-after", "max-delete", "track-renames", "delete-empty-src-dirs"]],
    ["copyto", ["no-traverse"], ["delete-excluded", "delete-empty-src-dirs"]],
    ["sync", ["delete-before", "allow-empty-source"], ["no-traverse", "delete-empty-src-dirs"]],
    ["move", ["no-traverse", "delete-empty-src-dirs"], ["delete-during", "max-delete-size"]],
    ["moveto", ["no-traverse", "delete-empty-src-dirs"], ["ignore-errors"]],
  ];
  for (const [name, has, lacks] of cases) {
    const known = await flags(name);
    deepEqual([...everywhere, ...has].filter((flag) => !known.has(flag)), [], name);
    deepEqual(lacks.filter((flag) => known.has(flag)), [], name);
  }
});
