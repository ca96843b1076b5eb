/** `jottash config import`: remotes of rclone, without taking its sessions away. */
import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { ENTER, PseudoTerminal } from "./pseudo_terminal.ts";

async function withRclone(place = [".config", "rclone", "rclone.conf"]): Promise<Environment> {
  const environment = await Environment.create();
  const text = [
    "# of rclone",
    environment.remoteSection("jotta", { device: "Jotta", mountpoint: "Sync", hard_delete: "true" }),
    "[box]\ntype = sftp\n",
    environment.remoteSection("work", { username: "kari" }),
  ].join("\n");
  const path = environment.path(...place);
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, text, { mode: 0o600 });
  for (const [, token] of text.matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)) {
    if (token !== undefined) environment.keepSecret(token);
  }
  return environment;
}

Deno.test("config import copies settings of jottacloud remotes, and leaves the sessions with rclone", async () => {
  await using environment = await withRclone();
  const path = environment.path(".config", "rclone", "rclone.conf");
  const before = await Deno.readTextFile(path);
  assertRun(await environment.run("config", "import", "-vv"), {
    stdout: "",
    stderr: [
      `Imported "jotta" from ${path}, without its session`,
      `Imported "work" from ${path}, without its session`,
      '"jotta:" needs a session of its own',
      "  Sign in: jottash config reconnect jotta:",
      '"work:" needs a session of its own',
      "  Sign in: jottash config reconnect work:",
      "",
    ].join("\n"),
  });
  deepEqual(JSON.parse((await environment.run("config", "dump", "--show-secrets")).stdout), {
    jotta: { type: "jottacloud", device: "Jotta", mountpoint: "Sync", hard_delete: "true" },
    work: { type: "jottacloud" },
  });
  const stdin = environment.emulator.loginToken;
  assertRun(await environment.runWith({ stdin }, "config", "reconnect", "jotta:", "--login-token-stdin"), {});
  assertRun(await environment.run("ls", "jotta:"), {});
  // Nothing of rclone's has changed, on the disk or at the service.
  equal(await Deno.readTextFile(path), before);
  equal(environment.emulator.stats.revocations, 0);
  assertRun(await environment.run("ls", "jotta:", "--config", path), {});
});

Deno.test("config import leaves out names that are there, and takes one under another name", async () => {
  await using environment = await withRclone();
  await environment.writeConfig(environment.remoteSection("jotta"));
  const again = await environment.run("config", "import", "--only", "jotta");
  assertRun(again, {
    stderr: 'jottash: warning: Left out "jotta": there is a remote of that name already\n' +
      "  Import it under another name with --only NAME --as OTHER\nNothing to import\n",
  });
  assertRun(await environment.run("config", "import", "--only", "jotta:", "--as", "my cloud"), {
    stderr:
      /^Imported "jotta" as "my cloud" from [^\n]+\n[^\n]+\n {2}Sign in: jottash config reconnect "my cloud:"\n$/,
  });
  assertRun(await environment.run("config", "list"), { stdout: "jotta:\nmy cloud:\n" });
  const file = environment.path(".config", "rclone", "rclone.conf");
  const cases: readonly (readonly [words: readonly string[], status: number, error: string])[] = [
    [["--as", "x"], 2, `Cannot import as "x": "${file}" has 2 remotes`],
    [["--only", "box"], 2, `Cannot import from "${file}": it has no remote "box" of type "jottacloud"`],
    [
      ["--only", "work", "--as", "jotta"],
      2,
      'Cannot import "work" as "jotta": there is a remote of that name already',
    ],
    [["nosuch.conf"], 4, 'Cannot read "nosuch.conf": it does not exist'],
  ];
  for (const [words, status, error] of cases) {
    const result = await environment.run("config", "import", ...words);
    equal(result.status, status, result.stderr);
    equal(result.stderr.split("\n")[0], `jottash: ${error}`);
  }
});

Deno.test("config import finds the config of rclone where rclone does", async (t) => {
  const places: readonly (readonly [place: string[], env: (home: string) => Record<string, string>])[] = [
    [["r.conf"], (home) => ({ RCLONE_CONFIG: join(home, "r.conf") })],
    [["xdg", "rclone", "rclone.conf"], (home) => ({ XDG_CONFIG_HOME: join(home, "xdg") })],
    [[".rclone.conf"], () => ({})],
  ];
  for (const [place, env] of places) {
    await t.step(place.join("/"), async () => {
      await using environment = await withRclone(place);
      const variables = { JOTTASH_CONFIG: environment.configPath, ...env(environment.home) };
      const imported = await environment.runWith({ env: variables }, "config", "import");
      assertRun(imported, { stderr: new RegExp(`^Imported "jotta" from ${environment.path(...place)}, `) });
    });
  }
  await t.step("and says where it looked when there is none", async () => {
    await using environment = await Environment.create();
    assertFailure(await environment.run("config", "import"), {
      status: 2,
      error: "Cannot find the config of rclone",
      hint:
        /^ {2}Name it: jottash config import FILE; looked at .*\/\.config\/rclone\/rclone\.conf, .*\/\.rclone\.conf$/,
    });
  });
});

Deno.test("config import reads a file that is encrypted", async () => {
  await using environment = await withRclone();
  const path = environment.path(".config", "rclone", "rclone.conf");
  const password = "correct horse";
  environment.keepSecret(password);
  const env = { JOTTASH_NEW_CONFIG_PASS: password };
  assertRun(await environment.runWith({ env }, "config", "password", "set", "--config", path), {});
  const refused = await environment.run("config", "import");
  equal(refused.status, 2, refused.stderr);
  const imported = await environment.runWith({ env: { RCLONE_CONFIG_PASS: password } }, "config", "import");
  assertRun(imported, { stderr: /^Imported "jotta" from / });
  assertRun(await environment.run("config", "list"), { stdout: "jotta:\nwork:\n" });
});

Deno.test("config import signs in on a terminal, for each remote that is wanted", async () => {
  await using environment = await withRclone();
  await using terminal = await PseudoTerminal.start(environment, ["config", "import"]);
  await terminal.answer(/Sign in to "jotta:" now\?/, ENTER);
  // rclone had a login token: that way is marked.
  await terminal.answer(/How do you sign in\?/, ENTER);
  await terminal.answer(/Personal login token/, `${environment.emulator.loginToken}${ENTER}`);
  await terminal.until(/"jotta:" is ready/);
  await terminal.answer(/Sign in to "work:" now\?/, `n${ENTER}`);
  equal(await terminal.exitCode(), 0);
  match(terminal.raw, /"work:" has no session yet/);
  assertRun(await environment.run("ls", "jotta:"), {});
  equal((await environment.run("ls", "work:")).status, 7);
});

Deno.test("config import tells how a remote was signed in with rclone, where that was with the browser", async () => {
  await using environment = await Environment.create();
  const tele2 = {
    client_id: "desktop",
    tokenURL: "https://mittcloud-auth.tele2.se/auth/realms/comhem/protocol/openid-connect/token",
  };
  const path = environment.path("rclone.conf");
  await Deno.writeTextFile(path, environment.remoteSection("tele", tele2));
  const imported = await environment.run("config", "import", path);
  assertRun(imported, {
    stderr: /\n {2}Sign in: jottash config reconnect tele: --method traditional --service tele2\n$/,
  });
});
