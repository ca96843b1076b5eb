/** Remotes that the config does not have, or not so: connection strings and variables of the environment. */
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

/** A session as a variable or a parameter has it; no run may ever say its tokens. */
function tokenText(environment: Environment): string {
  const { accessToken, refreshToken, expiresAtMs } = environment.emulator.issueTokens();
  environment.keepSecret(accessToken);
  environment.keepSecret(refreshToken);
  return JSON.stringify({
    access_token: accessToken,
    token_type: "bearer",
    refresh_token: refreshToken,
    expiry: new Date(expiresAtMs).toISOString(),
  });
}

function withFiles(environment: Environment): Environment {
  const { tree } = environment.emulator;
  tree.putFile("/Jotta/Archive/in archive.txt", "archive");
  tree.putFile("/Jotta/Sync/in sync.txt", "sync");
  return environment;
}

const ARCHIVE = "        7 in archive.txt\n";
const SYNC = "        4 in sync.txt\n";

/** Deleting commands that reached the service, as in `rm`. */
function deletions(environment: Environment): string[] {
  const { requests } = environment.emulator;
  return requests.filter((each) => each.method === "POST" && /^(?:rm|dl)/.test(each.query))
    .map((each) => each.query.replace(/=.*/, ""));
}

for (const program of ["JOTTASH", "RCLONE"]) {
  Deno.test(`a remote of ${program}_CONFIG_... variables needs no config file and no home`, async () => {
    await using environment = withFiles(await Environment.create());
    const env = {
      HOME: "",
      [`${program}_CONFIG_CI_TYPE`]: "jottacloud",
      [`${program}_CONFIG_CI_TOKEN`]: tokenText(environment),
    };
    for (const place of ["CI:", "ci:"]) {
      assertRun(await environment.runWith({ env }, "ls", place), { stdout: ARCHIVE, stderr: "" });
    }
    const sync = { ...env, [`${program}_CONFIG_CI_MOUNTPOINT`]: "Sync" };
    assertRun(await environment.runWith({ env: sync }, "ls", "CI:"), { stdout: SYNC, stderr: "" });
    assertRun(await environment.runWith({ env }, "config", "list"), { stdout: "ci:\n", stderr: "" });
    const shown = await environment.runWith({ env }, "config", "show", "ci");
    equal(shown.status, 0, shown.stderr);
    match(shown.stdout, /^\[ci\]\ntype = jottacloud\n/);
    match(shown.stdout, /^token = \*\*\*$/m);
    assertFailure(await environment.runWith({ env }, "ls", "other:"), {
      status: 2,
      error:
        'Cannot use "other:": the environment has no remote of that name, and names no home directory for a config file',
      hint: "Known: ci:. Name a config file with --config FILE or JOTTASH_CONFIG",
    });
  });
}

Deno.test("a remote of variables stands beside those of the config, and variables override the config", async () => {
  await using environment = withFiles(await Environment.create());
  await environment.writeConfig(environment.remoteSection("my-jotta", { mountpoint: "Archive" }));
  const ls = async (env: Record<string, string>, ...words: string[]) => {
    const result = await environment.runWith({ env }, "ls", ...words);
    equal(result.status, 0, result.stderr);
    return result.stdout;
  };
  equal(await ls({}, "my-jotta:"), ARCHIVE);
  equal(await ls({ RCLONE_JOTTACLOUD_MOUNTPOINT: "Sync" }, "my-jotta:"), SYNC);
  equal(await ls({ RCLONE_CONFIG_MY_JOTTA_MOUNTPOINT: "Sync" }, "my-jotta:"), SYNC);
  equal(await ls({ "RCLONE_CONFIG_MY-JOTTA_MOUNTPOINT": "Sync" }, "my-jotta:"), SYNC);
  const both = { JOTTASH_MOUNTPOINT: "none", JOTTASH_CONFIG_MY_JOTTA_MOUNTPOINT: "Sync" };
  equal(await ls(both, "my-jotta:"), SYNC);
  equal(await ls(both, "my-jotta:", "--jottacloud-mountpoint", "Archive"), ARCHIVE);
  equal(await ls(both, "my-jotta,mountpoint=Archive:", "--mountpoint=none"), ARCHIVE);
  const ci = { RCLONE_CONFIG_CI_TYPE: "jottacloud" };
  assertRun(await environment.runWith({ env: ci }, "config", "list"), {
    stdout: "my-jotta:\nci:\n",
    stderr: "",
  });
  assertFailure(await environment.runWith({ env: ci }, "ls", "jotta:"), {
    status: 2,
    error: `Cannot use "jotta:": there is no remote of that name in "${environment.configPath}"`,
    hint: 'Known: my-jotta:, ci:; make a new one with "jottash config"',
  });
});

