/** rclone's own sign-in, refresh and set-up of devices, with the emulator's OAuth as the thing on trial. */
import assert from "node:assert/strict";
import type { Rclone } from "./rclone.ts";
import { REAL_ISSUER, withRealDiscovery } from "./login_token.ts";
import { rcloneTest } from "./world.ts";

/** Value of a key in the config file. */
async function configValue(rclone: Rclone, key: string): Promise<string | undefined> {
  const line = (await Deno.readTextFile(rclone.configPath)).split("\n").find((each) =>
    each.startsWith(`${key} =`)
  );
  return line?.slice(key.length + 2).trim();
}

interface Question {
  readonly State: string;
  readonly Option: { readonly Name: string } | null;
  readonly Error: string;
}

/**
 * Answers rclone's questions one by one, as its configuration protocol for programs has it; returns their
 * names.
 */
async function answerQuestions(rclone: Rclone, answers: Readonly<Record<string, string>>): Promise<string[]> {
  const asked: string[] = [];
  let args = ["config", "create", "jotta", "jottacloud", "--non-interactive"];
  for (;;) {
    const question: Question = JSON.parse(await rclone.must(args));
    assert.equal(question.Error, "");
    if (question.Option === null) return asked;
    const name = question.Option.Name;
    asked.push(name);
    const answer = answers[name];
    assert.ok(answer !== undefined, `rclone asks ${name}`);
    args = ["config", "update", "jotta", "--continue", "--state", question.State, "--result", answer];
  }
}

rcloneTest(
  "rclone signs in with a personal login token through discovery",
  {},
  async ({ emulator, rclone }) => {
    await Deno.remove(rclone.configPath);
    emulator.tree.putFile("/Jotta/Archive/hello.txt", "hello");
    const token = withRealDiscovery(emulator.loginToken);
    const create = ["config", "create", "jotta", "jottacloud", "config_type=standard"];
    await rclone.must([...create, `config_login_token=${token}`]);
    assert.equal(await configValue(rclone, "tokenURL"), `${REAL_ISSUER}/protocol/openid-connect/token`);
    assert.equal(await configValue(rclone, "client_id"), "jottacli");
    assert.deepEqual(
      emulator.requests.map(({ method, path, headers }) => `${method} ${headers.host} ${path}`),
      [
        "GET id.jottacloud.com /auth/realms/jottacloud/.well-known/openid-configuration",
        "POST id.jottacloud.com /auth/realms/jottacloud/protocol/openid-connect/token",
      ],
    );
    assert.equal(await rclone.must(["cat", "jotta:hello.txt"]), "hello");
  },
);

rcloneTest("rclone is refused a login token that was used before", {}, async ({ emulator, otherRclone }) => {
  const token = withRealDiscovery(emulator.loginToken);
  const create = [
    "config",
    "create",
    "jotta",
    "jottacloud",
    "config_type=standard",
    `config_login_token=${token}`,
  ];
  const first = await otherRclone();
  const second = await otherRclone();
  await Deno.remove(first.configPath);
  await Deno.remove(second.configPath);
  await first.must(create);
  emulator.clearRequests();
  const { code, stderr } = await second.run(create);
  assert.notEqual(code, 0);
  assert.match(stderr, /401|invalid_grant|Invalid user credentials/);
  assert.equal(emulator.requests.at(-1)?.status, 401);
});

rcloneTest(
  "rclone sets up a new device and mountpoint question by question",
  {},
  async ({ emulator, rclone }) => {
    await Deno.remove(rclone.configPath);
    const asked = await answerQuestions(rclone, {
      config_type: "standard",
      config_login_token: withRealDiscovery(emulator.loginToken),
      config_non_standard: "true",
      config_device: "Office PC",
      config_mountpoint: "My Documents",
    });
    assert.deepEqual(asked, [
      "config_type",
      "config_login_token",
      "config_non_standard",
      "config_device",
      "config_mountpoint",
    ]);
    assert.equal(await configValue(rclone, "device"), "Office PC");
    await rclone.must(["rcat", "jotta:a/note.txt"], { stdin: "note" });
    assert.deepEqual(emulator.tree.walkFiles("/Office PC/My Documents"), ["a/note.txt"]);
  },
);

rcloneTest("rclone chooses an existing mountpoint of the device Jotta", {}, async ({ emulator, rclone }) => {
  await Deno.remove(rclone.configPath);
  await answerQuestions(rclone, {
    config_type: "standard",
    config_login_token: withRealDiscovery(emulator.loginToken),
    config_non_standard: "true",
    config_device: "Jotta",
    config_mountpoint: "Sync",
  });
  emulator.tree.putFile("/Jotta/Sync/synced.txt", "x");
  assert.equal(await rclone.must(["lsf", "jotta:"]), "synced.txt\n");
});

rcloneTest(
  "rclone refreshes an expired token, keeps the rotated one and works on",
  {},
  async ({ emulator, rclone }) => {
    emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
    const before = await configValue(rclone, "token");
    // rclone goes by the expiry it noted; nobody has to wait for a token to end.
    const tokens = emulator.issueTokens();
    await rclone.configure({ tokens: { ...tokens, expiresAtMs: Date.now() - 7_200_000 } });
    emulator.clearRequests();
    assert.equal(await rclone.must(["lsf", "jotta:"]), "a.txt\n");
    assert.equal(emulator.stats.refreshes, 1);
    assert.equal(emulator.requests[0]?.path, "/auth/realms/jottacloud/protocol/openid-connect/token");
    const after: { refresh_token?: string } = JSON.parse(await configValue(rclone, "token") ?? "{}");
    assert.notEqual(after.refresh_token, tokens.refreshToken);
    assert.notEqual(JSON.stringify(after), before);
    assert.equal(await rclone.must(["lsf", "jotta:"]), "a.txt\n");
    assert.equal(emulator.stats.refreshes, 1);
  },
);

// A client counts a token as over some seconds before its end, so with five seconds it never has a good one.
rcloneTest("rclone refreshes before each request while tokens live five seconds only", {
  emulator: { tokenLifetimeSeconds: 5 },
}, async ({ emulator, rclone }) => {
  emulator.tree.putFile("/Jotta/Archive/a/b/c/d.txt", "d");
  const find = ["lsf", "-R", "--files-only", "--disable", "ListR", "--checkers", "1", "jotta:"];
  for (let run = 0; run < 2; run += 1) assert.equal(await rclone.must(find), "a/b/c/d.txt\n");
  const { refreshes, revocations } = emulator.stats;
  assert.ok(refreshes >= 8, `${refreshes} refreshes`);
  assert.equal(revocations, 0);
  assert.ok(emulator.requests.every(({ status }) => status === 200));
});

rcloneTest(
  "rclone is told to sign in again when a superseded refresh token revoked its session",
  {},
  async (world) => {
    const { emulator, rclone } = world;
    const expired = { ...emulator.issueTokens(), expiresAtMs: Date.now() - 1000 };
    await rclone.configure({ tokens: expired });
    await rclone.must(["lsf", "jotta:"]);
    const thief = await world.otherRclone({ tokens: expired });
    const stolen = await thief.run(["lsf", "jotta:"]);
    assert.notEqual(stolen.code, 0);
    assert.match(stolen.stderr, /invalid_grant/);
    assert.equal(emulator.stats.revocations, 1);
  },
);
