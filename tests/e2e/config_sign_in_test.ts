/** The other ways to sign in without questions: the browser elsewhere, user name and password. */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { SERVICES } from "../../lib/auth/services.ts";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { ENTER, PseudoTerminal } from "./pseudo_terminal.ts";
import { followRedirect, runWithRedirect } from "./redirect.ts";

const OWN_SERVICE = `[mybrand]
type = jottacloud-service
name = My Cloud
domain = id.mybrand.example
realm = telia_se
`;

function browserWords(name: string, service: string): string[] {
  return ["config", "create", name, "--method", "traditional", "--service", service, "--no-browser"];
}

Deno.test("config create signs in to each service with a browser elsewhere", async (t) => {
  await using environment = await Environment.create();
  await environment.writeConfig(OWN_SERVICE);
  const services = [
    ...SERVICES,
    { key: "mybrand", realm: "telia_se", clientId: "desktop" },
  ];
  for (const { key, realm, clientId } of services) {
    await t.step(key, async () => {
      const name = `of-${key}`;
      const created = await runWithRedirect(environment, {}, ...browserWords(name, key));
      assertRun(created, { stdout: "" });
      match(
        created.stderr,
        new RegExp(`^Signed in as ${environment.emulator.email}; saved as "${name}:"`, "m"),
      );
      const { stdout } = await environment.run("config", "show", name);
      match(stdout, new RegExp(`^client_id = ${clientId}$`, "m"));
      match(stdout, new RegExp(`^tokenURL = .*/realms/${realm}/protocol/openid-connect/token$`, "m"));
    });
  }
  const listed = JSON.parse((await environment.run("auth", "status", "--json")).stdout);
  deepEqual(
    listed.map(({ service, method }: Record<string, unknown>) => [service, method]),
    services.map(({ key }) => [key, "traditional"]),
  );
  assertRun(await environment.run("config", "list"), {
    stdout: services.map(({ key }) => `of-${key}:\n`).join(""),
  });
});

Deno.test("config create --no-browser asks on a terminal for the address, hidden, until it can be one", async () => {
  await using environment = await Environment.create();
  await using terminal = await PseudoTerminal.start(environment, browserWords("jotta", "elko"));
  await terminal.answer(/Address that the browser ended at/, `http://localhost:53682/${ENTER}`);
  await terminal.until(/have "code=" in it/);
  const [page = ""] = /http:\S+openid-connect\/auth\?\S+/.exec(terminal.raw) ?? [];
  const address = await followRedirect(page);
  // Ctrl-U: what was typed is taken back.
  await terminal.answer(/Address/, `\x15${address}${ENTER}`);
  await terminal.until(/Signed in as /);
  equal(await terminal.exitCode(), 0);
  doesNotMatch(terminal.raw, /[?&]code=/);
});

Deno.test("config create --no-browser says what is wrong with the address that was pasted", async (t) => {
  await using environment = await Environment.create();
  const cases: readonly (readonly [what: string, paste: (address: string) => string, error: RegExp])[] = [
    [
      "of another attempt",
      (address) => address.replace(/state=\w+/, "state=0"),
      /Cannot sign in with this address: it belongs to another attempt/,
    ],
    ["without a code", () => "http://localhost:53682/", /Cannot sign in with this address: it has no code/],
    ["nothing", () => "", /Cannot sign in with this address: nothing was pasted/],
  ];
  for (const [what, paste, error] of cases) {
    await t.step(what, async () => {
      const result = await runWithRedirect(environment, { paste }, ...browserWords("x", "jottacloud"));
      equal([2, 7].includes(result.status), true, `${result.status}: ${result.stderr}`);
      match(result.stderr, error);
      assertRun(await environment.run("config", "list"), { stdout: "" });
    });
  }
  await t.step("refused by the user", async () => {
    environment.emulator.setSwitches({ authorizationError: "access_denied" });
    const result = await runWithRedirect(environment, {}, ...browserWords("x", "jottacloud"));
    equal(result.status, 7, result.stderr);
    match(result.stderr, /Cannot sign in/);
    environment.emulator.setSwitches({ authorizationError: null });
  });
  await t.step("the same with quotes, blanks and line ends around it works", async () => {
    const paste = (address: string) => `\n  "${address}"  \r`;
    assertRun(await runWithRedirect(environment, { paste }, ...browserWords("x", "jottacloud"), "-q"), {});
  });
});

