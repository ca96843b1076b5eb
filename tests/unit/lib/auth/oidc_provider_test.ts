import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import {
  discover,
  discoveryUrlBeside,
  requestLogout,
  requestRefresh,
  requestUserinfo,
} from "../../../../lib/auth/oidc.ts";
import { discoveryUrl, SERVICES } from "../../../../lib/auth/services.ts";
import { AuthError, NetworkError, ProtocolError, ServiceError } from "../../../../lib/errors.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { Logger } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import {
  type RequestHandler,
  type ScriptedAnswer,
  ScriptedTransport,
} from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const WELL_KNOWN = "https://id.example.com/.well-known/openid-configuration";
const USERINFO = "https://id.example.com/userinfo";
const LOGOUT = "https://id.example.com/logout";

function world(handler: RequestHandler) {
  const transport = new ScriptedTransport(handler);
  const clock = new FakeClock({ autoAdvance: true });
  const lines: string[] = [];
  const log = new Logger("debug", (line) => lines.push(line));
  const http = new HttpClient({ transport, clock, random: new SeededRandom(), log, userAgent: "test" });
  return { transport, http, lines, context: { http, clock } };
}

const json = (value: unknown, status = 200): ScriptedAnswer => ({ status, body: JSON.stringify(value) });

Deno.test("discover() reads the addresses that are there", async () => {
  const full = {
    token_endpoint: "https://id.example.com/token",
    authorization_endpoint: "https://id.example.com/auth",
    userinfo_endpoint: USERINFO,
    end_session_endpoint: LOGOUT,
    issuer: "https://id.example.com",
  };
  deepStrictEqual(await discover(world(() => json(full)).http, WELL_KNOWN), {
    tokenEndpoint: full.token_endpoint,
    authorizationEndpoint: full.authorization_endpoint,
    userinfoEndpoint: USERINFO,
    endSessionEndpoint: LOGOUT,
    issuer: full.issuer,
  });
  const least = await discover(world(() => json({ token_endpoint: full.token_endpoint })).http, WELL_KNOWN);
  deepStrictEqual(Object.values(least).filter((value) => value !== undefined), [full.token_endpoint]);
  for (const name of ["authorization_endpoint", "userinfo_endpoint", "end_session_endpoint"]) {
    for (const address of ["http://id.example.com/x", "nonsense", 7]) {
      await rejects(
        discover(world(() => json({ ...full, [name]: address })).http, WELL_KNOWN),
        ProtocolError,
      );
    }
  }
  // What gets secrets of a session may not be elsewhere; what signs in may.
  const elsewhere = Object.fromEntries(
    Object.keys(full).map((name) => [name, `https://other.example.com/${name}`]),
  );
  const found = await discover(world(() => json(elsewhere)).http, WELL_KNOWN);
  deepStrictEqual([found.userinfoEndpoint, found.endSessionEndpoint], [undefined, undefined]);
  strictEqual(found.tokenEndpoint, "https://other.example.com/token_endpoint");
  const { transport, http } = world(() => json(full));
  await rejects(discover(http, "http://id.example.com/"), { code: "insecure-url" });
  strictEqual(transport.requests.length, 0);
});

Deno.test("discoveryUrlBeside() finds the discovery document of a stored token address", () => {
  for (const service of SERVICES) {
    const url = discoveryUrl(service);
    const tokenUrl = url.replace("/.well-known/openid-configuration", "/protocol/openid-connect/token");
    strictEqual(discoveryUrlBeside(tokenUrl), url);
  }
  strictEqual(discoveryUrlBeside("https://api.jottacloud.com/auth/v1/token"), undefined);
  strictEqual(discoveryUrlBeside("nonsense"), undefined);
});

Deno.test("requestRefresh() goes on with what old versions of rclone wrote for Telia and Tele2", async () => {
  const rows = [
    "https://cloud-auth.telia.se/auth/realms/telia_se/protocol/openid-connect/token",
    "https://mittcloud-auth.tele2.se/auth/realms/comhem/protocol/openid-connect/token",
  ];
  for (const tokenUrl of rows) {
    const answer = { access_token: "a", expires_in: 60, refresh_token: "next", token_type: "bearer" };
    const { transport, context } = world(() => json(answer));
    const token = await requestRefresh(context, tokenUrl, { refreshToken: "old", clientId: "desktop" });
    strictEqual(token.refreshToken, "next");
    deepStrictEqual(
      transport.requests.map(({ url, body }) => [url, body]),
      [[tokenUrl, "client_id=desktop&grant_type=refresh_token&refresh_token=old"]],
    );
  }
});

Deno.test("requestUserinfo() keeps plain fields, each on one line and of bounded length", async () => {
  const fields = {
    sub: "f:1:kari",
    email_verified: true,
    age: 7,
    name: "Kari\u001b[31m\nTest",
    address: { street: "x" },
    groups: ["a"],
    nothing: null,
    long: "x".repeat(5000),
  };
  const { transport, http, lines } = world(() => json(fields));
  deepStrictEqual(await requestUserinfo(http, USERINFO, "secret-access"), {
    sub: "f:1:kari",
    email_verified: "true",
    age: "7",
    name: "Kari [31m Test",
    long: "x".repeat(1000),
  });
  strictEqual(transport.requests[0]?.headers["authorization"], "Bearer secret-access");
  strictEqual(lines.join("\n").includes("secret-access"), false);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index]));
  strictEqual(Object.keys(await requestUserinfo(world(() => json(many)).http, USERINFO, "a")).length, 100);
});

Deno.test("requestUserinfo() reports a refused token, and sends it nowhere unsafe", async () => {
  for (const status of [401, 403]) {
    await rejects(requestUserinfo(world(() => ({ status })).http, USERINFO, "secret-access"), AuthError);
  }
  await rejects(requestUserinfo(world(() => json([])).http, USERINFO, "secret-access"), ProtocolError);
  await rejects(
    requestUserinfo(world(() => ({ status: 404 })).http, USERINFO, "secret-access"),
    ServiceError,
  );
  const { transport, http } = world(() => json({}));
  await rejects(requestUserinfo(http, "http://id.example.com/", "secret-access"), { code: "insecure-url" });
  strictEqual(transport.requests.length, 0);
});

Deno.test("requestLogout() tells whether the provider has ended the session", async () => {
  const session = { refreshToken: "secret-refresh", clientId: "desktop" };
  for (
    const [status, isEnded] of [[204, true], [200, true], [400, false], [401, false], [404, false]] as const
  ) {
    const { transport, context, lines } = world(() => ({ status, body: "secret" }));
    strictEqual(await requestLogout(context, LOGOUT, session), isEnded, String(status));
    const [request] = transport.requests;
    strictEqual(request?.body, "client_id=desktop&refresh_token=secret-refresh");
    strictEqual(request?.once, true);
    strictEqual(lines.join("\n").includes("secret"), false);
  }
});

Deno.test("requestLogout() is sent once, and only to a safe address", async () => {
  const session = { refreshToken: "secret-refresh", clientId: "desktop" };
  const handlers: readonly [RequestHandler, typeof ServiceError | typeof NetworkError][] = [
    [() => ({ status: 503 }), ServiceError],
    [() => Promise.reject(new NetworkError("reset")), NetworkError],
  ];
  for (const [handler, kind] of handlers) {
    const { transport, context } = world(handler);
    await rejects(requestLogout(context, LOGOUT, session), kind);
    strictEqual(transport.requests.length, 1);
  }
  const { transport, context } = world(() => ({ status: 204 }));
  await rejects(requestLogout(context, "http://id.example.com/", session), { code: "insecure-url" });
  ok(transport.requests.length === 0);
});
