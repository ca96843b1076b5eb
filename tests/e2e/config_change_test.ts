/** Commands that change remotes of the config without signing in: update, rename, copy. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

const BESIDE = "# by hand\n[s3]\ntype = s3\n";

async function withRemote(): Promise<Environment> {
  const environment = await Environment.create();
  const section = environment.remoteSection("jotta", { device: "Jotta", mountpoint: "Sync", odd: "kept" });
  await environment.writeConfig(`${BESIDE}\n${section}`);
  return environment;
}

async function settings(environment: Environment, name: string): Promise<Record<string, string>> {
  const { stdout, stderr, status } = await environment.run("config", "show", name);
  equal(status, 0, stderr);
  return Object.fromEntries(stdout.trimEnd().split("\n").slice(1).map((line) => line.split(" = ", 2)));
}

Deno.test("config update takes settings as two words and as one, and leaves all else as it is", async () => {
  await using environment = await withRemote();
  const before = await Deno.readTextFile(environment.configPath);
  assertRun(
    await environment.run(
      "config",
      "update",
      "jotta:",
      "device",
      "Laptop",
      "mountpoint=Pho=tos",
      "hard_delete",
      "",
    ),
    { stdout: "", stderr: 'Changed the remote "jotta": device, mountpoint, hard_delete\n' },
  );
  const after = await Deno.readTextFile(environment.configPath);
  equal(
    after,
    before.replace("device = Jotta", "device = Laptop").replace("= Sync", "= Pho=tos").replace(
      "odd = kept",
      "odd = kept\nhard_delete = ",
    ),
  );
});

Deno.test("config update refuses what is no setting, what is none of its values, and every secret", async (t) => {
  await using environment = await withRemote();
  const before = await Deno.readTextFile(environment.configPath);
  const secret = "hunter2-and-more";
  environment.keepSecret(secret);
  const cases: readonly (readonly [words: readonly string[], error: string, hint?: RegExp])[] = [
    [["mountpont=Sync"], 'Cannot set "mountpont": there is no such setting', /Did you mean "mountpoint"\?/],
    [["colour", "red"], 'Cannot set "colour": there is no such setting', /Known: description, device, /],
    [[`token=${secret}`], 'Cannot set "token": it is a secret', /config reconnect/],
    [["client_secret", secret], 'Cannot set "client_secret": it is a secret', /config reconnect/],
    [[`password=${secret}`], 'Cannot set "password": it is a secret', /config reconnect/],
    [["access_token", secret], 'Cannot set "access_token": it is a secret', /config reconnect/],
    [["tokenURL=https://x"], 'Cannot set "tokenURL": it belongs to the session', /config reconnect/],
    [["type=s3"], 'Cannot set "type": it belongs to the session', /config reconnect/],
    [["device"], 'Cannot change "jotta:": the last setting has no value', /KEY=VALUE/],
    [[`${secret}!`, "x"], 'Cannot set "...": there is no such setting', /Known/],
    [["hard_delete=perhaps"], "Cannot use"],
    [["md5_memory_limit=big"], "Cannot"],
  ];
  for (const [words, error, hint] of cases) {
    await t.step(words.join(" ").replaceAll(secret, "SECRET"), async () => {
      const result = await environment.run("config", "update", "jotta", ...words);
      equal(result.status, 2, result.stderr);
      equal(result.stderr.startsWith(`jottash: ${error}`), true, result.stderr);
      if (hint !== undefined) match(result.stderr, hint);
      equal(await Deno.readTextFile(environment.configPath), before);
    });
  }
  await t.step("of a remote that is not there, or of another type", async () => {
    assertFailure(await environment.run("config", "update", "nosuch", "device", "x"), {
      status: 2,
      error: 'Cannot use "nosuch:": there is no remote of that name in the config file',
      hint: "Known: s3:, jotta:",
    });
    equal((await environment.run("config", "update", "s3", "device", "x")).status, 2);
  });
});

Deno.test("config rename takes settings and session along", async () => {
  await using environment = await withRemote();
  const before = await Deno.readTextFile(environment.configPath);
  assertRun(await environment.run("config", "rename", "jotta:", "my cloud"), {
    stdout: "",
    stderr: 'Renamed the remote "jotta" to "my cloud"\n',
  });
  equal(await Deno.readTextFile(environment.configPath), before.replace("[jotta]", "[my cloud]"));
  assertRun(await environment.run("ls", "my cloud:"), {});
  assertFailure(await environment.run("config", "rename", "my cloud", "s3"), {
    status: 2,
    error: 'Cannot rename "my cloud" to "s3": there is a remote of that name already',
    hint: "Choose another name, or delete that remote first: jottash config delete s3",
  });
  assertFailure(await environment.run("config", "rename", "my cloud", "a/b"), {
    status: 2,
    error:
      'Cannot rename "my cloud" to "a/b": a remote cannot be called that: only letters, digits, "_", "-", ".", "+", "@" and spaces inside are allowed',
  });
  assertFailure(await environment.run("config", "rename", "jotta", "other"), {
    status: 2,
    error: 'Cannot use "jotta:": there is no remote of that name in the config file',
    hint: "Known: s3:, my cloud:",
  });
});

Deno.test("config copy makes a remote with the settings, which has to sign in on its own", async () => {
  await using environment = await withRemote();
  const before = await Deno.readTextFile(environment.configPath);
  assertRun(await environment.run("config", "copy", "jotta", "photos"), {
    stdout: "",
    stderr:
      'Copied the settings of the remote "jotta" to "photos"\n  It needs a session of its own: jottash config reconnect photos:\n',
  });
  deepEqual(await settings(environment, "photos"), {
    type: "jottacloud",
    device: "Jotta",
    mountpoint: "Sync",
    odd: "kept",
  });
  equal((await Deno.readTextFile(environment.configPath)).startsWith(before.trimEnd()), true);
  equal((await environment.run("ls", "photos:")).status, 7);
  const stdin = environment.emulator.loginToken;
  assertRun(
    await environment.runWith({ stdin }, "config", "reconnect", "photos:", "--login-token-stdin"),
    {},
  );
  assertRun(await environment.run("ls", "photos:"), {});
  assertRun(await environment.run("ls", "jotta:"), {});
  equal((await settings(environment, "photos"))["mountpoint"], "Sync");
  equal((await environment.run("config", "copy", "s3", "x")).status, 2);
  equal((await environment.run("config", "copy", "jotta", "photos")).status, 2);
});

Deno.test("config commands take the name of a remote, and show no parameter of a connection string", async (t) => {
  await using environment = await withRemote();
  const secret = "hunter2-and-more";
  environment.keepSecret(secret);
  const text = `jotta,token=${secret}:`;
  const commands: readonly (readonly string[])[] = [
    ["config", "create", text, "--login-token-stdin"],
    ["config", "update", text, "device=x"],
    ["config", "rename", text, "b"],
    ["config", "copy", "jotta", text],
    ["config", "delete", text],
    ["config", "show", text],
    ["config", "redacted", text],
    ["config", "reconnect", text],
  ];
  for (const words of commands) {
    await t.step(words.slice(0, 2).join(" "), async () => {
      assertFailure(await environment.run(...words), {
        status: 2,
        error: 'Cannot use "jotta,...": this command takes the name of a remote alone',
        hint: "Remotes are listed by: jottash config list",
      });
    });
  }
});
