import { deepEqual, equal, throws } from "node:assert/strict";
import { localRulesOf, type LocalSettings } from "../../../../lib/cli/local_options.ts";
import { PLAIN_LOCAL_RULES } from "../../../../lib/local/local_rules.ts";
import { resolveOptions } from "../../../../lib/settings.ts";
import { LOCAL_OPTIONS } from "../../../../lib/shared_options/local.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

function settingsFor(flags: Readonly<Record<string, string>>): LocalSettings {
  const env = fakeEnv();
  return resolveOptions(LOCAL_OPTIONS, { flags: new Map(Object.entries(flags)), env }).values;
}

Deno.test("localRulesOf() says what each option does", () => {
  deepEqual(localRulesOf(settingsFor({})), PLAIN_LOCAL_RULES);
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ links: "true" }, "translate"],
    [{ "copy-links": "true" }, "follow"],
    [{ "skip-links": "true" }, "skip"],
    [{ "skip-links": "true", links: "true" }, "translate"],
    [{ "skip-links": "true", "copy-links": "true" }, "follow"],
  ];
  for (const [flags, links] of cases) equal(localRulesOf(settingsFor(flags)).links, links);
  equal(localRulesOf(settingsFor({ "one-file-system": "true" })).staysOnFileSystem, true);
  deepEqual(localRulesOf(settingsFor({ inplace: "true", "partial-suffix": ".part" })).writing, {
    isInPlace: true,
    partialSuffix: ".part",
  });
});

Deno.test("localRulesOf() refuses links that are copied and followed", () => {
  throws(() => localRulesOf(settingsFor({ links: "true", "copy-links": "true" })), {
    code: "usage",
    message: "Cannot use --links with --copy-links: a link is either copied or followed",
  });
});

Deno.test("--partial-suffix takes a short part of a name", () => {
  for (const suffix of [".partial", "~", ".å", "x".repeat(16)]) {
    equal(settingsFor({ "partial-suffix": suffix }).partialSuffix, suffix);
  }
  for (const suffix of ["x".repeat(17), "a/b", "a\\b", "a\0", "\ud800"]) {
    throws(() => settingsFor({ "partial-suffix": suffix }), { code: "usage" }, suffix);
  }
});
