/**
 * Whole runs at the highest verbosity, through every way to sign in and every kind of trouble, searched for all that
 * the emulator ever gave out in confidence. The environment searches what is said; files are searched here.
 */
import { equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import type { FaultAction } from "../emulator/mod.ts";
import { assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise } from "./local_tree.ts";
import { runWithRedirect } from "./redirect.ts";
import type { RunResult } from "./running_program.ts";
import { secretIn } from "./secret_search.ts";

const LOUD = ["--debug", "-vv"] as const;
const ONE_TIME_CODE = "804152";

/** A run that says all it can; fails when it says nothing of its requests. */
async function loudly(environment: Environment, ...words: string[]): Promise<RunResult> {
  const result = await environment.run(...words, ...LOUD);
  match(result.stderr, /^debug: http /m, words.join(" "));
  return result;
}

/** Files below the home directory, but for the homes of sessions. */
async function* filesOf(directory: string, homes: readonly string[]): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory) yield* filesOf(path, homes);
    else if (entry.isFile && !homes.includes(path)) yield path;
  }
}

function addFault(environment: Environment, path: string, action: FaultAction, times = 1): void {
  environment.emulator.addFault({ match: { path }, times, action });
}

Deno.test("no run shows a secret, whatever happens, at the highest verbosity", async (t) => {
  await using environment = await Environment.create({ tokenLifetimeSeconds: 2 });
  const { emulator } = environment;
  environment.keepSecret(emulator.password);
  environment.keepSecret(ONE_TIME_CODE);

  await t.step(
    "signing in with a login token, and with ones that are used, cut or of another service",
    async () => {
      await Deno.writeTextFile(environment.path("login"), emulator.loginToken);
      const create = (name: string) =>
        environment.run("config", "create", name, "--login-token-file", "login", ...LOUD);
      assertRun(await create("jotta"), { stderr: /debug: http / });
      equal((await create("used")).status, 7);
      for (
        const token of [emulator.issueLoginToken().slice(0, -40), emulator.issueLoginToken("telia_se") + "!"]
      ) {
        await Deno.writeTextFile(environment.path("login"), token);
        ok((await create("odd")).status !== 0);
      }
      await Deno.remove(environment.path("login"));
    },
  );

  await t.step("signing in with the browser, and with an address of another attempt", async () => {
    const words = [
      "config",
      "create",
      "trad",
      "--method",
      "traditional",
      "--service",
      "telia_se",
      "--no-browser",
    ];
    assertRun(await runWithRedirect(environment, {}, ...words, ...LOUD), { stderr: /debug: http / });
    const paste = (address: string) => address.replace(/state=\w+/, "state=0");
    ok((await runWithRedirect(environment, { paste }, ...words, ...LOUD)).status !== 0);
    const stale = (address: string) => address.replace(/code=[^&]+/, `code=${crypto.randomUUID()}`);
    ok((await runWithRedirect(environment, { paste: stale }, ...words, ...LOUD)).status !== 0);
  });

  await t.step("signing in with a password and a code, and with wrong ones", async () => {
    emulator.setSwitches({ legacyOneTimeCode: ONE_TIME_CODE });
    const words = [
      "config",
      "create",
      "old",
      "--method",
      "legacy",
      "--user",
      emulator.email,
      "--register-device",
    ];
    const run = (JOTTASH_PASSWORD: string, JOTTASH_CODE: string) =>
      environment.runWith({ env: { JOTTASH_PASSWORD, JOTTASH_CODE } }, ...words, ...LOUD);
    equal((await run("wrong-password-804", ONE_TIME_CODE)).status, 7);
    equal((await run(emulator.password, "000000")).status, 7);
    assertRun(await run(emulator.password, ONE_TIME_CODE), { stderr: /debug: http / });
    assertRun(await environment.run("ls", "old:", ...LOUD), {});
  });

  await t.step("copying up through faults and ends of the access token", async () => {
    const files = Array.from({ length: 5 }, (_, index) => [`f${index}`, noise(300_000, index + 1)] as const);
    await makeTree(environment.path("source"), Object.fromEntries(files));
    // A fresh token is refused once; twice in a row means that signing in again would not help.
    addFault(environment, "/allocate", { kind: "status", status: 401, body: "json" });
    addFault(environment, "/allocate", { kind: "stall", ms: 1_200 }, 2);
    addFault(environment, "/allocate", { kind: "status", status: 503, body: "json" });
    addFault(environment, "/upload", { kind: "dropRequestAfterBytes", bytes: 100_000 });
    addFault(environment, "/upload", { kind: "status", status: 500, body: "json" });
    addFault(environment, "/upload", { kind: "status", status: 401, body: "json" });
    addFault(environment, "/upload", { kind: "dropBeforeResponse" });
    addFault(environment, "/token", { kind: "status", status: 503 });
    assertRun(await loudly(environment, "copy", "--transfers", "1", "source", "jotta:up"), {});
    ok(emulator.stats.refreshes >= 1);
    ok(emulator.stats.faultsFired >= 8, `${emulator.stats.faultsFired}`);
    emulator.clearFaults();
  });

  await t.step("listing, copying down, deleting, failing", async () => {
    addFault(environment, "/up/f", { kind: "dropResponseAfterBytes", bytes: 100_000 });
    addFault(environment, "/up/f", { kind: "status", status: 401, body: "xml" });
    addFault(environment, "/up/f", { kind: "status", status: 500, body: "xml" });
    assertRun(await loudly(environment, "copy", "jotta:up", "down"), {});
    emulator.clearFaults();
    for (
      const words of [["ls", "jotta:"], ["about", "jotta:"], ["ls", "trad:"], [
        "config",
        "userinfo",
        "jotta:",
      ]]
    ) {
      assertRun(await loudly(environment, ...words), {});
    }
    addFault(environment, "/jfs/", { kind: "malformedXml" }, 9);
    ok((await loudly(environment, "ls", "jotta:up")).status !== 0);
    emulator.clearFaults();
    addFault(environment, "/jfs/", { kind: "status", status: 401, body: "xml" }, 99);
    equal((await loudly(environment, "ls", "jotta:up")).status, 7);
    emulator.clearFaults();
    equal((await loudly(environment, "ls", "jotta:nowhere")).status, 3);
    const file = emulator.tree.putFile("/Jotta/Archive/linked.txt", "a", { modified: FIXED_TIME });
    equal(file, undefined);
    const { accessToken } = emulator.issueTokens();
    const shared = await fetch(
      `${emulator.endpoint}/jfs/${emulator.username}/Jotta/Archive/linked.txt?mode=enableShare`,
      { headers: { authorization: `Bearer ${accessToken}` } },
    );
    const link = /<publicURI>([0-9a-f]{32})<\/publicURI>/.exec(await shared.text())?.[1] ?? "";
    equal(link.length, 32);
    environment.keepSecret(link);
    assertRun(await loudly(environment, "lsl", "jotta:"), {});
    assertRun(await loudly(environment, "purge", "jotta:up"), {});
  });

  await t.step("what looks at sessions and at the config", async () => {
    for (
      const words of [["config", "show"], ["config", "redacted"], ["auth", "status"], [
        "auth",
        "status",
        "--json",
      ]]
    ) {
      equal((await environment.run(...words, ...LOUD)).status, 0, words.join(" "));
    }
    await environment.run("auth", "check", "jotta:", "--min-ttl", "1h", ...LOUD);
    const token = await environment.runWith({ mayShowSecrets: true }, "auth", "token", "jotta:", ...LOUD);
    match(token.stdout, /^ey\S+\n$/);
  });

  await t.step("a session given through the environment, right and wrong", async () => {
    const { accessToken } = emulator.issueTokens();
    const endpoint = emulator.endpoint;
    for (
      const [JOTTASH_ACCESS_TOKEN, status] of [[accessToken, 0], [`${accessToken}x`, 7], [
        "opaque-secret-1",
        7,
      ]] as const
    ) {
      environment.keepSecret(JOTTASH_ACCESS_TOKEN);
      const env = {
        JOTTASH_ACCESS_TOKEN,
        JOTTASH_ENDPOINT: endpoint,
        JOTTASH_DEBUG: "1",
        JOTTASH_VERBOSE: "2",
      };
      equal((await environment.runWith({ env }, "ls", ":jottacloud:")).status, status);
    }
  });

  await t.step("commands that print the session and fail", async () => {
    const { accessToken, refreshToken } = emulator.issueTokens();
    const expired = {
      access_token: accessToken,
      refresh_token: refreshToken,
      expiry: "2020-01-01T00:00:00Z",
    };
    await Deno.writeTextFile(environment.path("session.json"), JSON.stringify(expired));
    const scripts = {
      "get.sh": "cat session.json",
      "told.sh": "cat session.json >&2; cat session.json; exit 3",
      "garbage.sh": `echo "access_token ${accessToken} is no JSON"`,
      "put.sh": "tee /dev/stderr; exit 4",
    };
    for (const [name, text] of Object.entries(scripts)) {
      await Deno.writeTextFile(environment.path(name), text);
    }
    for (const [get, put] of [["told", "put"], ["garbage", "put"], ["get", "put"]]) {
      const hooks = ["--token-get-cmd", `sh ${get}.sh`, "--token-put-cmd", `sh ${put}.sh`];
      const result = await environment.run("ls", "jotta:", ...hooks, ...LOUD);
      ok(result.status !== 0, result.stderr);
      match(result.stderr, /^jottash: Cannot /m);
    }
    await Deno.remove(environment.path("session.json"));
    await Deno.remove(environment.path("garbage.sh"));
  });

  await t.step("a config that is broken in the middle of a token, and a session that has ended", async () => {
    const whole = await Deno.readTextFile(environment.configPath);
    const section = environment.remoteSection("cut");
    await environment.writeConfig(section.replace(/"expiry".*/, ""));
    ok((await environment.run("ls", "cut:", ...LOUD)).status !== 0);
    await environment.writeConfig(section.replace("token = ", ""));
    await environment.run("ls", "cut:", ...LOUD);
    await environment.writeConfig(section.replace(/"expiry":"[^"]*"/, '"expiry":"2020-01-01T00:00:00Z"'));
    emulator.revokeSessions();
    equal((await loudly(environment, "ls", "cut:")).status, 7);
    await environment.writeConfig(whole);
  });

  await t.step("files that jottash left", async () => {
    const issued = emulator.issuedSecrets();
    ok(issued.length > 30, `${issued.length}`);
    let searched = 0;
    for await (const path of filesOf(environment.home, [environment.configPath])) {
      searched++;
      equal(secretIn(await Deno.readTextFile(path), issued), undefined, path);
    }
    ok(searched > 0);
  });
});

Deno.test("secretIn() finds a secret in each dress, so that the search means something", () => {
  const jwt = `${btoa('{"alg":"HS256"}').replace(/=+$/, "")}.${btoa("payload of a token")}.${"s".repeat(43)}`;
  const secret = 'a+b/c="d"';
  const texts = [`x ${secret} y`, `x=${encodeURIComponent(secret)}&y`, JSON.stringify({ secret })];
  for (const text of texts) ok(secretIn(text, ["none", secret]) !== undefined, text);
  ok(secretIn(`***.${"s".repeat(43)}`, [jwt]) !== undefined);
  equal(secretIn("nothing here", [secret, jwt]), undefined);
});