Deno.test("a connection string changes a remote for one place, and messages do not show it", async () => {
  await using environment = withFiles(await Environment.signedIn());
  assertRun(await environment.run("ls", "jotta,mountpoint=Sync:"), { stdout: SYNC, stderr: "" });
  assertRun(await environment.run("ls", "jotta,device='Jotta',mountpoint=\"Sync\":in sync.txt"), {
    stdout: SYNC,
    stderr: "",
  });
  const copied = await environment.run("copy", "jotta:", "jotta,mountpoint=Sync:from archive", "-v");
  equal(copied.status, 0, copied.stderr);
  doesNotMatch(copied.stderr, /mountpoint/);
  deepEqual(environment.emulator.tree.walkFiles("/Jotta/Sync"), [
    "from archive/in archive.txt",
    "in sync.txt",
  ]);
  assertFailure(await environment.run("deletefile", "jotta,mountpoint=Sync:none"), {
    status: 4,
    error: 'Cannot delete "jotta:none": there is no such file',
  });
  // The place in the hint would be another one without its parameters.
  assertFailure(await environment.run("deletefile", "jotta,mountpoint=Sync:from archive"), {
    status: 12,
    error: 'Cannot delete "jotta:from archive": it is a folder',
    hint: "Delete it with all that is in it: jottash purge",
  });
  assertFailure(await environment.run("ls", "jotta,mountpoint=Nowhere:"), {
    status: 3,
    error: 'Cannot use "jotta:": there is no mountpoint "Nowhere" on a device "Jotta"',
    hint: /--mountpoint$/,
  });
});

Deno.test("places of one remote share its session: a token that has run out is refreshed once", async () => {
  await using environment = withFiles(await Environment.create());
  const expired = environment.remoteSection("jotta").replace(
    /"expiry":"[^"]*"/,
    '"expiry":"2020-01-01T00:00:00Z"',
  );
  await environment.writeConfig(expired);
  environment.emulator.clearRequests();
  const copied = await environment.run("copy", "jotta:", "jotta,mountpoint=Sync:x");
  equal(copied.status, 0, copied.stderr);
  const tokenPath = new URL(environment.emulator.tokenUrl).pathname;
  equal(environment.emulator.requests.filter((each) => each.path === tokenPath).length, 1);
});

Deno.test("a remote on the fly has all it needs in its connection string", async () => {
  await using environment = withFiles(await Environment.create());
  const token = tokenText(environment).replaceAll("'", "''");
  const remote = `:jottacloud,tokenURL='${environment.emulator.tokenUrl}',token='${token}'`;
  const env = { HOME: "" };
  assertRun(await environment.runWith({ env }, "ls", `${remote}:`), { stdout: ARCHIVE, stderr: "" });
  assertRun(await environment.runWith({ env }, "ls", `${remote},mountpoint=Sync:`), {
    stdout: SYNC,
    stderr: "",
  });
  assertFailure(await environment.runWith({ env }, "ls", `${remote}:no/such`), {
    status: 3,
    error: 'Cannot find ":jottacloud:no/such": there is no such file or folder',
  });
  const variables = { ...env, RCLONE_JOTTACLOUD_TOKEN: tokenText(environment) };
  assertRun(await environment.runWith({ env: variables }, "ls", ":jottacloud:"), {
    stdout: ARCHIVE,
    stderr: "",
  });
});

Deno.test("a connection string that is wrong is told without what may be a secret", async () => {
  await using environment = await Environment.signedIn();
  const secret = "pass-word-1234";
  environment.keepSecret(secret);
  const cases: [place: string, error: string, hint: RegExp][] = [
    [`jotta,password='${secret}:`, 'Cannot use "jotta,...": a quoted value has no end', /quotes/],
    [
      `jotta,password=x,${secret.replaceAll("-", "_")}:`,
      'Cannot use "jotta:": one of its parameters is not known',
      /quotes around it$/,
    ],
    [
      "jotta,hard_delet:x",
      'Cannot use "jotta:": there is no parameter "hard_delet"',
      /^ {2}Did you mean "hard_delete"\?/,
    ],
    [
      `:s3,secret_access_key=${secret}:x`,
      'Cannot use ":s3:": there is no parameter "secret_access_key"',
      /Known/,
    ],
    [":s3:x", 'Cannot use ":s3:": the only type of remotes is "jottacloud"', /":jottacloud:"/],
    [
      "jotta,hard_delete=perhaps:x",
      'Cannot use "perhaps" for --hard-delete: it is neither true nor false (from parameter "hard_delete" of "jotta:")',
      /^$/,
    ],
  ];
  const forgotten = await environment.run("ls", `jotta,password=${secret}`);
  assertFailure(forgotten, {
    status: 3,
    error: 'Cannot find "jotta,...": there is no such file or directory',
  });
  for (const [place, error, hint] of cases) {
    const result = await environment.run("ls", place);
    const [line, rest = ""] = result.stderr.trimEnd().split("\n");
    equal(line, `jottash: ${error}`);
    equal(result.status, 2);
    match(rest, hint);
  }
});

