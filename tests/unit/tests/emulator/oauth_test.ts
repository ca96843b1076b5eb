/** Identity service: checklist 10.3 item 2 and every row of API reference 2.1-2.4. */
import assert from "node:assert/strict";
import { startSession } from "./session.ts";
import { claimsOf, decodeLoginToken, type Form, passwordForm, token } from "./token_client.ts";

Deno.test("login token leads through discovery to tokens that work on data requests", async () => {
  await using session = await startSession();
  const { loginToken, email, username, wellKnown } = session.emulator;
  assert.match(loginToken, /^[A-Za-z0-9_-]+$/);
  const decoded = decodeLoginToken(loginToken);
  assert.equal(decoded["username"], email);
  assert.equal(decoded["realm"], "jottacloud");
  assert.equal(decoded["well_known_link"], wellKnown);
  const discovery = await (await fetch(wellKnown)).json();
  assert.equal(discovery.token_endpoint, session.emulator.tokenUrl);
  const answer = await token(session, passwordForm(loginToken));
  assert.equal(answer.status, 200);
  assert.equal(answer["token_type"], "Bearer");
  assert.equal(answer["expires_in"], 3600);
  assert.equal(answer["refresh_expires_in"], 0);
  assert.equal(answer["not-before-policy"], 0);
  assert.equal(String(claimsOf(answer.access_token)["sub"]).split(":").at(-1), username);
  assert.equal(claimsOf(answer.access_token)["realm"], "jottacloud");
  session.token = answer.access_token;
  assert.equal((await session.get("")).status, 200);
  const customer = JSON.parse((await session.call("/account/v1/customer")).text);
  assert.equal(customer.username, username);
  assert.notEqual(customer.username, customer.email);
});

Deno.test("login token works once, and only in its realm", async () => {
  await using session = await startSession();
  const form = passwordForm(session.emulator.loginToken);
  assert.equal((await token(session, form, {}, "telia_se")).status, 401);
  assert.equal((await token(session, form)).status, 200);
  const again = await token(session, form);
  assert.deepEqual([again.status, again.error, again.error_description], [
    401,
    "invalid_grant",
    "Invalid user credentials",
  ]);
  assert.equal((await token(session, passwordForm(session.emulator.issueLoginToken()))).status, 200);
  const other = passwordForm(session.emulator.issueLoginToken("telia_se"));
  assert.equal((await token(session, other, {}, "telia_se")).status, 200);
});

Deno.test("refresh rotates, and replaying an older token revokes the family but not the access tokens", async () => {
  await using session = await startSession();
  const first = session.emulator.issueTokens();
  const refresh = (refresh_token: string, client_id = "jottacli") =>
    token(session, { grant_type: "refresh_token", refresh_token, client_id });
  const second = await refresh(first.refreshToken);
  assert.equal(second.status, 200);
  assert.notEqual(second.refresh_token, first.refreshToken);
  const third = await refresh(second.refresh_token);
  assert.equal(third.status, 200);
  const replay = await refresh(first.refreshToken);
  assert.deepEqual([replay.status, replay.error, replay.error_description], [
    400,
    "invalid_grant",
    "Stale token",
  ]);
  const dead = await refresh(third.refresh_token);
  assert.deepEqual([dead.status, dead.error_description], [400, "Session doesn't have required client"]);
  session.token = third.access_token;
  assert.equal((await session.get("")).status, 200);
  assert.equal(session.emulator.stats.refreshes, 2);
  assert.equal(session.emulator.stats.revocations, 1);
});

Deno.test("refresh is refused for another client, another realm, garbage, and wrong words", async () => {
  await using session = await startSession();
  const { refreshToken } = session.emulator.issueTokens("desktop");
  const good = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: "desktop" };
  const cases: [Form, string, number, string][] = [
    [{ ...good, client_id: "jottacli" }, "jottacloud", 400, "invalid_grant"],
    [good, "telia_se", 400, "invalid_grant"],
    [{ ...good, refresh_token: "garbage" }, "jottacloud", 400, "invalid_grant"],
    [{ ...good, grant_type: "REFRESH_TOKEN" }, "jottacloud", 400, "unsupported_grant_type"],
    [{ ...good, client_id: "stranger" }, "jottacloud", 401, "invalid_client"],
    [{ client_id: "desktop" }, "jottacloud", 400, "invalid_request"],
    [{ grant_type: "refresh_token", client_id: "desktop" }, "jottacloud", 400, "invalid_request"],
    [{ ...good, scope: "jotta-default", client_id: "desktop-win" }, "phonero", 400, "invalid_scope"],
    [good, "phonero", 401, "invalid_client"],
  ];
  for (const [form, realm, status, error] of cases) {
    const answer = await token(session, form, {}, realm);
    assert.deepEqual([answer.status, answer.error], [status, error], JSON.stringify(form));
  }
  assert.equal((await token(session, good)).status, 200, "none of these used the token up");
  const missing = await fetch(
    `${session.emulator.endpoint}/auth/realms/nowhere/.well-known/openid-configuration`,
  );
  assert.equal(missing.status, 404);
  await missing.body?.cancel();
});

