/** Commands about the session of a remote: reconnect, disconnect, userinfo. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { ENTER, PseudoTerminal } from "./pseudo_terminal.ts";
import { runWithRedirect } from "./redirect.ts";

function freshToken(environment: Environment): string {
  const token = environment.emulator.issueLoginToken();
  environment.keepSecret(token);
  return token;
}

/** Whether the tokens in a config file still open the service. */
async function opens(environment: Environment, config: string): Promise<boolean> {
  await Deno.writeTextFile(
    environment.path("old.conf"),
    config.replace(/"expiry":"[^"]*"/, '"expiry":"2001-01-01T00:00:00Z"'),
  );
  return (await environment.run("ls", "jotta:", "--config", "old.conf")).status === 0;
}

Deno.test("config reconnect signs in again, keeps the settings and ends the session before", async () => {
  await using environment = await Environment.create();
  await environment.writeConfig(environment.remoteSection("jotta", { mountpoint: "Sync" }));
  const old = await Deno.readTextFile(environment.configPath);
  const again = await environment.runWith(
    { stdin: freshToken(environment) },
    ...["config", "reconnect", "jotta:", "--login-token-stdin", "-vv"],
  );
  assertRun(again, { stdout: "", stderr: /^Signed in as .*; saved as "jotta:" in /m });
  match((await environment.run("config", "show", "jotta")).stdout, /^mountpoint = Sync$/m);
  equal(environment.emulator.stats.revocations, 1);
  assertRun(await environment.run("ls", "jotta:"), {});
  equal(await opens(environment, old), false);
});

Deno.test("config reconnect leaves the session as it is when the new one does not come about", async () => {
  await using environment = await Environment.signedIn();
  const before = await Deno.readTextFile(environment.configPath);
  const used = freshToken(environment);
  const words = ["config", "reconnect", "jotta:", "--login-token-stdin"];
  assertRun(await environment.runWith({ stdin: used }, ...words, "--config", "other.conf"), { status: 2 });
  await environment.runWith(
    { stdin: used },
    "config",
    "create",
    "x",
    "--login-token-stdin",
    "--config",
    "o.conf",
  );
  const refused = await environment.runWith({ stdin: used }, ...words);
  equal(refused.status, 7, refused.stderr);
  equal(await Deno.readTextFile(environment.configPath), before);
  equal(environment.emulator.stats.revocations, 0);
  assertFailure(await environment.run("config", "reconnect", "jotta:"), {
    status: 2,
    error: "Cannot sign in: exactly one source for the login token is needed",
    hint: /--login-token-file/,
  });
});

Deno.test("config reconnect replaces a session that is damaged, or none", async () => {
  await using environment = await Environment.create();
  const words = ["config", "reconnect", "jotta:", "--login-token-stdin"];
  for (const token of ["token = {damaged\n", ""]) {
    await environment.writeConfig(`[jotta]\ntype = jottacloud\nconfigVersion = 1\n${token}`);
    assertRun(await environment.runWith({ stdin: freshToken(environment) }, ...words), {});
    assertRun(await environment.run("ls", "jotta:"), {});
  }
});

Deno.test("config reconnect goes on with the home of the session, and ends the one that was there", async (t) => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  const homes: readonly (readonly [home: string, options: readonly string[]])[] = [
    ["token-file", ["--token-file", "a.json"]],
    ["commands", ["--token-get-cmd", "cat b.json", "--token-put-cmd", "sh save.sh"]],
  ];
  await Deno.writeTextFile(environment.path("b.json"), "");
  await Deno.writeTextFile(environment.path("save.sh"), "cat > b.part && mv b.part b.json");
  for (const [home, options] of homes) {
    await t.step(home, async () => {
      const { revocations } = emulator.stats;
      const sign = (stdin: string, ...words: string[]) =>
        environment.runWith({ stdin }, ...words, "--login-token-stdin");
      assertRun(await sign(freshToken(environment), "config", "create", home, ...options), {});
      assertRun(await sign(freshToken(environment), "config", "reconnect", `${home}:`), {});
      equal(emulator.stats.revocations, revocations + 1);
      const [status] = JSON.parse((await environment.run("auth", "status", home, "--json")).stdout);
      equal(status.home, home);
      assertRun(await environment.run("ls", `${home}:`), {});
      equal(/^token =/m.test(await Deno.readTextFile(environment.configPath)), false);
    });
  }
});

