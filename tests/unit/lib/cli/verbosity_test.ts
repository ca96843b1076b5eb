import assert from "node:assert/strict";
import { isQuiet, verbosityOf } from "../../../../lib/cli/verbosity.ts";
import { UsageError } from "../../../../lib/errors.ts";
import { SHARED_OPTIONS } from "../../../../lib/shared_options/mod.ts";
import { resolveOptions } from "../../../../lib/settings.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

function settings(flags: Record<string, string>) {
  return resolveOptions(SHARED_OPTIONS, { flags: new Map(Object.entries(flags)), env: fakeEnv() }).values;
}

Deno.test("verbosityOf() knows -v, -q, --debug and --log-level", () => {
  const cases: [Record<string, string>, string, boolean][] = [
    [{}, "notice", false],
    [{ verbose: "1" }, "info", false],
    [{ verbose: "2" }, "debug", false],
    [{ debug: "true" }, "debug", false],
    [{ quiet: "true" }, "warn", true],
    [{ "log-level": "ERROR" }, "error", true],
    [{ "log-level": "NOTICE" }, "notice", false],
    [{ "log-level": "info" }, "info", false],
    [{ "log-level": "DEBUG" }, "debug", false],
    [{ "log-level": "ERROR", debug: "true" }, "debug", false],
  ];
  for (const [flags, level, quiet] of cases) {
    assert.equal(verbosityOf(settings(flags)), level, JSON.stringify(flags));
    assert.equal(isQuiet(settings(flags)), quiet, JSON.stringify(flags));
  }
});

Deno.test("verbosityOf() refuses two ways to say it, and a level that there is not", () => {
  for (const [flags, other] of [[{ verbose: "1" }, "-v"], [{ quiet: "true" }, "-q"]] as const) {
    assert.throws(
      () => verbosityOf(settings({ ...flags, "log-level": "INFO" })),
      (error) => error instanceof UsageError && error.message.includes(`with ${other}:`),
    );
  }
  assert.throws(
    () => verbosityOf(settings({ quiet: "true", verbose: "1" })),
    (error) => error instanceof UsageError && error.message.startsWith("Cannot use -q with -v:"),
  );
  assert.throws(() => settings({ "log-level": "LOUD" }), /none of ERROR, NOTICE, INFO, DEBUG$/);
});