Deno.test("config create holds no lock while it waits for the user: other sessions go on", async () => {
  await using environment = await Environment.create();
  await environment.writeConfig(
    environment.remoteSection("jotta").replace(/"expiry":"[^"]*"/, '"expiry":"2001-01-01T00:00:00Z"'),
  );
  const paste = async (address: string) => {
    assertRun(await environment.run("ls", "jotta:"), { stderr: "" });
    equal(environment.emulator.stats.refreshes, 1);
    return address;
  };
  assertRun(await runWithRedirect(environment, { paste }, ...browserWords("x", "jottacloud")), {});
  assertRun(await environment.run("config", "list"), { stdout: "jotta:\nx:\n" });
  assertRun(await environment.run("ls", "jotta:"), { stderr: "" });
});

Deno.test("config create names the services when none or an unknown one is given", async () => {
  await using environment = await Environment.create();
  const unknown = await environment.run(...browserWords("x", "telya"));
  equal(unknown.status, 2);
  match(
    unknown.stderr,
    /^jottash: Cannot sign in to "telya": there is no such service\n.*telia_no, telia_se/,
  );
  const none = await environment.run("config", "create", "x", "--method", "traditional");
  assertFailure(none, {
    status: 2,
    error: "Cannot sign in with the browser: the service is not named",
    hint: /--service KEY; known: jottacloud, .*telia_se/,
  });
});

Deno.test("config create with a password, for itself or for a registered machine", async (t) => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  environment.keepSecret(emulator.password);
  const create = (env: Record<string, string>, ...more: string[]) =>
    environment.runWith(
      { env, stdin: emulator.password },
      ...["config", "create", "old", "--method", "legacy", "--user", emulator.email, ...more],
    );
  await t.step("from standard input", async () => {
    assertRun(await create({}, "--password-stdin"), { stderr: /^Signed in as .*; saved as "old:"/ });
    assertRun(await environment.run("ls", "old:", "-vv"), {});
    const { stdout } = await environment.run("config", "show", "old");
    match(stdout, /^configVersion = 0\n(?:.*\n)*username = /m);
  });
  await t.step("from a file, as a machine of its own", async () => {
    await Deno.writeTextFile(environment.path("password"), `${emulator.password}\n`);
    assertRun(await create({}, "--password-file", "password", "--register-device"), {});
    match(
      (await environment.run("config", "show", "old")).stdout,
      /^client_id = \S+\nclient_secret = \*\*\*$/m,
    );
  });
  await t.step("from the environment, with the code of an SMS", async () => {
    emulator.setSwitches({ legacyOneTimeCode: "123456" });
    const missing = await create({ JOTTASH_PASSWORD: emulator.password });
    assertFailure(missing, {
      status: 7,
      error: "Cannot sign in: the service asks for the code that it has sent by SMS",
      hint: /JOTTASH_CODE/,
    });
    assertRun(await create({ JOTTASH_PASSWORD: emulator.password, JOTTASH_CODE: "123-456" }), {});
    emulator.setSwitches({ legacyOneTimeCode: null });
  });
  await t.step("a wrong one is refused, and the session before stays", async () => {
    const refused = await create({ JOTTASH_PASSWORD: "wrong" });
    equal(refused.status, 7, refused.stderr);
    assertRun(await environment.run("ls", "old:"), {});
  });
  await t.step("where the service has ended this way", async () => {
    emulator.setSwitches({ legacyLogin: false });
    const refused = await create({ JOTTASH_PASSWORD: emulator.password });
    equal(refused.status, 7, refused.stderr);
    match(refused.stderr, /login token/);
  });
});

