import { deepEqual, equal, match, throws } from "node:assert/strict";
import { comparisonOf } from "../../../../lib/cli/comparison_options.ts";
import { deletionsOf } from "../../../../lib/cli/deletion_options.ts";
import { ALL_SYNC_OPTIONS, type SyncChoices, wholeChoices } from "../../../../lib/cli/sync_options.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { resolveOptions } from "../../../../lib/settings.ts";

function choicesOf(flags: Readonly<Record<string, string>>): SyncChoices {
  const sources = { flags: new Map(Object.entries(flags)), env: fakeEnv({}) };
  return resolveOptions(ALL_SYNC_OPTIONS, sources).values;
}

Deno.test("wholeChoices() takes what is given and has all else off", () => {
  const choices = wholeChoices({ update: true });
  deepEqual(choices, { ...choicesOf({}), update: true });
  deepEqual(choices.trackRenamesStrategy, ["hash"]);
  equal(choices.cutoffMode, "hard");
});

Deno.test("comparisonOf() says how files are compared", () => {
  const off = { ignoreExisting: false, update: false, immutable: false };
  const time = { by: "time", modifyWindowMs: 1_000, ...off };
  const cases: readonly [flags: Readonly<Record<string, string>>, comparison: unknown][] = [
    [{}, time],
    [{ checksum: "true" }, { ...time, by: "checksum" }],
    [{ "size-only": "true" }, { ...time, by: "size" }],
    [{ "ignore-times": "true" }, { ...time, by: "never" }],
    [{ "ignore-existing": "true" }, { ...time, ignoreExisting: true }],
    [{ update: "true" }, { ...time, update: true }],
    [{ immutable: "true" }, { ...time, immutable: true }],
    [{ "modify-window": "2s" }, { ...time, modifyWindowMs: 2_000 }],
    [{ "modify-window": "1ms" }, time],
  ];
  for (const [flags, comparison] of cases) deepEqual(comparisonOf(choicesOf(flags)), comparison);
});

Deno.test("deletionsOf() says what is deleted, and when", () => {
  const after = {
    when: "after",
    deleteExcluded: false,
    ignoreErrors: false,
    allowEmptySource: false,
    maxFiles: undefined,
    maxBytes: undefined,
  };
  const cases: readonly [flags: Readonly<Record<string, string>>, deletions: unknown][] = [
    [{}, after],
    [{ "delete-after": "true" }, after],
    [{ "delete-before": "true" }, { ...after, when: "before" }],
    [{ "delete-during": "true" }, { ...after, when: "during" }],
    [{ "delete-during": "true", "track-renames": "true" }, after],
    [{ "max-delete": "0" }, { ...after, maxFiles: 0 }],
    [{ "max-delete": "-1" }, after],
    [{ "max-delete-size": "2M" }, { ...after, maxBytes: 2 * 1024 * 1024 }],
    [{ "max-delete-size": "off" }, after],
    [{ "delete-excluded": "true", "ignore-errors": "true", "allow-empty-source": "true" }, {
      ...after,
      deleteExcluded: true,
      ignoreErrors: true,
      allowEmptySource: true,
    }],
  ];
  for (const [flags, deletions] of cases) deepEqual(deletionsOf(choicesOf(flags)), deletions);
});

Deno.test("places and words that are lists are read as such", () => {
  deepEqual(choicesOf({ "compare-dest": "a\0b c" }).compareDest, ["a", "b c"]);
  deepEqual(choicesOf({ "track-renames-strategy": "modtime,leaf" }).trackRenamesStrategy, [
    "modtime",
    "leaf",
  ]);
});

Deno.test("values that cannot be meant are refused with what is allowed", () => {
  const cases: readonly [flag: string, value: string, message: RegExp][] = [
    ["max-delete", "", /is not a number of files/],
    ["max-delete", "-2", /is not a number of files/],
    ["max-delete", "many", /Cannot use "many" for --max-delete: it is not a number of files/],
    ["max-delete-size", "many", /Cannot use "many" for --max-delete-size: it is not a size such as 500k/],
    ["max-transfer", "-1", /is not a size/],
    ["max-duration", "soon", /is not a duration/],
    ["modify-window", "x", /is not a duration/],
    ["cutoff-mode", "slow", /is none of hard, soft, cautious/],
    ["track-renames-strategy", "hash,name", /"name" is none of hash, modtime, leaf/],
    ["suffix", "a/b", /a name cannot hold a slash/],
  ];
  for (const [flag, value, message] of cases) {
    throws(() => choicesOf({ [flag]: value }), (error: Error) => {
      match(error.message, message);
      return true;
    });
  }
});