Deno.test("config reconnect asks on a terminal for the secret of the last way", async () => {
  await using environment = await Environment.signedIn();
  await using terminal = await PseudoTerminal.start(environment, ["config", "reconnect", "jotta:"]);
  await terminal.answer(/Personal login token/, `${freshToken(environment)}${ENTER}`);
  await terminal.until(/Signed in as /);
  equal(await terminal.exitCode(), 0);
  equal(environment.emulator.stats.revocations, 1);
});

Deno.test("config reconnect does not end a session that was copied from another machine", async () => {
  await using environment = await Environment.create();
  const record = '{"method":"standard","machine":"m:0000000000000000"}';
  await environment.writeConfig(environment.remoteSection("jotta", { jottash_session: record }));
  const old = await Deno.readTextFile(environment.configPath);
  const stdin = freshToken(environment);
  assertRun(await environment.runWith({ stdin }, "config", "reconnect", "jotta:", "--login-token-stdin"), {});
  equal(environment.emulator.stats.revocations, 0);
  equal(await opens(environment, old.replace(/^jottash_session.*\n/m, "")), true);
});

Deno.test("config reconnect goes the way of the last time, or another one", async (t) => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  environment.keepSecret(emulator.password);
  const record = async () => {
    const [first] = JSON.parse((await environment.run("auth", "status", "--json")).stdout);
    return `${first.method} ${first.service}`;
  };
  await t.step("by the browser", async () => {
    const words = ["--method", "traditional", "--service", "telia_se", "--no-browser"];
    assertRun(await runWithRedirect(environment, {}, "config", "create", "jotta", ...words), {});
    assertRun(await runWithRedirect(environment, {}, "config", "reconnect", "jotta:", "--no-browser"), {});
    equal(await record(), "traditional telia_se");
  });
  await t.step("from the browser to the password, and back with the settings of rclone alone", async () => {
    const env = { JOTTASH_PASSWORD: emulator.password };
    const legacy = ["config", "reconnect", "jotta:", "--method", "legacy", "--user", emulator.email];
    assertRun(await environment.runWith({ env }, ...legacy), {});
    match(await record(), /^legacy/);
    // The user name is known from the last time.
    assertRun(await environment.runWith({ env }, "config", "reconnect", "jotta:"), {});
    const words = ["--method", "traditional", "--service", "elko", "--no-browser"];
    assertRun(await runWithRedirect(environment, {}, "config", "reconnect", "jotta:", ...words), {});
    const { stdout } = await environment.run("config", "show", "jotta");
    equal(/^username/m.test(stdout), false, "the user name of the legacy session is still there");
    const text = await Deno.readTextFile(environment.configPath);
    await environment.writeConfig(text.replace(/^jottash_session.*\n/m, ""));
    assertRun(await runWithRedirect(environment, {}, "config", "reconnect", "jotta:", "--no-browser"), {});
    equal(await record(), "traditional elko");
  });
  await t.step("from the browser to a login token", async () => {
    const stdin = freshToken(environment);
    assertRun(
      await environment.runWith({ stdin }, "config", "reconnect", "jotta:", "--login-token-stdin"),
      {},
    );
    match(await record(), /^standard/);
  });
});

Deno.test("config disconnect ends the session here and at the service, and keeps the settings", async () => {
  await using environment = await Environment.create();
  await environment.writeConfig(environment.remoteSection("jotta", { mountpoint: "Sync" }));
  const old = await Deno.readTextFile(environment.configPath);
  assertRun(await environment.run("config", "disconnect", "jotta:", "-vv"), {
    stdout: "",
    stderr: /^Ended the session of "jotta:"$/m,
  });
  const { stdout } = await environment.run("config", "show", "jotta");
  equal(/^(token|jottash_session) =/m.test(stdout), false, stdout);
  match(stdout, /^mountpoint = Sync$/m);
  equal((await environment.run("ls", "jotta:")).status, 7);
  equal(await opens(environment, old), false);
  assertRun(await environment.run("config", "disconnect", "jotta:"), {
    stderr: 'Nothing to end: "jotta:" has no session\n',
  });
});

Deno.test("config disconnect waits for a refresh that is under way, and ends the session that comes of it", async () => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  const section = environment.remoteSection("jotta");
  await environment.writeConfig(section.replace(/"expiry":"[^"]*"/, '"expiry":"2001-01-01T00:00:00Z"'));
  emulator.addFault({ match: { path: "/token" }, times: 1, action: { kind: "stall", ms: 1_500 } });
  const listing = await environment.start({}, "ls", "jotta:");
  await listing.until(() => emulator.stats.faultsFired > 0);
  assertRun(await environment.run("config", "disconnect", "jotta:"), {
    stderr: 'Ended the session of "jotta:"\n',
  });
  assertRun(await listing.result(), {});
  equal(emulator.stats.refreshes, 1);
  equal(emulator.stats.revocations, 1);
  equal(/^token =/m.test(await Deno.readTextFile(environment.configPath)), false);
});

