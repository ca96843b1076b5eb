/** Which home a session has, which client refreshes it, and where nothing is refreshed at all. */
import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { openSession } from "../../../../lib/auth/remote_session.ts";
import { AuthError, ConfigError } from "../../../../lib/errors.ts";
import { parseToken } from "../../../../lib/store/token_store.ts";
import { obscure } from "../../../../lib/store/obscure.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { CONFIG, REFRESHED, section, SessionWorld, tokenFor } from "./session_world.ts";

const DEFAULT_URL = "https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token";

async function open(world: SessionWorld) {
  return await openSession(world.context, await world.profile());
}

const CLIENTS = [
  [{}, "jottacli", DEFAULT_URL],
  [{ client_id: "", tokenURL: "" }, "jottacli", DEFAULT_URL],
  [
    { client_id: "desktop", tokenURL: "https://sky-auth.telia.no/t" },
    "desktop",
    "https://sky-auth.telia.no/t",
  ],
  // As rclone v1.59 wrote them for Telia and Tele2, user name included.
  [
    {
      client_id: "desktop",
      client_secret: "",
      tokenURL: "https://cloud-auth.telia.se/auth/realms/telia_se/protocol/openid-connect/token",
      username: "kari@example.se",
    },
    "desktop",
    "https://cloud-auth.telia.se/auth/realms/telia_se/protocol/openid-connect/token",
  ],
  [
    {
      client_id: "desktop",
      tokenURL: "https://mittcloud-auth.tele2.se/auth/realms/comhem/protocol/openid-connect/token",
    },
    "desktop",
    "https://mittcloud-auth.tele2.se/auth/realms/comhem/protocol/openid-connect/token",
  ],
] as const;

for (const [keys, clientId, url] of CLIENTS) {
  Deno.test(`openSession() refreshes with the client and the address of the login: ${JSON.stringify(keys)}`, async () => {
    const world = new SessionWorld({ config: section({ configVersion: "1", ...keys, token: tokenFor(-5) }) });
    strictEqual(await (await open(world)).accessToken(), "new");
    strictEqual(world.transport.requests[0]?.url, url);
    strictEqual(world.forms[0]?.get("client_id"), clientId);
    strictEqual(world.forms[0]?.get("grant_type"), "refresh_token");
  });
}

Deno.test("openSession() refreshes with the client that the section names by then", async () => {
  const url = "https://sky-auth.telia.no/t";
  const before = section({ configVersion: "1", client_id: "jottacli", token: tokenFor(5) });
  const world = new SessionWorld({ config: before });
  const source = await open(world);
  await source.accessToken();
  // Somebody signs in again, in another way.
  const again = { configVersion: "1", client_id: "desktop", tokenURL: url, token: tokenFor(-5) };
  world.fileSystem.put(CONFIG, section(again));
  await source.renew("old");
  strictEqual(world.transport.requests[0]?.url, url);
  strictEqual(world.forms[0]?.get("client_id"), "desktop");
  const client_secret = obscure("hidden", new SeededRandom());
  const legacy = { configVersion: "0", client_id: "own", client_secret, token: tokenFor(-5) };
  world.fileSystem.put(CONFIG, section(legacy));
  await source.renew("new");
  strictEqual(world.transport.requests[1]?.url, "https://api.jottacloud.com/auth/v1/token");
  deepStrictEqual(
    ["client_id", "client_secret"].map((name) => world.forms[1]?.get(name)),
    ["own", "hidden"],
  );
});

Deno.test("openSession() sends the refresh token of a section to its own address only", async () => {
  const stored = { configVersion: "1", tokenURL: "https://sky-auth.telia.no/t", token: tokenFor(-5) };
  const elsewhere = { tokenURL: "https://evil.example/t", client_id: "evil" };
  const cases = [
    [stored, "connection", "https://sky-auth.telia.no/t", "jottacli"],
    [stored, "environment", "https://sky-auth.telia.no/t", "evil"],
    [{ ...stored, tokenURL: "" }, "connection", DEFAULT_URL, "jottacli"],
  ] as const;
  for (const [keys, origin, url, clientId] of cases) {
    const world = new SessionWorld({ config: section(keys), outside: elsewhere, origin });
    strictEqual(await (await open(world)).accessToken(), "new");
    strictEqual(world.transport.requests[0]?.url, url);
    strictEqual(world.forms[0]?.get("client_id"), clientId);
  }
});

