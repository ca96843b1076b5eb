/** Finer rules of the identity service: API reference 1.1, 2.1-2.5. */
import assert from "node:assert/strict";
import { type Session, startSession } from "./session.ts";
import { type Form, passwordForm, token } from "./token_client.ts";

Deno.test("legacy login: register, one-time code, upper-case refresh only", async () => {
  await using session = await startSession({ switches: { legacyOneTimeCode: "123456" } });
  const { email, password, endpoint } = session.emulator;
  const bearer = "Bearer c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq";
  const registered = await session.call("/auth/v1/register?device_id=rclone-123456789012345678901", {
    method: "POST",
    headers: { authorization: bearer },
  });
  const { client_id, client_secret } = JSON.parse(registered.text);
  const query = new URLSearchParams({
    client_id,
    client_secret,
    grant_type: "PASSWORD",
    username: email,
    password,
  });
  const login = (headers: Form) => session.call(`/auth/v1/token?${query}`, { method: "POST", headers });
  const asked = await login({});
  assert.equal(asked.status, 400);
  assert.equal(asked.headers.get("x-jottacloud-otp"), "required; SMS");
  assert.equal(JSON.parse(asked.text).error, "invalid_client_or_otp_missing_or_wrong");
  const granted = await login({ "x-jottacloud-otp": "123456" });
  assert.equal(granted.status, 200);
  const { refresh_token, access_token } = JSON.parse(granted.text);
  const refresh = (grant_type: string) =>
    session.call(`${endpoint}/auth/v1/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type, refresh_token, client_id, client_secret }),
    });
  assert.equal((await refresh("refresh_token")).status, 400);
  assert.equal((await refresh("REFRESH_TOKEN")).status, 200);
  session.token = access_token;
  assert.equal((await session.get("")).status, 200);
});

Deno.test("legacy login: wrong words are refused, and a second login takes the first one's tokens away", async () => {
  await using session = await startSession();
  const { email, password } = session.emulator;
  const login = async (extra: Form = {}) => {
    const form = { client_id: "old", grant_type: "PASSWORD", username: email, password, ...extra };
    const answer = await session.call("/auth/v1/token", { method: "POST", body: new URLSearchParams(form) });
    return { ...JSON.parse(answer.text), status: answer.status };
  };
  assert.deepEqual([(await login({ password: "wrong" })).status, (await login({ password: "" })).error], [
    400,
    "invalid_grant",
  ]);
  assert.equal((await session.call("/auth/v1/register?device_id=x", { method: "POST" })).status, 401);
  const first = await login();
  await login({ client_id: "other" });
  session.token = first.access_token;
  assert.equal((await session.get("")).status, 200);
  const second = await login();
  const refused = await session.get("");
  assert.equal(refused.status, 401);
  assert.match(refused.text, /BadCredentialsException: No username for this token\./);
  session.token = second.access_token;
  assert.equal((await session.get("")).status, 200);
  session.emulator.setSwitches({ legacyLogin: false });
  assert.equal((await login()).status, 404);
});

Deno.test("tokens are not interchangeable: refresh and id tokens give no access, access tokens do not refresh", async () => {
  await using session = await startSession();
  const answer = await token(session, passwordForm(session.emulator.loginToken));
  for (const wrong of [answer.refresh_token, String(answer["id_token"]), `${answer.access_token}x`]) {
    session.token = wrong;
    assert.equal((await session.get("")).status, 401);
  }
  const refresh = { grant_type: "refresh_token", refresh_token: answer.access_token, client_id: "jottacli" };
  assert.equal((await token(session, refresh)).error, "invalid_grant");
});

Deno.test("password grant: the user name must be the token's, a doubly encoded scope is tolerated", async () => {
  await using session = await startSession();
  const form = passwordForm(session.emulator.loginToken);
  const stranger = await token(session, { ...form, username: "somebody@example.no" });
  assert.deepEqual([stranger.status, stranger.error], [401, "invalid_grant"]);
  assert.equal((await token(session, { ...form, scope: "offline_access+openid" })).status, 200);
});

async function codeFor(session: Session, redirectUri: string): Promise<string> {
  const query = new URLSearchParams({
    client_id: "desktop",
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid",
  });
  const answer = await session.call(`/auth/realms/jottacloud/protocol/openid-connect/auth?${query}`);
  return new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

Deno.test("a code works for its client, redirect and realm only, and for one minute", async () => {
  await using session = await startSession();
  const redirect_uri = "http://localhost:53682/";
  const good = { grant_type: "authorization_code", client_id: "desktop", redirect_uri };
  const cases: [Form, string, number][] = [
    [{ ...good, client_id: "jottacli" }, "jottacloud", 0],
    [{ ...good, redirect_uri: "http://localhost:1/" }, "jottacloud", 0],
    [good, "telia_se", 0],
    [good, "jottacloud", 61_000],
  ];
  for (const [form, realm, waitMs] of cases) {
    const code = await codeFor(session, redirect_uri);
    session.clock.nowMs += waitMs;
    const answer = await token(session, { ...form, code }, {}, realm);
    assert.deepEqual([answer.status, answer.error], [400, "invalid_grant"], JSON.stringify(form));
  }
  assert.equal((await token(session, { ...good, code: await codeFor(session, redirect_uri) })).status, 200);
  const query = new URLSearchParams({ client_id: "desktop", redirect_uri, response_type: "token" });
  const refused = await session.call(`/auth/realms/jottacloud/protocol/openid-connect/auth?${query}`);
  assert.match(refused.headers.get("location") ?? "", /error=unsupported_response_type/);
});

/** Realm, domain, client and whether `jotta-default` is known: the table of 1.1. */
const BRANDS: readonly (readonly [string, string, string, boolean])[] = [
  ["jottacloud", "id.jottacloud.com", "desktop", true],
  ["elgiganten", "cloud.elgiganten.dk", "desktop", true],
  ["elgiganten", "cloud.elgiganten.se", "desktop", true],
  ["elkjop", "cloud.elkjop.no", "desktop", true],
  ["elko", "cloud.elko.is", "desktop", true],
  ["gigantti", "cloud.gigantti.fi", "desktop", true],
  ["letsgo", "letsgo.jotta.cloud", "desktop-win", false],
  ["mediamarkt", "mediamarkt.jottacloud.com", "desktop", true],
  ["onlime_wl", "cloud-auth.onlime.dk", "desktop", true],
  ["phonero", "sky.phonero.no", "desktop-win", false],
  ["comhem", "mittcloud-auth.tele2.se", "desktop", true],
  ["get", "sky-auth.telia.no", "desktop", true],
  ["telia_se", "cloud-auth.telia.se", "desktop", true],
];

Deno.test("every brand has its discovery on its own domain, its client and its scopes", async () => {
  await using session = await startSession();
  const { hostname, port } = new URL(session.emulator.endpoint);
  for (const [realm, domain, client, hasDefaultScope] of BRANDS) {
    using conn = await Deno.connect({ hostname, port: Number(port) });
    await conn.write(new TextEncoder().encode(
      `GET /auth/realms/${realm}/.well-known/openid-configuration HTTP/1.0\r\nhost: ${domain}\r\n` +
        "x-forwarded-proto: https\r\n\r\n",
    ));
    const text = await new Response(conn.readable).text();
    const discovery = JSON.parse(text.slice(text.indexOf("{")));
    const base = `https://${domain}/auth/realms/${realm}/protocol/openid-connect`;
    assert.equal(discovery.authorization_endpoint, `${base}/auth`);
    assert.equal(discovery.token_endpoint, `${base}/token`);
    assert.equal(discovery.scopes_supported.includes("jotta-default"), hasDefaultScope);
    const form = { ...passwordForm(session.emulator.issueLoginToken(realm)), client_id: client };
    assert.equal((await token(session, form, {}, realm)).status, 200, domain);
    const other = client === "desktop" ? "desktop-win" : "desktop";
    assert.equal((await token(session, { ...form, client_id: other }, {}, realm)).error, "invalid_client");
  }
});

