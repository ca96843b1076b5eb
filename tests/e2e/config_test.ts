/** The config file and the commands that look at it. */
import { equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

const OTHERS = `# mine, by hand
[s3 backup]
type = s3
access_key_id = abc
odd key = with = signs ; and more

`;

Deno.test("config list, show, delete and file tell and change just what they say", async () => {
  await using environment = await Environment.create();
  assertRun(await environment.run("config", "list"), { stdout: "", stderr: "" });
  assertRun(await environment.run("config", "show"), {
    stdout: "",
    stderr: "There are no remotes yet\n  Make one: jottash config\n",
  });
  await environment.writeConfig(OTHERS + environment.remoteSection("jotta") + "\n; the end\n");
  assertRun(await environment.run("config", "list"), { stdout: "s3 backup:\njotta:\n", stderr: "" });
  assertRun(await environment.run("config", "file"), { stdout: `${environment.configPath}\n`, stderr: "" });
  const shown = await environment.run("config", "show", "jotta:", "-vv");
  match(shown.stdout, /^\[jotta\]\ntype = jottacloud\n/);
  match(shown.stdout, /^token = \*\*\*$/m);
  match((await environment.run("config", "show")).stdout, /^\[s3 backup\]\n.*\n\n\[jotta\]\n/s);

  const planned = await environment.run("config", "delete", "jotta", "--dry-run");
  assertRun(planned, { stdout: "", stderr: 'Would delete the remote "jotta" from the config\n' });
  const deleted = await environment.run("config", "delete", "jotta");
  assertRun(deleted, {
    stdout: "",
    stderr: `Deleted the remote "jotta" from ${environment.configPath}\n`,
  });
  const left = await Deno.readTextFile(environment.configPath);
  equal(left.startsWith(OTHERS.trimEnd()), true, left);
  assertFailure(await environment.run("config", "delete", "jotta"), {
    status: 2,
    error: 'Cannot use "jotta:": there is no remote of that name in the config file',
    hint: "Known: s3 backup:",
  });
});

Deno.test("help takes all words of a name", async () => {
  await using environment = await Environment.create();
  const { status, stdout } = await environment.run("help", "config", "password", "set");
  equal(status, 0);
  match(stdout, /^Usage: jottash config password set /);
});

Deno.test("the config is the file of --config, of JOTTASH_CONFIG, of XDG_CONFIG_HOME, or below the home", async () => {
  await using environment = await Environment.create();
  const file = async (env: Record<string, string>, ...words: string[]) =>
    (await environment.runWith({ env }, "config", "file", ...words)).stdout.trimEnd();
  equal(await file({}), environment.configPath);
  equal(await file({ XDG_CONFIG_HOME: "/xdg" }), "/xdg/jottash/jottash.conf");
  equal(await file({ XDG_CONFIG_HOME: "/xdg", JOTTASH_CONFIG: "env.conf" }), "env.conf");
  equal(await file({ JOTTASH_CONFIG: "env.conf" }, "--config", "flag.conf"), "flag.conf");
  assertFailure(await environment.runWith({ env: { HOME: "" } }, "config", "file"), {
    status: 2,
    error: "Cannot find the config file: the environment names no home directory",
    hint: "Name the file with --config FILE or JOTTASH_CONFIG",
  });
});

Deno.test("a config file made by rclone works as it is", async () => {
  await using environment = await Environment.create();
  environment.emulator.tree.putFile("/Jotta/Sync/from rclone.txt", "hello");
  const section = environment.remoteSection("my jotta", { device: "Jotta", mountpoint: "Sync" });
  await Deno.writeTextFile(environment.path("rclone.conf"), section, { mode: 0o600 });
  const listed = await environment.run("ls", "my jotta:", "--config", "rclone.conf");
  assertRun(listed, { stdout: "        5 from rclone.txt\n", stderr: "" });
});

Deno.test("a config that cannot be used is told with the file and what to do", async (t) => {
  await using environment = await Environment.create();
  const use = async (text: string) => {
    await Deno.writeTextFile(environment.path("used.conf"), text);
    return await environment.run("ls", "a:", "--config", "used.conf");
  };
  await t.step("a broken line, by its number", async () => {
    assertFailure(await use("[a]\ntype = jottacloud\nsecret-looking\n"), {
      status: 2,
      error:
        'Cannot read the configuration "used.conf", line 3: it is neither a section, a key with a value, nor a comment',
      hint: "Correct the line in an editor; the file is left as it is",
    });
  });
  await t.step("an encrypted one that was cut off", async () => {
    assertFailure(await use("# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabcd\n"), {
      status: 2,
      error: 'Cannot read the configuration "used.conf": its encrypted part is too short',
      hint: /restore a copy/,
    });
  });
  await t.step("a directory", async () => {
    assertFailure(await environment.run("ls", "a:", "--config", "."), {
      status: 2,
      error: 'Cannot read ".": it is a directory',
      hint: "This is the config file; name another one with --config FILE or JOTTASH_CONFIG",
    });
  });
  await t.step("a remote of another type", async () => {
    assertFailure(await use("[a]\ntype = s3\n"), {
      status: 2,
      error: 'Cannot use "a:": its type is "s3", not "jottacloud"',
      hint: /config show/,
    });
  });
  await t.step("a remote without a session", async () => {
    assertFailure(await use("[a]\ntype = jottacloud\nconfigVersion = 1\n"), {
      status: 7,
      error: 'Cannot use "a:": nobody is signed in',
      hint: /jottash config/,
    });
  });
  await t.step("an outdated remote", async () => {
    assertFailure(await use('[a]\ntype = jottacloud\ntoken = {"access_token":"x"}\n'), {
      status: 2,
      error: 'Cannot use "a:": its session is of an old kind that the service has ended',
      hint: "Sign in again: jottash config reconnect a:",
    });
  });
  await t.step("no such remote", async () => {
    assertFailure(await use("[b]\ntype = jottacloud\n"), {
      status: 2,
      error: 'Cannot use "a:": there is no remote of that name in "used.conf"',
      hint: 'Known: b:; make a new one with "jottash config"',
    });
  });
});

Deno.test("a first run without a config says how to begin, and where it looked", async () => {
  await using environment = await Environment.create();
  assertFailure(await environment.run("ls", "jotta:photos"), {
    status: 2,
    error: `Cannot use "jotta:": there is no remote of that name in "${environment.configPath}"`,
    hint: 'Make it with "jottash config"; for a file of this machine write "./jotta:..."',
  });
});

Deno.test("config without a terminal asks nothing and says what to use instead", async () => {
  await using environment = await Environment.signedIn();
  const refused = await environment.runWith({ stdin: "n\n" }, "config");
  assertFailure(refused, {
    status: 2,
    error: "Cannot ask questions: a terminal is needed",
    hint: "In scripts use: jottash config create NAME --login-token-file FILE (or --login-token-stdin)",
  });
  equal(refused.stdout, "");
});
