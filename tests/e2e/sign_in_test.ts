/** Sign-in without questions: `jottash config create`. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

const PAGE = "https://www.jottacloud.com/web/secure";
const COPY_ALL = `Copy all of it, or make a new personal login token at ${PAGE}`;

Deno.test("config create signs in with a login token from a file, and keeps the config to its owner", async () => {
  await using environment = await Environment.create();
  await Deno.writeTextFile(environment.path("token.txt"), `${environment.emulator.loginToken}\n`);
  const created = await environment.run(
    "config",
    "create",
    "jotta",
    "--login-token-file",
    "token.txt",
    "-vv",
  );
  assertRun(created, { stdout: "" });
  match(
    created.stderr,
    new RegExp(
      `^Signed in as ${environment.emulator.email}; saved as "jotta:" in ${environment.configPath}$`,
      "m",
    ),
  );
  if (Deno.build.os !== "windows") {
    equal(((await Deno.stat(environment.configPath)).mode ?? 0) & 0o777, 0o600);
  }
  assertRun(await environment.run("ls", "jotta:", "-vv"), { stdout: "" });
});

Deno.test("config create takes a login token with line breaks, quotes and padding from standard input", async () => {
  await using environment = await Environment.create();
  const token = environment.emulator.loginToken;
  const wrapped = `"${token.slice(0, 70)}\r\n  ${token.slice(70, 140)}\n${token.slice(140)}=="\n`;
  const created = await environment.runWith(
    { stdin: wrapped },
    "config",
    "create",
    "jotta:",
    "--login-token-stdin",
  );
  assertRun(created, { stdout: "", stderr: /saved as "jotta:"/ });
  assertRun(await environment.run("config", "list"), { stdout: "jotta:\n", stderr: "" });
});

Deno.test("config create says of each unusable login token what is wrong with it, with status 7", async (t) => {
  await using environment = await Environment.create();
  const used = environment.emulator.issueLoginToken();
  const create = (stdin: string) =>
    environment.runWith({ stdin }, "config", "create", "jotta", "--login-token-stdin", "-vv");
  assertRun(await create(used), {});
  await Deno.remove(environment.configPath);
  const fresh = environment.emulator.issueLoginToken();
  environment.keepSecret(used);
  environment.keepSecret(fresh);

  await t.step("used already", async () => {
    const { stderr, ...rest } = await create(used);
    const lines = stderr.split("\n").filter((line) => !line.startsWith("debug: "));
    assertFailure({ ...rest, stderr: lines.join("\n") }, {
      status: 7,
      error:
        "Cannot sign in: the login token was refused: it is used already, expired, or of another service",
      hint: `Make a new one at ${PAGE}, under "Personal login token"; each works once`,
    });
  });
  const cases = [
    ["cut short", fresh.slice(0, 120), "it is cut short or damaged"],
    ["garbage", "not a token at all!", "it has characters that do not belong in it"],
    ["JSON of something else", btoa('{"a":1}'), 'it has no "username"'],
  ] as const;
  for (const [name, text, reason] of cases) {
    await t.step(name, async () => {
      assertFailure(await create(text), {
        status: 7,
        error: `Cannot use this login token: ${reason}`,
        hint: COPY_ALL,
      });
    });
  }
  await t.step("of another realm", async () => {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(fresh, { alphabet: "base64url" }));
    const other = btoa(text.replaceAll("/realms/jottacloud/", "/realms/elko/")).replace(/=+$/, "");
    const result = await create(other);
    equal(result.status, 7, result.stderr);
    match(
      result.stderr,
      /Cannot sign in: the login token is of the realm "jottacloud", .* the realm "elko"\n {2}Copy it again/,
    );
  });
  await t.step("empty", async () => {
    assertFailure(await create(" \n"), {
      status: 2,
      error: "Cannot sign in: the login token is empty",
      hint: `Make a personal login token at ${PAGE}`,
    });
  });
  await t.step("none of them left a config behind", async () => {
    assertRun(await environment.run("config", "list"), { stdout: "" });
  });
});

Deno.test("config create does not repeat a login token that was typed as the name of a file", async () => {
  await using environment = await Environment.create();
  const { loginToken } = environment.emulator;
  for (const words of [["--login-token-file", loginToken], [`--login-token-file=${loginToken}`]]) {
    assertFailure(await environment.run("config", "create", "jotta", ...words), {
      status: 2,
      error: "Cannot use the value of --login-token-file: it looks like a login token",
      hint: "Save the login token in a file and name that file, or use --login-token-stdin",
    });
  }
});

Deno.test("config create says that the session is kept when the service cannot be reached after the sign-in", async () => {
  await using environment = await Environment.create();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const created = await environment.runWith(
    { env: { JOTTASH_ENDPOINT: `http://127.0.0.1:${port}` }, stdin: environment.emulator.loginToken },
    ...["config", "create", "jotta", "--login-token-stdin", "--low-level-retries", "1"],
  );
  assertFailure(created, {
    status: 5,
    error: `Cannot look up the account: "127.0.0.1:${port}" refused the connection`,
    hint: '"jotta:" is signed in and saved all the same; later try: jottash about jotta:',
  });
  const { endpoint } = environment.emulator;
  assertRun(await environment.run("about", "jotta:", "--endpoint", endpoint), { stdout: "Used:    0 B\n" });
});

Deno.test("config create takes login tokens of other brands and keeps each remote to its own realm", async () => {
  await using environment = await Environment.create();
  const token = environment.emulator.issueLoginToken("get");
  environment.keepSecret(token);
  assertRun(
    await environment.runWith({ stdin: token }, "config", "create", "telia", "--login-token-stdin"),
    {},
  );
  match((await environment.run("config", "show", "telia")).stdout, /tokenURL = .*\/realms\/get\//);
  assertRun(await environment.run("ls", "telia:"), { stdout: "" });
});

Deno.test("config create of an existing remote replaces the session and keeps the other settings", async () => {
  await using environment = await Environment.signedIn();
  const before = await Deno.readTextFile(environment.configPath);
  await environment.writeConfig(
    `; first line\n${before}device = Jotta\nmountpoint = Sync\nhard_delete = true\n# last line\n`,
  );
  const created = await environment.runWith(
    { stdin: environment.emulator.loginToken },
    "config",
    "create",
    "jotta",
    "--login-token-stdin",
  );
  assertRun(created, {});
  const after = await Deno.readTextFile(environment.configPath);
  match(after, /^; first line\n\[jotta\]\n/);
  match(after, /device = Jotta\nmountpoint = Sync\nhard_delete = true\n/);
  match(after, /# last line\n/);
  ok(!after.includes(/"refresh_token":"([^"]+)"/.exec(before)?.[1] ?? "?"));
  assertRun(await environment.run("ls", "jotta:"), {});
});

Deno.test("config create spends no login token when the config cannot be saved", async () => {
  await using environment = await Environment.create();
  await Deno.writeTextFile(environment.path("file"), "");
  const create = (...more: string[]) =>
    environment.runWith(
      { stdin: environment.emulator.loginToken },
      "config",
      "create",
      "jotta",
      "--login-token-stdin",
      ...more,
    );
  const refused = await create("--config", "file/below/jottash.conf");
  equal(refused.status, 2, refused.stderr);
  match(
    refused.stderr,
    /^jottash: Cannot .* "\S*file\S*": it is, or lies below, something that is not a dir/,
  );
  match(refused.stderr, /--config FILE or JOTTASH_CONFIG/);
  assertRun(await create(), {});
});

Deno.test("config create leaves a remote of another kind of cloud alone, and the login token unspent", async () => {
  await using environment = await Environment.create();
  const text = "[backup]\ntype = s3\naccess_key_id = abc\n";
  await environment.writeConfig(text);
  const stdin = environment.emulator.loginToken;
  assertFailure(await environment.runWith({ stdin }, "config", "create", "backup", "--login-token-stdin"), {
    status: 2,
    error: 'Cannot sign in as "backup:": there is a remote of that name with type "s3"',
    hint: "Choose another name, or delete that remote first",
  });
  equal(await Deno.readTextFile(environment.configPath), text);
  assertRun(await environment.runWith({ stdin }, "config", "create", "jotta", "--login-token-stdin"), {});
});

Deno.test("config create needs exactly one source of the login token, and a name that a remote can have", async () => {
  await using environment = await Environment.create();
  const noSource = await environment.run("config", "create", "jotta");
  assertFailure(noSource, {
    status: 2,
    error: "Cannot sign in: exactly one source for the login token is needed",
    hint: 'Use --login-token-file FILE or --login-token-stdin; with questions: "jottash config"',
  });
  assertFailure(await environment.run("config", "create", "a/b", "--login-token-stdin"), {
    status: 2,
    error:
      'Cannot call a remote "a/b": only letters, digits, "_", "-", ".", "+", "@" and spaces inside are allowed',
  });
  assertFailure(await environment.run("config", "create", "jotta", "--login-token-file", "nosuch"), {
    status: 4,
    error: 'Cannot read "nosuch": it does not exist',
  });
  assertFailure(await environment.run("config", "create", "jotta", "--login-token-file", "."), {
    status: 2,
    error: 'Cannot read ".": it is a directory',
  });
  // The token in the place of an argument is a common slip: it must not be repeated.
  const slip = await environment.run("config", "create", "jotta", environment.emulator.loginToken);
  assertFailure(slip, {
    status: 2,
    error: 'Cannot run "config create": it takes 1 argument (NAME), not 2',
    hint: /jottash help config create/,
  });
});

Deno.test("config create puts the remote on a device and mountpoint", async (t) => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  emulator.tree.makeFolder("/Laptop/Photos/2024");
  const create = async (...more: string[]) => {
    const token = emulator.issueLoginToken();
    environment.keepSecret(token);
    return await environment.runWith(
      { stdin: token },
      "config",
      "create",
      "jotta",
      "--login-token-stdin",
      ...more,
    );
  };
  const place = async () => {
    const { stdout } = await environment.run("config", "show", "jotta");
    return [...stdout.matchAll(/^(?:device|mountpoint) = (.*)$/gm)].map((found) => found[1]);
  };
  await t.step("existing ones in the service's own spelling, whatever was typed", async () => {
    const created = await create("--device", "LAPTOP", "--mountpoint", "photos");
    assertRun(created, { stderr: /It uses the mountpoint "Photos" of the device "Laptop"/ });
    deepEqual(await place(), ["Laptop", "Photos"]);
    match((await environment.run("lsd", "jotta:")).stdout, / 2024\n$/);
  });
  await t.step("the only mountpoint of a device when just the device is named", async () => {
    assertRun(await create("--device", "laptop"), {});
    deepEqual(await place(), ["Laptop", "Photos"]);
  });
  await t.step("new ones are made", async () => {
    assertRun(await create("--device", "ci", "--mountpoint", "nightly"), {});
    deepEqual(await place(), ["ci", "nightly"]);
    assertRun(await environment.run("mkdir", "jotta:run1"), {});
    deepEqual(emulator.tree.list("/ci/nightly"), ["run1"]);
  });
  await t.step("Jotta takes no new mountpoint; the sign-in is kept", async () => {
    const refused = await create("--mountpoint", "nightly2", "--device", "Jotta");
    equal(refused.status, 12, refused.stderr);
    match(refused.stderr, /^Signed in as /);
    match(refused.stderr, /Cannot use the mountpoint "nightly2": the device "Jotta" has only "Archive"/);
    match(refused.stderr, /signed in and saved.*jottash config/i);
  });
});
