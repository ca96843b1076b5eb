/** What `auth` says of sessions that are not just kept in the config and good. */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

Deno.test("auth says of a session that no command can use that it is none", async () => {
  await using environment = await Environment.create();
  await environment.writeConfig(environment.remoteSection("old", { configVersion: "" }));
  const state = 'Cannot use "old:": its session is of an old kind that the service has ended';
  assertFailure(await environment.run("auth", "check", "old:"), {
    status: 2,
    error: state,
    hint: "Sign in again: jottash config reconnect old:",
  });
  const [status] = JSON.parse((await environment.run("auth", "status", "--json")).stdout);
  equal(status.problem, state);
  for (const [place, name] of [["old:", "old:"], [":jottacloud,token=geheim:", ":jottacloud:"]] as const) {
    const { stdout } = await environment.run("auth", "status", place);
    equal(stdout.split("\n", 1)[0], name);
    doesNotMatch(stdout, /geheim/);
  }
});

Deno.test("auth and config dump tell of the remotes of the environment, also without a home directory", async () => {
  await using environment = await Environment.create();
  const env = { HOME: "", JOTTASH_CONFIG_CI_TYPE: "jottacloud", JOTTASH_CONFIG_CI_MOUNTPOINT: "Sync" };
  const status = await environment.runWith({ env }, "auth");
  assertRun(status, { stderr: "" });
  match(status.stdout, /^ci:\n {2}Signed in +no\n/);
  const dump = await environment.runWith({ env }, "config", "dump");
  deepEqual(JSON.parse(dump.stdout), { ci: { type: "jottacloud", mountpoint: "Sync" } });
});

Deno.test("auth check of a remote without a name and of a get command alone says what helps there", async () => {
  await using environment = await Environment.signedIn();
  assertFailure(await environment.run("auth", "check", ":jottacloud:"), {
    status: 7,
    error: 'Cannot rely on the session of ":jottacloud:": nobody is signed in',
    hint:
      "Set JOTTASH_ACCESS_TOKEN, or JOTTASH_LOGIN_TOKEN and JOTTASH_TOKEN_FILE; see: jottash help environment",
  });
  const { stdout } = await environment.runWith({ mayShowSecrets: true }, "auth", "token", "jotta:");
  await Deno.writeTextFile(environment.path("lent"), stdout);
  const env = { JOTTASH_CONFIG_CI_TYPE: "jottacloud", JOTTASH_CONFIG_CI_TOKEN_GET_CMD: "cat lent" };
  assertRun(await environment.runWith({ env }, "auth", "check", "ci:", "--min-ttl", "30m"), {});
  const short = await environment.runWith({ env }, "auth", "check", "ci:", "--min-ttl", "2h");
  equal(short.status, 7);
  match(
    short.stderr,
    /: nothing here can refresh it, and its access token lives .*, not 2h\n {2}Let the get/,
  );
});
