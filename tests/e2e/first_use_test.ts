/** The first use of a new session, which is a part of signing in. */
import { assertFailure, assertRun, Environment } from "./environment.ts";

Deno.test("config create tries the new session, not the one that JOTTASH_ACCESS_TOKEN tells", async () => {
  await using environment = await Environment.create();
  environment.keepSecret(environment.emulator.loginToken);
  const created = await environment.runWith(
    { stdin: environment.emulator.loginToken, env: { JOTTASH_ACCESS_TOKEN: "of-another-account" } },
    "config",
    "create",
    "jotta",
    "--login-token-stdin",
  );
  assertRun(created, {
    stdout: "",
    stderr:
      /^jottash: warning: JOTTASH_ACCESS_TOKEN is set: commands use it instead of this session\nSigned in as /,
  });
});

Deno.test("config create says of a first use that fails that the session is kept", async (t) => {
  for (
    const [status, error, exitStatus] of [
      [404, 'Cannot use the new session of "jotta:": the service has no account for it', 7],
      [500, "Cannot look up the account: the service has a problem (500)", 5],
    ] as const
  ) {
    await t.step(`${status}`, async () => {
      await using environment = await Environment.create();
      const { emulator } = environment;
      emulator.addFault({ match: { path: "/customer" }, times: 99, action: { kind: "status", status } });
      const words = ["config", "create", "jotta", "--login-token-stdin", "--low-level-retries", "1"];
      const created = await environment.runWith({ stdin: emulator.loginToken }, ...words);
      assertFailure(created, {
        status: exitStatus,
        error,
        hint: /"jotta:" is signed in and saved all the same/,
      });
      emulator.clearFaults();
      assertRun(await environment.run("ls", "jotta:"), { stdout: "", stderr: "" });
    });
  }
});