Deno.test("openSession() refreshes a session of the old token service there, with its own client", async () => {
  const client_secret = obscure("hidden", new SeededRandom());
  const cases = [
    [{ client_id: "own", client_secret }, "own", "hidden"],
    [{ client_id: "", client_secret: "" }, "nibfk8biu12ju7hpqomr8b1e40", undefined],
  ] as const;
  for (const [keys, clientId, secret] of cases) {
    const world = new SessionWorld({ config: section({ configVersion: "0", ...keys, token: tokenFor(-5) }) });
    strictEqual(await (await open(world)).accessToken(), "new");
    strictEqual(world.transport.requests[0]?.url, "https://api.jottacloud.com/auth/v1/token");
    strictEqual(world.forms[0]?.get("grant_type"), "REFRESH_TOKEN");
    strictEqual(world.forms[0]?.get("client_id"), clientId);
    if (secret !== undefined) strictEqual(world.forms[0]?.get("client_secret"), secret);
  }
});

Deno.test("openSession() refuses a session of a kind that nobody knows, and sends nothing", async () => {
  for (const version of [{}, { configVersion: "" }, { configVersion: "2" }]) {
    const world = new SessionWorld({ config: section({ ...version, token: tokenFor(5) }) });
    await rejects(open(world), ConfigError);
    strictEqual(world.transport.requests.length, 0);
  }
});

Deno.test("openSession() says of a remote without a session that nobody is signed in", async () => {
  for (const config of [section({ configVersion: "1" }), section({}), ""]) {
    await rejects((await open(new SessionWorld({ config }))).accessToken(), { code: "not-signed-in" });
  }
});

Deno.test("A session of the config is stamped with this machine at its first rotation, others are not", async () => {
  const inConfig = new SessionWorld({ config: section({ configVersion: "1", token: tokenFor(-5) }) });
  await (await open(inConfig)).accessToken();
  match(inConfig.fileSystem.peek(CONFIG) ?? "", /"machine":"m:[0-9a-f]{16}"/);
  const inFile = new SessionWorld({ options: { tokenFile: "token.json" } });
  inFile.fileSystem.put("/runner/token.json", tokenFor(-5));
  strictEqual(await (await open(inFile)).accessToken(), "new");
  const stored = inFile.fileSystem.peek("/runner/token.json") ?? "";
  strictEqual(parseToken(stored)?.refreshToken, "next");
  match(stored, /"rotated":/);
  strictEqual(stored.includes("machine"), false);
});

Deno.test("An access token alone is used as it is, before every other home, and never refreshed", async () => {
  const world = new SessionWorld({
    config: section({ configVersion: "1", token: tokenFor(-5), token_file: "/t" }),
    outside: { access_token: " from-ci " },
  });
  const source = await open(world);
  strictEqual(await source.accessToken(), "from-ci");
  await rejects(source.renew("from-ci"), (error: unknown) => {
    return error instanceof AuthError && error.code === "access-token-ended" &&
      error.message.includes("access token from the environment is no longer good") &&
      !error.message.includes("from-ci");
  });
  strictEqual(world.transport.requests.length, 0);
  await rejects(open(new SessionWorld({ outside: { access_token: "two words" } })), ConfigError);
});

Deno.test("A token of the environment is used while it lives, and its refresh token is not spent", async () => {
  for (const origin of ["environment", "connection"] as const) {
    const outside = { token: tokenFor(0.5), configVersion: "1" };
    const world = new SessionWorld({ outside, origin });
    const source = await open(world);
    strictEqual(await source.accessToken(), "old");
    await world.clock.advance(31_000);
    await rejects(source.accessToken(), { code: "session-not-writable", hint: /JOTTASH_TOKEN_FILE/ });
    strictEqual(world.transport.requests.length, 0);
  }
});

Deno.test("A token of the environment begins an empty token file, which then goes its own way", async () => {
  const outside = { token: tokenFor(-5), configVersion: "1", client_id: "desktop" };
  const world = new SessionWorld({ outside, options: { tokenFile: "/s/token" } });
  strictEqual(await (await open(world)).accessToken(), "new");
  strictEqual(world.forms[0]?.get("refresh_token"), "refresh");
  strictEqual(world.forms[0]?.get("client_id"), "desktop");
  await world.clock.advance(7_200_000);
  await (await open(world)).accessToken();
  strictEqual(world.forms[1]?.get("refresh_token"), "next");
  strictEqual(JSON.parse(world.fileSystem.peek("/s/token") ?? "").client_id, "desktop");
});