Deno.test("config disconnect says where the session goes on", async (t) => {
  await using environment = await Environment.create();
  const run = async (more: Record<string, string>, ...words: string[]) => {
    await environment.writeConfig(environment.remoteSection("jotta", more));
    const result = await environment.run("config", "disconnect", "jotta", ...words);
    equal((await environment.run("ls", "jotta:")).status, 7);
    return result;
  };
  await t.step("when it was copied", async () => {
    const record = '{"method":"standard","machine":"m:0000000000000000"}';
    assertRun(await run({ jottash_session: record }), {
      stderr:
        /^jottash: warning: The session of "jotta:" is forgotten here, but goes on at the service: it belongs/,
    });
    equal(environment.emulator.stats.revocations, 0);
  });
  await t.step("when the service cannot be reached", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    const tokenURL = `http://127.0.0.1:${port}/auth/realms/jottacloud/protocol/openid-connect/token`;
    assertRun(await run({ tokenURL }, "--low-level-retries", "1"), {
      stderr: /goes on at the service: .*refused/,
    });
  });
  await t.step("when the session is a legacy one", async () => {
    assertRun(await run({ configVersion: "0" }), {
      stderr: /goes on at the service: the old token service has no/,
    });
  });
  await t.step("not at all when it is in the environment", async () => {
    await environment.writeConfig("[jotta]\ntype = jottacloud\nconfigVersion = 1\n");
    const env = { JOTTASH_ACCESS_TOKEN: environment.emulator.issueTokens().accessToken };
    environment.keepSecret(env.JOTTASH_ACCESS_TOKEN);
    const refused = await environment.runWith({ env }, "config", "disconnect", "jotta");
    assertFailure(refused, {
      status: 2,
      error: 'Cannot disconnect "jotta:": its session is kept in the environment',
      hint: /website/,
    });
  });
});

Deno.test("config userinfo tells who is signed in, as text and as JSON, also for a legacy session", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  const text = await environment.run("config", "userinfo", "jotta:", "-vv");
  match(text.stdout, new RegExp(`^email: +${emulator.email}$`, "m"));
  match(text.stdout, /^preferred_username: \S+$/m);
  const json = await environment.run("config", "userinfo", "jotta:", "--json");
  equal(JSON.parse(json.stdout).email, emulator.email);
  environment.keepSecret(emulator.password);
  const env = { JOTTASH_PASSWORD: emulator.password };
  await environment.runWith({ env }, "config", "create", "old", "--user", emulator.email);
  const legacy = await environment.run("config", "userinfo", "old:");
  match(legacy.stdout, new RegExp(`^username: \\S+\nemail: +${emulator.email}\n$`));
  equal((await environment.run("config", "userinfo", "nosuch:")).status, 2);
});

Deno.test("config userinfo asks nobody when nobody is signed in, and works for a session in a token file", async () => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  const env = { JOTTASH_CONFIG_CI_TYPE: "jottacloud", JOTTASH_TOKEN_FILE: environment.path("token.json") };
  assertFailure(await environment.runWith({ env }, "config", "userinfo", "ci:"), {
    status: 7,
    error: 'Cannot use "ci:": nobody is signed in',
    hint: "Sign in: jottash config reconnect ci:",
  });
  deepEqual(emulator.requests, []);
  const login = { ...env, JOTTASH_LOGIN_TOKEN: emulator.loginToken };
  assertRun(await environment.runWith({ env: login }, "ls", "ci:"), { stdout: "", stderr: "" });
  const info = await environment.runWith({ env }, "config", "userinfo", "ci:", "--json");
  equal(JSON.parse(info.stdout).name, "Kari Test", info.stderr);
});

Deno.test("config reconnect of a remote that has never had a session asks on a terminal", async () => {
  await using environment = await Environment.signedIn();
  assertRun(await environment.run("config", "copy", "jotta", "photos"), {});
  await using terminal = await PseudoTerminal.start(environment, ["config", "reconnect", "photos:"]);
  await terminal.answer(/Personal login token/, `${freshToken(environment)}${ENTER}`);
  await terminal.until(/Signed in as /);
  equal(await terminal.exitCode(), 0);
});
