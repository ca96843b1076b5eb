/** Which way to sign in the options mean. */
import { equal, throws } from "node:assert/strict";
import { methodOf, SIGN_IN_OPTIONS, type SignInOptions } from "../../../../lib/setup/sign_in_options.ts";
import { resolveOptions } from "../../../../lib/settings.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

function options(flags: Readonly<Record<string, string>>): SignInOptions {
  return resolveOptions(SIGN_IN_OPTIONS, { flags: new Map(Object.entries(flags)), env: fakeEnv() }).values;
}

const METHODS: readonly (readonly [flags: Readonly<Record<string, string>>, method: string | undefined])[] = [
  [{}, undefined],
  [{ method: "standard" }, "standard"],
  [{ "login-token-file": "f" }, "standard"],
  [{ "login-token-stdin": "true" }, "standard"],
  [{ service: "elko" }, "traditional"],
  [{ "no-browser": "true" }, "traditional"],
  [{ "no-browser": "false" }, undefined],
  [{ method: "traditional", service: "elko" }, "traditional"],
  [{ user: "kari" }, "legacy"],
  [{ "password-file": "f" }, "legacy"],
  [{ "password-stdin": "true" }, "legacy"],
  [{ "register-device": "true" }, "legacy"],
];

for (const [flags, method] of METHODS) {
  Deno.test(`methodOf() of ${JSON.stringify(flags)} is ${method}`, () => {
    equal(methodOf(options(flags)), method);
  });
}

Deno.test("methodOf() refuses each option together with another method", () => {
  for (const [flags, own] of METHODS) {
    for (const method of ["standard", "traditional", "legacy"]) {
      if (own === undefined || method === own || "method" in flags) continue;
      throws(() => methodOf(options({ ...flags, method })), {
        code: "usage",
        message: /together with --method/,
      });
    }
  }
});