Deno.test("discovery has every field a client of the service knows", async () => {
  await using session = await startSession();
  const discovery = await (await fetch(session.emulator.wellKnown)).json();
  const groups: [string, readonly string[]][] = [
    ["endpoint", [
      "authorization",
      "token",
      "token_introspection",
      "introspection",
      "userinfo",
      "end_session",
    ]],
    ["endpoint", ["registration"]],
    ["supported", [
      "grant_types",
      "response_types",
      "subject_types",
      "response_modes",
      "claims",
      "claim_types",
    ]],
    ["supported", ["id_token_signing_alg_values", "userinfo_signing_alg_values", "scopes"]],
    ["supported", ["request_object_signing_alg_values", "token_endpoint_auth_methods"]],
    ["supported", ["token_endpoint_auth_signing_alg_values", "code_challenge_methods"]],
  ];
  for (const [tail, names] of groups) {
    for (const name of names) {
      const value = discovery[`${name}_${tail}`];
      assert.ok(tail === "endpoint" ? URL.canParse(value) : Array.isArray(value), name);
    }
  }
  for (const name of ["issuer", "jwks_uri", "check_session_iframe"]) assert.ok(URL.canParse(discovery[name]));
  const flags = [
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
  ];
  for (const name of [...flags, "tls_client_certificate_bound_access_tokens"]) {
    assert.equal(typeof discovery[name], "boolean", name);
  }
});