Deno.test("client identification works by Basic header and by body", async () => {
  await using session = await startSession();
  const basic = { authorization: `Basic ${btoa("jottacli:")}` };
  const { client_id: _, ...form } = passwordForm(session.emulator.loginToken);
  const answer = await token(session, form, basic);
  assert.equal(answer.status, 200);
  const refresh = { grant_type: "refresh_token", refresh_token: answer.refresh_token };
  assert.equal((await token(session, refresh, basic)).status, 200);
});

Deno.test("authorization code flow redirects back with code and state, once", async () => {
  await using session = await startSession();
  const redirect_uri = "http://localhost:53682/";
  const authorize = async (extra: Form = {}) => {
    const query = new URLSearchParams({
      client_id: "desktop",
      redirect_uri,
      response_type: "code",
      scope: "openid jotta-default offline_access",
      state: "S1",
      ...extra,
    });
    return await session.call(`/auth/realms/jottacloud/protocol/openid-connect/auth?${query}`);
  };
  const answer = await authorize();
  assert.equal(answer.status, 302);
  const location = new URL(answer.headers.get("location") ?? "");
  assert.equal(`${location.origin}${location.pathname}`, redirect_uri);
  assert.equal(location.searchParams.get("state"), "S1");
  const code = location.searchParams.get("code") ?? "";
  const form = { grant_type: "authorization_code", code, redirect_uri, client_id: "desktop" };
  assert.equal((await token(session, form)).status, 200);
  assert.equal((await token(session, form)).error, "invalid_grant");
  assert.equal((await authorize({ redirect_uri: "http://evil.example/" })).status, 400);
  assert.equal((await authorize({ client_id: "stranger" })).status, 400);
  session.emulator.setSwitches({ authorizationError: "access_denied" });
  const refused = new URL((await authorize()).headers.get("location") ?? "");
  assert.equal(refused.searchParams.get("error"), "access_denied");
  assert.equal(refused.searchParams.get("state"), "S1");
});

Deno.test("discovery behind a TLS front names the brand's own domain", async () => {
  await using session = await startSession();
  const headers = { "x-forwarded-proto": "https" };
  for (const [realm, domain] of [["jottacloud", "id.jottacloud.com"], ["telia_se", "cloud-auth.telia.se"]]) {
    const { text } = await session.call(`/auth/realms/${realm}/.well-known/openid-configuration`, {
      headers,
    });
    const base = `https://${domain}/auth/realms/${realm}`;
    assert.equal(JSON.parse(text).issuer, base);
    assert.equal(JSON.parse(text).token_endpoint, `${base}/protocol/openid-connect/token`);
  }
});

Deno.test("userinfo, logout and certs answer", async () => {
  await using session = await startSession();
  const base = "/auth/realms/jottacloud/protocol/openid-connect";
  const info = JSON.parse((await session.call(`${base}/userinfo`)).text);
  assert.equal(info.preferred_username, session.emulator.username);
  assert.equal(info.email, session.emulator.email);
  assert.equal((await session.call(`${base}/certs`)).status, 200);
  const { refreshToken } = session.emulator.issueTokens();
  const body = new URLSearchParams({ client_id: "jottacli", refresh_token: refreshToken });
  assert.equal((await session.call(`${base}/logout`, { method: "POST", body })).status, 204);
  const after = await token(session, {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: "jottacli",
  });
  assert.equal(after.status, 400);
});

Deno.test("data requests are refused without, with garbage and with an expired token, in the form of the host", async () => {
  await using session = await startSession({ tokenLifetimeSeconds: 10 });
  const good = session.token;
  for (const [bad, advance] of [["", 0], ["garbage", 0], [good, 11_000]] as const) {
    session.token = bad;
    session.clock.nowMs += advance;
    const jfs = await session.get("/Jotta");
    assert.equal(jfs.status, 401);
    assert.match(jfs.text, /BadCredentialsException: No token or token is malformed!<\/message>/);
    const api = await session.call("/account/v1/customer");
    assert.equal(api.status, 401);
    assert.equal(JSON.parse(api.text).error_id, "BadCredentialsException");
  }
});

Deno.test("the user of the URL must be the token's", async () => {
  await using session = await startSession();
  const { email } = session.emulator;
  const cases: [string, number, RegExp][] = [
    [`/jfs/${email}/Jotta`, 401, /AuthenticationCredentialsNotFoundException: Token mismatch!/],
    ["/jfs/a+b@example.no/Jotta", 400, /IllegalArgumentException: Unable to validate decoded path/],
    ["/jfs/", 400, /UsernameNotFoundException: Username not found in url!/],
    ["/jfs", 400, /UsernameNotFoundException/],
  ];
  for (const [path, status, text] of cases) {
    const answer = await session.call(path);
    assert.equal(answer.status, status, path);
    assert.match(answer.text, text);
  }
});

Deno.test("a second desktop login revokes the first when the switch says so", async () => {
  await using session = await startSession({ switches: { desktopSingleSession: true } });
  const first = session.emulator.issueTokens("desktop");
  session.emulator.issueTokens("desktop");
  const form = { grant_type: "refresh_token", refresh_token: first.refreshToken, client_id: "desktop" };
  assert.equal((await token(session, form)).status, 400);
});