Deno.test("--hard-delete, rclone's names of it, the config and a connection string delete for good", async () => {
  await using environment = await Environment.signedIn();
  const { tree } = environment.emulator;
  const ways: [expected: string, env: Record<string, string>, words: string[]][] = [
    ["dl", {}, ["deletefile", "jotta:a"]],
    ["rm", {}, ["deletefile", "jotta:a", "--hard-delete"]],
    ["rm", {}, ["deletefile", "jotta:a", "--jottacloud-hard-delete"]],
    ["dl", {}, ["deletefile", "jotta,hard_delete=false:a", "--jottacloud-hard-delete"]],
    ["rm", {}, ["deletefile", "jotta,hard_delete:a"]],
    ["rm", { RCLONE_JOTTACLOUD_HARD_DELETE: "true" }, ["deletefile", "jotta:a"]],
    ["dl", { RCLONE_JOTTACLOUD_HARD_DELETE: "true" }, [
      "deletefile",
      "jotta:a",
      "--jottacloud-hard-delete=false",
    ]],
    ["rm", { JOTTASH_HARD_DELETE: "1" }, ["deletefile", "jotta:a"]],
    ["rm", { RCLONE_CONFIG_JOTTA_HARD_DELETE: "true" }, ["deletefile", "jotta:a"]],
    ["rmDir", { JOTTASH_HARD_DELETE: "1" }, ["purge", "jotta:dir"]],
    ["dlDir", {}, ["purge", "jotta:dir"]],
  ];
  for (const [expected, env, words] of ways) {
    tree.putFile("/Jotta/Archive/a", "x");
    tree.putFile("/Jotta/Archive/dir/b", "x");
    environment.emulator.clearRequests();
    // A variable for all remotes may have been forgotten.
    const variable = Object.keys(env).find((name) => expected.startsWith("rm") && !name.includes("_CONFIG_"));
    const warning = `jottash: warning: Deletes for good, past the trash: ${variable} is set\n`;
    const stderr = variable === undefined ? "" : warning;
    assertRun(await environment.runWith({ env }, ...words), { stdout: "", stderr });
    deepEqual(deletions(environment), [expected], words.join(" "));
  }
  await environment.writeConfig(
    environment.remoteSection("jotta", { hard_delete: "true", trashed_only: "false" }),
  );
  tree.putFile("/Jotta/Archive/a", "x");
  environment.emulator.clearRequests();
  assertRun(await environment.run("deletefile", "jotta:a"), { stdout: "", stderr: "" });
  deepEqual(deletions(environment), ["rm"]);
  assertFailure(await environment.run("deletefile", "jotta:a", "--jottacloud-unlink"), {
    status: 2,
    error: 'Cannot run "deletefile": there is no option "--jottacloud-unlink"',
    hint: /./,
  });
});

Deno.test("help environment names the variables, in lines that fit a terminal", async () => {
  await using environment = await Environment.create();
  const { status, stdout } = await environment.run("help", "environment");
  equal(status, 0);
  for (
    const name of [
      "JOTTASH_<OPTION>",
      "RCLONE_JOTTACLOUD_<OPTION>",
      "JOTTASH_CONFIG_<NAME>_<KEY>",
      "RCLONE_CONFIG_<NAME>_<KEY>",
      "JOTTASH_ACCESS_TOKEN",
      "JOTTASH_LOGIN_TOKEN",
    ]
  ) {
    ok(stdout.includes(name), name);
  }
  ok(stdout.split("\n").every((line) => line.length <= 80));
});

Deno.test("commands that change a remote say of one that variables make where it can be changed", async () => {
  await using environment = await Environment.signedIn();
  const env = { JOTTASH_CONFIG_CI_TYPE: "jottacloud" };
  for (
    const words of [
      ["reconnect", "ci:", "--login-token-stdin"],
      ["delete", "ci"],
      ["update", "ci", "device", "Box"],
      ["rename", "ci", "other"],
      ["copy", "ci", "other"],
    ]
  ) {
    assertFailure(await environment.runWith({ env }, "config", ...words), {
      status: 2,
      error: 'Cannot use "ci:": there is no remote of that name in the config file',
      hint: "Variables of the environment make this remote: change them instead (jottash help environment)",
    });
  }
  assertFailure(await environment.run("config", "delete", "jotta:path"), {
    status: 2,
    error: 'Cannot use "jotta:path": this command takes the name of a remote alone',
    hint: "Remotes are listed by: jottash config list",
  });
});
