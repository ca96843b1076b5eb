/** The commands about sessions: what is known of one, whether it is good for work, access tokens for others. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { PseudoTerminal } from "./pseudo_terminal.ts";

const HOUR_MS = 3_600_000;
const COPIED = '{"method":"standard","service":"telia_se","machine":"m:0000000000000000"}';

/** The section of a remote whose access token ends then, so many milliseconds from now. */
function sectionEnding(environment: Environment, inMs: number, more: Record<string, string> = {}): string {
  const expiry = new Date(Date.now() + inMs).toISOString();
  return environment.remoteSection("jotta", more).replace(/"expiry":"[^"]*"/, `"expiry":"${expiry}"`);
}

async function fingerprint(refreshToken: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(refreshToken));
  return new Uint8Array(hash).toHex().slice(0, 16);
}

Deno.test("auth status tells about each remote, as text and as JSON, without a request and without a change", async () => {
  await using environment = await Environment.create();
  const stdin = environment.emulator.loginToken;
  assertRun(await environment.runWith({ stdin }, "config", "create", "jotta", "--login-token-stdin"), {});
  const config = await Deno.readTextFile(environment.configPath) +
    "\n[box]\ntype = sftp\n\n[bare]\ntype = jottacloud\nconfigVersion = 1\n\n[broken]\ntype = jottacloud\nconfigVersion = 1\ntoken = {\n";
  await environment.writeConfig(config);
  const { requests } = environment.emulator.stats;

  const text = await environment.run("auth", "status", "-vv");
  assertRun(text, { stderr: "" });
  const [jotta = "", bare = "", broken = ""] = text.stdout.split("\n\n");
  const at = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
  match(
    jotta,
    new RegExp(
      [
        "^jotta:",
        "  Signed in         yes",
        String.raw`  Service           127\.0\.0\.1:\d+`,
        "  Kept              in the config",
        String.raw`  Signed in with    login token \(standard\)`,
        String.raw`  Access token      until ${at} \((1h|59m\d+s)\)`,
        "  Can be refreshed  yes",
        `  Last refresh      ${at}`,
        "  Can be saved      yes$",
      ].join("\n"),
    ),
  );
  match(
    bare,
    /^bare:\n {2}Signed in +no\n.*\n {2}Problem +Cannot rely on the session of "bare:": nobody is/s,
  );
  match(broken, /^broken:\n {2}Problem +Cannot read the session of "broken:" in .* damaged\n/);

  const [json, ...others] = JSON.parse((await environment.run("auth", "status", "--json")).stdout);
  deepEqual({ ...json, service: "", expiresAt: "", rotatedAt: "" }, {
    remote: "jotta",
    service: "",
    method: "standard",
    home: "config",
    signedIn: true,
    expiresAt: "",
    canRefresh: true,
    rotatedAt: "",
    writable: true,
    copied: false,
    interruptedAt: null,
    problem: null,
  });
  ok(Date.parse(json.expiresAt) - Date.now() > 0.9 * HOUR_MS);
  match(json.rotatedAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  deepEqual(others.map(({ remote, signedIn }: Record<string, unknown>) => [remote, signedIn]), [
    ["bare", false],
    ["broken", null],
  ]);

  const withoutWait = (shown: string) => shown.replaceAll(/ \((?:1h|\d+m\d*s?)\)$/gm, "");
  equal(withoutWait((await environment.run("auth")).stdout), withoutWait(text.stdout));
  match((await environment.run("auth", "status", "bare:", "jotta")).stdout, /^bare:\n[^]*\n\njotta:\n/);
  equal((await environment.run("auth", "status", "nosuch:")).status, 2);
  equal(environment.emulator.stats.requests, requests);
  equal(await Deno.readTextFile(environment.configPath), config);
});

Deno.test("auth status knows homes, copies and interruptions", async (t) => {
  await using environment = await Environment.create();
  const status = async (env: Record<string, string>, ...more: string[]) => {
    const result = await environment.runWith({ env }, "auth", "status", "jotta:", "--json", ...more);
    equal(result.status, 0, result.stderr);
    return JSON.parse(result.stdout)[0];
  };
  const tokens = environment.emulator.issueTokens();
  const session = JSON.stringify({
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: "bearer",
    expiry: new Date(tokens.expiresAtMs).toISOString(),
  });
  for (const secret of [tokens.accessToken, tokens.refreshToken]) environment.keepSecret(secret);
  await environment.writeConfig("[jotta]\ntype = jottacloud\nconfigVersion = 1\n");
  await t.step("a token file", async () => {
    await Deno.writeTextFile(environment.path("session.json"), session);
    const { home, signedIn, writable, canRefresh } = await status({}, "--token-file", "session.json");
    deepEqual([home, signedIn, writable, canRefresh], ["token-file", true, true, true]);
  });
  await t.step("commands", async () => {
    const { home, signedIn, writable } = await status({
      JOTTASH_TOKEN_GET_CMD: "cat session.json",
      JOTTASH_TOKEN_PUT_CMD: "tee session.json",
    });
    deepEqual([home, signedIn, writable], ["commands", true, null]);
  });
  await t.step("an access token alone", async () => {
    const { home, method, canRefresh, problem } = await status({ JOTTASH_ACCESS_TOKEN: tokens.accessToken });
    deepEqual([home, method, canRefresh, problem], ["environment", "access-token", false, null]);
  });
  await t.step("a copied session", async () => {
    await environment.writeConfig(environment.remoteSection("jotta", { jottash_session: COPIED }));
    const { copied, service, problem } = await status({});
    deepEqual([copied, service], [true, "telia_se"]);
    match(problem, /copied from another machine/);
    match(
      (await environment.run("auth", "status")).stdout,
      /^ {2}Service +Telia Cloud \(Sweden\)$[^]*^ {2}Copied +yes/m,
    );
  });
  await t.step("an interrupted refresh", async () => {
    const section = environment.remoteSection("jotta");
    const refreshToken = /"refresh_token":"([^"]+)"/.exec(section)?.[1] ?? "";
    const intent = { token: await fingerprint(refreshToken), at: "2026-01-02T03:04:05.000Z" };
    await environment.writeConfig(`${section}jottash_session = ${JSON.stringify({ intent })}\n`);
    const { interruptedAt } = await status({});
    equal(interruptedAt, "2026-01-02T03:04:05.000Z");
    match(
      (await environment.run("auth", "status")).stdout,
      /Interrupted +a refresh was begun 2026-01-02 03:04:05;/,
    );
  });
});

