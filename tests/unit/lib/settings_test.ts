import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { JottashError } from "../../../lib/errors.ts";
import { SHARED_OPTIONS } from "../../../lib/options.ts";
import { environmentName, resolveOptions } from "../../../lib/settings.ts";

function resolve(
  sources: {
    readonly flags?: Record<string, string>;
    readonly env?: Record<string, string>;
    readonly section?: Record<string, string>;
  },
) {
  return resolveOptions(SHARED_OPTIONS, {
    flags: new Map(Object.entries(sources.flags ?? {})),
    env: { get: (name) => sources.env?.[name] },
    section: new Map(Object.entries(sources.section ?? {})),
  });
}

Deno.test("resolveOptions(): flag before environment before config section before default, with its origin", () => {
  const flags = { device: "F" };
  const env = { JOTTASH_DEVICE: "E" };
  const section = { device: "C" };
  const cases = [
    [{ flags, env, section }, "F", "flag"],
    [{ env, section }, "E", "environment"],
    [{ section }, "C", "config"],
    [{}, undefined, "default"],
    [{ env: { JOTTASH_DEVICE: "" }, section }, "C", "config"],
    [{ section: { device: "" } }, undefined, "default"],
  ] as const;
  for (const [sources, value, origin] of cases) {
    const { values, origins } = resolve(sources);
    deepEqual([values.device, origins.device], [value, origin]);
  }
});

Deno.test("resolveOptions() takes only options of a remote from its section", () => {
  equal(resolve({ section: { transfers: "9", "dry-run": "true" } }).values.transfers, 4);
});

Deno.test("resolveOptions() hands out frozen records", () => {
  const { values, origins } = resolve({});
  ok(Object.isFrozen(values) && Object.isFrozen(origins));
});

Deno.test("resolveOptions() says of a wrong value where it stands", () => {
  const cases = [
    [{ flags: { transfers: "x" } }, 'Cannot use "x" for --transfers: it is not a whole number from 1 to 64'],
    [
      { env: { JOTTASH_TRANSFERS: "x" } },
      'Cannot use "x" for --transfers: it is not a whole number from 1 to 64 (from JOTTASH_TRANSFERS)',
    ],
    [{ section: { encoding: "Nonsense" } }, /Nonsense.* \(from config key "encoding"\)$/],
  ] as const;
  for (const [sources, message] of cases) {
    throws(() => resolve(sources), (error) => {
      ok(error instanceof JottashError);
      ok(
        typeof message === "string" ? error.message === message : message.test(error.message),
        error.message,
      );
      return true;
    });
  }
});

Deno.test("environmentName() is the flag in capitals behind the name of the program", () => {
  equal(environmentName({ flag: "low-level-retries" }), "JOTTASH_LOW_LEVEL_RETRIES");
});
