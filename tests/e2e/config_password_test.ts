/** An encrypted config: where its password comes from, and that its text never touches the disk. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree } from "./local_tree.ts";
import { ENTER, plain, PseudoTerminal } from "./pseudo_terminal.ts";

const NO_PTY = Deno.build.os === "windows";
const PASSWORD = "correct horse – 日本";
const WITH_PASSWORD = { env: { JOTTASH_CONFIG_PASS: PASSWORD } };
const HINT =
  "Give the password with --password-command COMMAND, or in JOTTASH_CONFIG_PASS or RCLONE_CONFIG_PASS";

/** With a remote `jotta:` in an encrypted config; `text` is what was encrypted. */
async function encrypted(
  options: Parameters<typeof Environment.create>[0] = {},
): Promise<{ readonly environment: Environment; readonly text: string }> {
  const environment = await Environment.signedIn(options);
  environment.keepSecret(PASSWORD);
  const text = await Deno.readTextFile(environment.configPath);
  const set = await environment.runWith(
    { env: { JOTTASH_NEW_CONFIG_PASS: PASSWORD } },
    "config",
    "password",
    "set",
  );
  assertRun(set, {
    stdout: "",
    stderr: `Encrypted ${environment.configPath}; nobody can open it without the password\n`,
  });
  return { environment, text };
}

/** Every file below the home directory, by its path. */
async function allFiles(directory: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Deno.readDir(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) { for (const each of await allFiles(path)) files.set(...each); }
    else if (entry.isFile) files.set(path, await Deno.readTextFile(path));
  }
  return files;
}

async function assertNothingPlain(environment: Environment): Promise<void> {
  for (const [path, text] of await allFiles(environment.home)) {
    ok(!/_token|jottacloud\b.*=|eyJ/.test(text), `${path} shows what was encrypted`);
  }
  match(await Deno.readTextFile(environment.configPath), /^# Encrypted rclone configuration File\n/);
}

async function writeProgram(environment: Environment, name: string, script: string): Promise<string> {
  const path = environment.path(name);
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return path;
}

Deno.test("an encrypted config is opened with the password of each source, and with no other", async () => {
  const { environment } = await encrypted();
  await using _environment = environment;
  const list = (env: Record<string, string>, ...more: string[]) =>
    environment.runWith({ env }, "config", "list", ...more);
  const opened = { stdout: "jotta:\n", stderr: "" };
  assertRun(await list({ JOTTASH_CONFIG_PASS: PASSWORD }), opened);
  assertRun(await list({ RCLONE_CONFIG_PASS: PASSWORD }), opened);
  const program = await writeProgram(environment, "show", `[ "$1" = "a b" ] && echo "${PASSWORD}"`);
  const command = `${program} "a b"`;
  assertRun(await list({ RCLONE_CONFIG_PASS: "other" }, "--password-command", command), opened);
  assertRun(await list({ JOTTASH_PASSWORD_COMMAND: command }), opened);
  assertRun(await list({ RCLONE_PASSWORD_COMMAND: command }), opened);

  const { configPath } = environment;
  assertFailure(await list({}), {
    status: 2,
    error: `Cannot read the configuration "${configPath}": it is encrypted, and no password is given`,
    hint: HINT,
  });
  assertFailure(await list({ JOTTASH_CONFIG_PASS: `${PASSWORD} ` }), {
    status: 2,
    error:
      `Cannot read the configuration "${configPath}": the password in JOTTASH_CONFIG_PASS does not open it: it is wrong`,
    hint: /a blank at the start or the end of a password counts$/,
  });
  // Only a shell can hand on bytes that are no text.
  assertFailure(await environment.shell("JOTTASH_CONFIG_PASS=$'a\\xff' jottash config list"), {
    status: 2,
    error: "Cannot read the environment variable JOTTASH_CONFIG_PASS: it is not UTF-8 text",
  });
  assertFailure(await list({}, "--password-command", program), {
    status: 2,
    error: `Cannot get the password of the configuration: the command "${program}" ended with status 1`,
    hint: /run it by hand/,
  });
  assertFailure(await list({}, "--password-command", environment.path("nothing")), {
    status: 2,
    error: `Cannot run "${environment.path("nothing")}": there is no such program`,
    hint: /password/,
  });
});

Deno.test("a session lives on inside an encrypted config, and nothing of it is on the disk", async () => {
  const { environment, text } = await encrypted({ tokenLifetimeSeconds: 2 });
  await using _environment = environment;
  const { emulator } = environment;
  const before = await Deno.readTextFile(environment.configPath);
  await assertNothingPlain(environment);
  await makeTree(
    environment.path("source"),
    Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`file${index}`, `content ${index}`])),
  );
  emulator.addFault({
    match: { path: "/files/v1/allocate" },
    times: 4,
    action: { kind: "stall", ms: 1_000 },
  });
  const copied = await environment.runWith(
    WITH_PASSWORD,
    ...["copy", "--transfers", "1", "-vv", "source", "jotta:"],
  );
  assertRun(copied, { stderr: /Copied 4 files/ });
  ok(emulator.stats.refreshes >= 1);
  await assertNothingPlain(environment);
  ok(await Deno.readTextFile(environment.configPath) !== before);
  assertRun(await environment.runWith(WITH_PASSWORD, "lsd", "jotta:"), {});
  equal(emulator.stats.revocations, 0);

  const removed = await environment.runWith(WITH_PASSWORD, "config", "password", "remove");
  assertRun(removed, {
    stdout: "",
    stderr: `Removed the password of ${environment.configPath}, which is plain text now\n`,
  });
  const after = await Deno.readTextFile(environment.configPath);
  // The session is another, the settings are the same.
  const settings = (config: string) =>
    config.split("\n").filter((line) => /^(\[|type|client_id|tokenURL)/.test(line));
  deepEqual(settings(after), settings(text));
  assertRun(await environment.run("lsd", "jotta:"), {});
});