Deno.test("a jottash that gets its token from another jottash does not call itself", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  const { file, args } = await environment.executable();
  const command = quoted([file, ...args, "auth", "token", "jotta:", "--min-ttl", "1m"]);
  const run = await environment.runWith({ env: { JOTTASH_TOKEN_GET_CMD: command } }, "ls", ":jottacloud:");
  assertRun(run, { stdout: "        1 a.txt\n", stderr: "" });
});

Deno.test("auth check answers with its status, and sends nothing", async (t) => {
  await using environment = await Environment.create();
  const check = async (section: string, ...more: string[]) => {
    await environment.writeConfig(section);
    return await environment.run("auth", "check", "jotta:", ...more);
  };
  const withoutRefresh = (section: string) => section.replace(/"refresh_token":"[^"]*",?/, "");
  await t.step("good: it can be refreshed, however old the access token is", async () => {
    assertRun(await check(sectionEnding(environment, -HOUR_MS), "--min-ttl", "30m"), {
      stdout: "",
      stderr: "",
    });
  });
  await t.step("good: the access token lives long enough", async () => {
    const section = withoutRefresh(sectionEnding(environment, HOUR_MS));
    assertRun(await check(section, "--min-ttl", "30m"), { stdout: "", stderr: "" });
  });
  const bad: readonly (readonly [what: string, section: () => string, state: RegExp, hint: RegExp])[] = [
    [
      "nobody is signed in",
      () => "[jotta]\ntype = jottacloud\nconfigVersion = 1\n",
      /nobody is signed in/,
      /config reconnect jotta:/,
    ],
    [
      "ends too early",
      () => withoutRefresh(sectionEnding(environment, HOUR_MS / 3)),
      /it cannot be refreshed, and its access token lives (20m|19m\d+s), not 30m/,
      /config reconnect/,
    ],
    [
      "ended",
      () => withoutRefresh(sectionEnding(environment, -HOUR_MS)),
      /its access token ended 20\d\d-/,
      /config reconnect/,
    ],
    [
      "copied",
      () => sectionEnding(environment, HOUR_MS, { jottash_session: COPIED }),
      /it was copied from another machine/,
      /config reconnect jotta:.*auth adopt jotta:/,
    ],
  ];
  for (const [what, section, state, hint] of bad) {
    await t.step(what, async () => {
      const result = await check(section(), "--min-ttl", "30m");
      equal(result.status, 7, result.stderr);
      equal(result.stdout, "");
      const [error = "", told = "", ...more] = result.stderr.trimEnd().split("\n");
      match(error, /^jottash: Cannot rely on the session of "jotta:": /);
      match(error, state);
      match(told, hint);
      deepEqual(more, []);
    });
  }
  await t.step("interrupted: good while the access token lives, not after it", async () => {
    const interrupted = async (inMs: number) => {
      const section = sectionEnding(environment, inMs);
      const refreshToken = /"refresh_token":"([^"]+)"/.exec(section)?.[1] ?? "";
      const intent = { token: await fingerprint(refreshToken), at: "2026-01-02T03:04:05.000Z" };
      return await check(`${section}jottash_session = ${JSON.stringify({ intent })}\n`);
    };
    assertRun(await interrupted(HOUR_MS), { stderr: "" });
    const late = await interrupted(-HOUR_MS);
    equal(late.status, 7);
    match(
      late.stderr,
      /a refresh was begun 2026-01-02 03:04:05 whose end nobody saw, and its access token ended/,
    );
  });
  await t.step("wrong words", async () => {
    equal((await environment.run("auth", "check")).status, 2);
    equal((await environment.run("auth", "check", "nosuch:")).status, 2);
    equal((await environment.run("auth", "check", "jotta:", "--min-ttl", "soon")).status, 2);
    equal((await environment.run("auth", "chekc", "jotta:")).status, 2);
  });
  equal(environment.emulator.stats.requests, 0);
});