Deno.test("A session of the config does not begin a token file: two places would hold one refresh token", async () => {
  const config = section({ configVersion: "1", token: tokenFor(5), token_file: "/s/token" });
  await rejects((await open(new SessionWorld({ config }))).accessToken(), { code: "not-signed-in" });
});

const LOGIN_TOKEN = btoa(JSON.stringify({
  username: "kari@example.no",
  realm: "jottacloud",
  well_known_link: "https://id.jottacloud.com/auth/realms/jottacloud/.well-known/openid-configuration",
  auth_token: "spent-once",
}));

Deno.test("A login token begins an empty token file once; later runs ignore it", async () => {
  const world = new SessionWorld({
    outside: { login_token: LOGIN_TOKEN },
    options: { tokenFile: "/s/token" },
    handler: ({ url }) => ({
      body: url === DEFAULT_URL ? REFRESHED : JSON.stringify({ token_endpoint: DEFAULT_URL }),
    }),
  });
  strictEqual(await (await open(world)).accessToken(), "new");
  strictEqual(await (await open(world)).accessToken(), "new");
  deepStrictEqual(world.forms.map((form) => form.get("grant_type")), [null, "password"]);
  const stored = JSON.parse(world.fileSystem.peek("/s/token") ?? "");
  deepStrictEqual([stored.client_id, stored.token_url, stored.jottash_session.method], [
    "jottacli",
    DEFAULT_URL,
    "standard",
  ]);
});

Deno.test("A login token is not spent where the session could not be kept", async () => {
  const world = new SessionWorld({ outside: { login_token: LOGIN_TOKEN } });
  await rejects((await open(world)).accessToken(), { code: "session-not-writable", hint: /--token-file/ });
  const full = new SessionWorld({
    outside: { login_token: LOGIN_TOKEN },
    options: { tokenFile: "/s/token" },
  });
  full.fileSystem.beforeOperation = ({ name, path }) => {
    if (name === "write") throw localFailure("ENOSPC", path);
  };
  await rejects((await open(full)).accessToken(), { code: "session-not-writable" });
  strictEqual(world.transport.requests.length + full.transport.requests.length, 0);
});

Deno.test("Two commands keep a session: the put command takes intent and new token before that is used", async () => {
  const world = new SessionWorld({
    options: { tokenGetCommand: "get it", tokenPutCommand: 'put "to there"' },
  });
  let content = tokenFor(-5);
  const puts: string[] = [];
  world.launcher.programs.set("get", () => ({ stdout: content }));
  world.launcher.programs.set("put", ({ stdin = "", words }) => {
    deepStrictEqual(words, ["put", "to there"]);
    puts.push(`${stdin.includes("intent") ? "intent" : "no intent"} ${parseToken(stdin)?.refreshToken}`);
    content = stdin;
    return {};
  });
  strictEqual(await (await open(world)).accessToken(), "new");
  deepStrictEqual(puts, ["intent refresh", "no intent next"]);
  strictEqual(
    world.fileSystem.paths().some((path) =>
      /^\/home\/kari\/\.local\/state\/jottash\/locks\/[0-9a-f]{16}\.lock$/.test(path)
    ),
    true,
  );
});

Deno.test("A put command that fails keeps the refresh token from being spent", async () => {
  const world = new SessionWorld({ options: { tokenGetCommand: "get", tokenPutCommand: "put" } });
  world.launcher.programs.set("get", { stdout: tokenFor(-5) });
  world.launcher.programs.set("put", { status: 2, stderr: "denied" });
  await rejects((await open(world)).accessToken(), { code: "session-not-writable", hint: "denied" });
  strictEqual(world.transport.requests.length, 0);
});

Deno.test("Without a put command nothing is refreshed: the get command is asked again", async () => {
  const world = new SessionWorld({ options: { tokenGetCommand: "get" } });
  let content = tokenFor(0.5);
  world.launcher.programs.set("get", () => ({ stdout: content }));
  const source = await open(world);
  strictEqual(await source.accessToken(), "old");
  await world.clock.advance(31_000);
  await rejects(source.accessToken(), { code: "session-not-writable", hint: /--token-put-cmd/ });
  content = "handed-out";
  strictEqual(await source.accessToken(), "handed-out");
  strictEqual(world.transport.requests.length, 0);
  await rejects(open(new SessionWorld({ options: { tokenPutCommand: "put" } })), ConfigError);
});