Deno.test("config create refuses options of different ways, and two sources of a secret", async (t) => {
  await using environment = await Environment.create();
  const cases: readonly (readonly [words: readonly string[], error: string])[] = [
    [
      ["--method", "standard", "--service", "jottacloud"],
      "Cannot use --service together with --method standard: it belongs to --method traditional",
    ],
    [
      ["--login-token-stdin", "--no-browser"],
      "Cannot use --no-browser together with --login-token-stdin: it belongs to --method traditional",
    ],
    [
      ["--user", "kari", "--login-token-file", "f"],
      "Cannot use --user together with --login-token-file: it belongs to --method legacy",
    ],
    [["--method", "magic"], 'Cannot use "magic" for --method: it is one of standard, traditional, legacy'],
    [
      ["--login-token-stdin", "--login-token-file", "f"],
      "Cannot sign in: exactly one source for the login token is needed",
    ],
    [
      ["--user", "kari", "--password-stdin", "--password-file", "f"],
      "Cannot sign in: exactly one source for the password is needed",
    ],
    [["--method", "legacy"], "Cannot sign in: the user name is missing"],
    [["--user", "kari"], "Cannot sign in: exactly one source for the password is needed"],
  ];
  for (const [words, error] of cases) {
    await t.step(words.join(" "), async () => {
      const result = await environment.run("config", "create", "x", ...words);
      equal(result.status, 2, result.stderr);
      equal(result.stderr.split("\n")[0], `jottash: ${error}`);
    });
  }
});

Deno.test("config create spends no login token when the session would have no place", async () => {
  await using environment = await Environment.create();
  const stdin = environment.emulator.loginToken;
  const create = (...more: string[]) =>
    environment.runWith({ stdin }, "config", "create", "ci", "--login-token-stdin", ...more);
  const refused = await create("--token-get-cmd", "true");
  equal(refused.status, 7, refused.stderr);
  match(refused.stderr, /--token-put-cmd/);
  await Deno.writeTextFile(environment.path("file"), "");
  equal((await create("--token-file", "file/below")).status, 12);
  equal((await create("--token-get-cmd", "true", "--token-put-cmd", "false")).status === 0, false);
  assertRun(await create(), {});
});

Deno.test("config create takes the login token from JOTTASH_LOGIN_TOKEN", async () => {
  await using environment = await Environment.create();
  const env = { JOTTASH_LOGIN_TOKEN: environment.emulator.loginToken };
  assertRun(await environment.runWith({ env }, "config", "create", "ci", "-vv"), {
    stderr: /^Signed in as .*; saved as "ci:"/m,
  });
  assertRun(await environment.runWith({ env }, "ls", "ci:"), {});
  assertRun(await environment.run("ls", "ci:"), {});
});

Deno.test("config create puts the session into the token file that is named", async () => {
  await using environment = await Environment.create();
  const stdin = environment.emulator.loginToken;
  const created = await environment.runWith(
    { stdin },
    ...["config", "create", "ci", "--login-token-stdin", "--token-file", "session.json"],
  );
  const file = environment.path("session.json");
  assertRun(created, { stderr: new RegExp(`saved as "ci:" in .*, its session in ${file}\n$`) });
  equal(JSON.parse(await Deno.readTextFile(file)).client_id, "jottacli");
  const config = await Deno.readTextFile(environment.configPath);
  match(config, new RegExp(`^token_file = ${file}$`, "m"));
  equal(/^(token|jottash_session) =/m.test(config), false, "the config has the session as well");
  assertRun(await environment.run("ls", "ci:"), {});
  environment.keepSecret(JSON.parse(await Deno.readTextFile(file)).refresh_token);
  assertRun(await environment.run("config", "disconnect", "ci:"), { stderr: 'Ended the session of "ci:"\n' });
  equal(environment.emulator.stats.revocations, 1);
  await Deno.stat(file).then(() => {
    throw new Error("the token file is still there");
  }, () => {});
});