Deno.test("processes that refresh one session in an encrypted config at the same time all succeed", async () => {
  const { environment } = await encrypted({ tokenLifetimeSeconds: 2 });
  await using _environment = environment;
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  for (let round = 0; round < 2; round++) {
    const { refreshes } = emulator.stats;
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    emulator.addFault({ match: { path: "/token" }, times: 1, action: { kind: "stall", ms: 300 } });
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => environment.runWith(WITH_PASSWORD, "ls", "jotta:")),
    );
    for (const run of runs) assertRun(run, { stdout: "        1 a.txt\n", stderr: "" });
    ok(emulator.stats.refreshes > refreshes);
  }
  equal(emulator.stats.revocations, 0);
  await assertNothingPlain(environment);
});

Deno.test("config password set, change, check and remove do what they say, and a dry run only says it", async () => {
  await using environment = await Environment.signedIn();
  const { configPath } = environment;
  const text = await Deno.readTextFile(configPath);
  const password = (words: readonly string[], env: Record<string, string> = {}) =>
    environment.runWith({ env }, "config", "password", ...words);
  const plainFailure = {
    status: 2,
    hint: "Encrypt it with: jottash config password set",
  };
  assertFailure(await password(["check"]), {
    ...plainFailure,
    error: `Cannot check the password of "${configPath}": the file is not encrypted`,
  });
  assertFailure(await password(["change"], { JOTTASH_NEW_CONFIG_PASS: "x" }), {
    ...plainFailure,
    error: `Cannot change the password of "${configPath}": the file is not encrypted`,
  });
  assertRun(await password(["remove"]), {
    stdout: "",
    stderr: `${configPath} is not encrypted: there is no password to remove\n`,
  });
  assertFailure(await password(["set"]), {
    status: 2,
    error: 'Cannot ask "New password of the configuration": a terminal is needed',
    hint: "Give it with --new-password-command COMMAND, or in JOTTASH_NEW_CONFIG_PASS",
  });
  assertRun(await password(["set", "-n"], { JOTTASH_NEW_CONFIG_PASS: "one" }), {
    stdout: "",
    stderr: `Would encrypt ${configPath} with a new password\n`,
  });
  equal(await Deno.readTextFile(configPath), text);

  const program = await writeProgram(environment, "new", "echo first one");
  assertRun(await password(["set", "--new-password-command", program]), { stderr: /^Encrypted / });
  const first = { JOTTASH_CONFIG_PASS: "first one" };
  const sealed = await Deno.readTextFile(configPath);
  match(sealed, /^# Encrypted/);
  assertRun(await password(["check"], first), {
    stdout: "",
    stderr: `${configPath} is encrypted, and the password opens it\n`,
  });
  equal((await password(["check"], { JOTTASH_CONFIG_PASS: "first" })).status, 2);
  equal((await password(["check"])).status, 2);
  assertRun(await password(["remove", "-n"], first), { stderr: `Would make ${configPath} plain text\n` });
  const refused = [
    await password(["change"], { JOTTASH_NEW_CONFIG_PASS: "second" }),
    await password(["change"], { JOTTASH_CONFIG_PASS: "wrong", JOTTASH_NEW_CONFIG_PASS: "second" }),
    await password(["change"], { ...first, JOTTASH_NEW_CONFIG_PASS: "   " }),
    await password(["remove"], { JOTTASH_CONFIG_PASS: "wrong" }),
  ];
  deepEqual(refused.map(({ status }) => status), [2, 2, 2, 2]);
  equal(await Deno.readTextFile(configPath), sealed);

  assertRun(await password(["change"], { ...first, JOTTASH_NEW_CONFIG_PASS: "second " }), {
    stdout: "",
    stderr: `Changed the password of ${configPath}; nobody can open it without the password\n` +
      "warn: The password starts or ends with a blank, which is part of it\n",
  });
  equal((await password(["check"], first)).status, 2);
  assertRun(await password(["remove"], { JOTTASH_CONFIG_PASS: "second " }), {});
  equal(await Deno.readTextFile(configPath), text);
  equal(((await Deno.stat(configPath)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("rclone's words for the encryption of the config are answered with ours", async () => {
  await using environment = await Environment.create();
  for (const word of ["set", "remove", "check"]) {
    const run = await environment.run("config", "encryption", word);
    equal(run.status, 2);
    match(run.stderr, /Nearest: "jottash config password" with set, change, remove or check/);
  }
});

Deno.test({
  name: "on a terminal the password is asked for, once, hidden, with another try",
  ignore: NO_PTY,
  fn: async () => {
    const { environment } = await encrypted();
    await using _environment = environment;
    environment.emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
    await using terminal = await PseudoTerminal.start(environment, ["ls", "jotta:"]);
    await terminal.until(/Password of the configuration/);
    terminal.type(`hunter2${ENTER}`);
    await terminal.until(/This password does not open it: it is wrong/);
    terminal.type(`${PASSWORD}${ENTER}`);
    await terminal.until(/1 a\.txt/);
    equal(await terminal.exitCode(), 0);
    ok(!/hunter2|horse/.test(plain(terminal.raw)));
  },
});

Deno.test({
  name: "config password: a menu that encrypts the config with a password typed twice",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.signedIn();
    environment.keepSecret(PASSWORD);
    await using terminal = await PseudoTerminal.start(environment, ["config", "password"]);
    await terminal.answer(/is not encrypted/, ENTER);
    await terminal.answer(/New password of the configuration/, `${PASSWORD}${ENTER}`);
    await terminal.answer(/The same password again/, `${PASSWORD}${ENTER}`);
    await terminal.until(/Encrypted .*; nobody can open it/);
    equal(await terminal.exitCode(), 0);
    assertRun(await environment.runWith(WITH_PASSWORD, "config", "list"), { stdout: "jotta:\n" });
    await assertNothingPlain(environment);
  },
});

Deno.test({
  name: "on a terminal nobody is asked by a command that needs no config, nor with --ask-password=false",
  ignore: NO_PTY,
  fn: async () => {
    const { environment } = await encrypted();
    await using _environment = environment;
    await makeTree(environment.path("source"), { a: "a" });
    const lines = [
      { words: ["version"], status: 0 },
      { words: ["help"], status: 0 },
      { words: ["config", "file"], status: 0 },
      { words: ["copy", "source", "target"], status: 0 },
      // Its hint would name a remote.
      { words: ["ls", "jotta"], status: 3 },
      { words: ["ls", "jotta:", "--ask-password=false"], status: 2 },
    ];
    for (const { words, status } of lines) {
      await using terminal = await PseudoTerminal.start(environment, words);
      equal(await terminal.exitCode(), status, words.join(" "));
      ok(!terminal.raw.includes("Password"), words.join(" "));
    }
  },
});