Deno.test("auth check fails where a new token could not be saved", {
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
}, async () => {
  await using environment = await Environment.create();
  await environment.writeConfig(sectionEnding(environment, -HOUR_MS));
  await Deno.chmod(environment.path(".config", "jottash"), 0o500);
  const result = await environment.run("auth", "check", "jotta:");
  await Deno.chmod(environment.path(".config", "jottash"), 0o700);
  equal(result.status, 7, result.stderr);
  match(result.stderr, /a new token could not be saved/);
});

Deno.test("auth token hands out an access token that lives long enough, and only on standard output", async (t) => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  const token = (...more: string[]) =>
    environment.runWith({ mayShowSecrets: true }, "auth", "token", "jotta:", ...more);
  const stored = async () =>
    JSON.parse(/^token = (.*)$/m.exec(await Deno.readTextFile(environment.configPath))?.[1] ?? "{}");
  await t.step("the one that there is", async () => {
    const result = await token("-vv");
    assertRun(result, { stdout: `${(await stored()).access_token}\n` });
    equal(emulator.stats.refreshes, 0);
  });
  await t.step("a new one when that ends too early, saved first", async () => {
    await environment.writeConfig(sectionEnding(environment, HOUR_MS / 3));
    const result = await token("--min-ttl", "30m", "--json", "-vv");
    equal(result.status, 0, result.stderr);
    equal(emulator.stats.refreshes, 1);
    const { accessToken, expiresAt } = JSON.parse(result.stdout);
    equal(accessToken, (await stored()).access_token);
    ok(Date.parse(expiresAt) - Date.now() > 0.9 * HOUR_MS);
    // Somebody else works with it, without the session.
    const env = { JOTTASH_ACCESS_TOKEN: accessToken, JOTTASH_CONFIG_CI_TYPE: "jottacloud" };
    assertRun(await environment.runWith({ env }, "ls", "ci:", "--config", "none.conf"), { stderr: "" });
  });
  await t.step("none, when the service gives none that lives so long", async () => {
    const result = await token("--min-ttl", "5h");
    assertRun(result, {
      status: 7,
      stdout: "",
      stderr: /^jottash: Cannot get an access token of "jotta:" that lives so/,
    });
  });
  await t.step("none, when nobody is signed in", async () => {
    await environment.writeConfig("[jotta]\ntype = jottacloud\nconfigVersion = 1\n");
    assertRun(await token(), { status: 7, stdout: "", stderr: /nobody is signed in/ });
  });
});

Deno.test("auth token says on a terminal what it shows", async () => {
  await using environment = await Environment.signedIn();
  await using terminal = await PseudoTerminal.start(environment, ["auth", "token", "jotta:"]);
  await terminal.until(/jottash: warning: Whoever sees this token can use the account until it ends/);
  await terminal.until(/eyJ/);
});

Deno.test("auth token serves those who have no session, as their --token-get-cmd", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  const { file, args } = await environment.executable();
  const command = quoted([file, ...args, "auth", "token", "jotta:", "--min-ttl", "30m"]);
  const env = { JOTTASH_CONFIG_CI_TYPE: "jottacloud", JOTTASH_CONFIG_CI_TOKEN_GET_CMD: command };
  const listed = await environment.runWith({ env }, "ls", "ci:");
  assertRun(listed, { stdout: "        1 a.txt\n" });
});

Deno.test("auth adopt takes over a copied session, after which it is refreshed again", async () => {
  await using environment = await Environment.create();
  await environment.writeConfig(sectionEnding(environment, -HOUR_MS, { jottash_session: COPIED }));
  assertRun(await environment.run("ls", "jotta:"), { status: 7, stderr: /copied from another machine/ });
  assertRun(await environment.run("auth", "adopt", "jotta:"), {
    stdout: "",
    stderr: 'Took over the session of "jotta:"\n  From now on no other machine may use it\n',
  });
  assertRun(await environment.run("auth", "check", "jotta:"), { stderr: "" });
  assertRun(await environment.run("ls", "jotta:"), { stderr: "" });
  equal(environment.emulator.stats.refreshes, 1);
  assertRun(await environment.run("auth", "adopt", "jotta:"), {
    stderr: 'Nothing to do: the session of "jotta:" was not copied\n',
  });
  await environment.writeConfig("[jotta]\ntype = jottacloud\nconfigVersion = 1\n");
  assertFailure(await environment.run("auth", "adopt", "jotta:"), {
    status: 7,
    error: 'Cannot rely on the session of "jotta:": nobody is signed in',
    hint: "Sign in: jottash config reconnect jotta:",
  });
});

/** As one option that holds a command line. */
function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(" ");
}
