import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import {
  AuthError,
  type JottashError,
  NetworkError,
  ProtocolError,
  ServiceError,
} from "../../../../lib/errors.ts";
import { discover, requestLogin, requestRefresh } from "../../../../lib/auth/oidc.ts";
import { StandardLogin } from "../../../../lib/auth/standard_login.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { Logger } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import {
  type RequestHandler,
  type ScriptedAnswer,
  ScriptedTransport,
} from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const TOKEN_URL = "https://id.example.com/token";
const WELL_KNOWN = "https://id.example.com/.well-known/openid-configuration";
const SECRETS = ["secret-access", "secret-refresh", "secret-login", "secret-new"];
const LOGIN = {
  loginToken: {
    userName: "kari+x@example.no",
    realm: "r",
    wellKnownLink: WELL_KNOWN,
    authToken: "secret-login",
  },
  clientId: "jottacli",
};
const REFRESH = { refreshToken: "secret-refresh", clientId: "desktop" };
const ANSWER = {
  access_token: "secret-access",
  expires_in: 3600,
  refresh_expires_in: 0,
  refresh_token: "secret-new",
  token_type: "bearer",
  "not-before-policy": 0,
};

function world(handler: RequestHandler) {
  const transport = new ScriptedTransport(handler);
  const clock = new FakeClock({ autoAdvance: true });
  const lines: string[] = [];
  const log = new Logger("debug", (line) => lines.push(line));
  const http = new HttpClient({ transport, clock, random: new SeededRandom(), log, userAgent: "test" });
  return { transport, clock, http, lines, context: { http, clock } };
}

const json = (value: unknown, status = 200): ScriptedAnswer => ({ status, body: JSON.stringify(value) });

function shownOf(error: unknown): string {
  const { message, hint, data, cause, stack } = error as JottashError;
  return JSON.stringify([message, hint, data, String(cause), stack]);
}

Deno.test("requestLogin() sends the password grant of a public client", async () => {
  const { transport, clock, context } = world(() => json(ANSWER));
  const token = await requestLogin(context, TOKEN_URL, LOGIN);
  deepStrictEqual(token, {
    accessToken: "secret-access",
    tokenType: "bearer",
    refreshToken: "secret-new",
    expiresAtMs: clock.now() + 3_600_000,
  });
  const [request] = transport.requests;
  strictEqual(request?.method, "POST");
  strictEqual(request?.headers["content-type"], "application/x-www-form-urlencoded");
  strictEqual(
    request?.body,
    "client_id=jottacli&grant_type=password&password=secret-login&scope=openid+offline_access&username=kari%2Bx%40example.no",
  );
});

Deno.test("requestRefresh() sends the lower-case grant with the client of the login", async () => {
  const { transport, context } = world(() => json(ANSWER));
  await requestRefresh(context, TOKEN_URL, REFRESH);
  strictEqual(
    transport.requests[0]?.body,
    "client_id=desktop&grant_type=refresh_token&refresh_token=secret-refresh",
  );
});

Deno.test("requestRefresh() keeps the refresh token of a provider that does not rotate", async () => {
  const { refresh_token: _, ...answer } = ANSWER;
  const { context } = world(() => json(answer));
  strictEqual((await requestRefresh(context, TOKEN_URL, REFRESH)).refreshToken, "secret-refresh");
  await rejects(requestLogin(context, TOKEN_URL, LOGIN), ProtocolError);
});

const STALE = { error: "invalid_grant", error_description: "Stale token secret-refresh" };
const FAILURES: readonly {
  readonly name: string;
  readonly answer: ScriptedAnswer;
  readonly kind: typeof AuthError | typeof ProtocolError | typeof ServiceError;
  readonly login?: string;
  readonly refresh?: string;
}[] = [
  {
    name: "400 invalid_grant",
    answer: json(STALE, 400),
    kind: AuthError,
    login: "login-token-refused",
    refresh: "session-lost",
  },
  {
    name: "401 invalid_grant",
    answer: json(STALE, 401),
    kind: AuthError,
    login: "login-token-refused",
    refresh: "session-lost",
  },
  {
    name: "401 without JSON",
    answer: { status: 401, body: "<html>" },
    kind: AuthError,
    login: "login-token-refused",
    refresh: "session-lost",
  },
  ...[400, 401].map((status) => ({
    name: `${status} invalid_client`,
    answer: json({ error: "invalid_client" }, status),
    kind: AuthError,
    login: "login-refused",
    refresh: "refresh-refused",
  })),
  { name: "500", answer: { status: 500, body: "secret-refresh" }, kind: ServiceError },
  { name: "503", answer: { status: 503 }, kind: ServiceError },
  { name: "404", answer: { status: 404 }, kind: ServiceError },
  {
    name: "302",
    answer: { status: 302, headers: { location: "https://evil.example/" } },
    kind: ServiceError,
  },
  { name: "no JSON", answer: { body: "secret-access" }, kind: ProtocolError },
  { name: "a JSON list", answer: json([ANSWER]), kind: ProtocolError },
  { name: "no token at all", answer: json({ id_token: "secret-access" }), kind: ProtocolError },
  {
    name: "a line break in the access token",
    answer: json({ ...ANSWER, access_token: "secret-access\nx", refresh_token: undefined }),
    kind: ProtocolError,
  },
  {
    name: "another token type",
    answer: json({ ...ANSWER, token_type: "mac", refresh_token: undefined }),
    kind: ProtocolError,
  },
  { name: "an endless body", answer: { body: "x".repeat(300_000) }, kind: ProtocolError },
];

for (const { name, answer, kind, login, refresh } of FAILURES) {
  Deno.test(`requestLogin() and requestRefresh() report ${name} once, without secrets`, async () => {
    const { transport, context, lines } = world(() => answer);
    const isRight = (code: string | undefined) => (error: unknown) =>
      error instanceof kind && (code === undefined || error.code === code) &&
      SECRETS.every((secret) => !shownOf(error).includes(secret));
    await rejects(requestLogin(context, TOKEN_URL, LOGIN), isRight(login));
    strictEqual(transport.requests.length, 1);
    await rejects(requestRefresh(context, TOKEN_URL, REFRESH), isRight(refresh));
    strictEqual(transport.requests.length, 2);
    for (const secret of SECRETS) strictEqual(lines.join("\n").includes(secret), false);
  });
}

const ODD_ANSWERS: readonly (readonly [
  name: string,
  change: Readonly<Record<string, unknown>>,
  accessToken: string,
  lifeMs: number | undefined,
])[] = [
  ["no token type", { token_type: undefined }, "secret-access", 3_600_000],
  ["a token type of null", { token_type: null }, "secret-access", 3_600_000],
  ["a life as text", { expires_in: "60" }, "secret-access", 60_000],
  ["a life of zero", { expires_in: 0 }, "secret-access", undefined],
  ["a life below zero", { expires_in: -1 }, "secret-access", undefined],
  ["an endless life", { expires_in: 1e300 }, "secret-access", undefined],
  ["a life in words", { expires_in: "an hour" }, "secret-access", undefined],
  ["no life", { expires_in: undefined }, "secret-access", undefined],
  ["no access token", { access_token: undefined }, "", 3_600_000],
  ["a line break in the access token", { access_token: "secret-access\nx" }, "", 3_600_000],
  ["another token type", { token_type: "mac" }, "", 3_600_000],
];

for (const [name, change, accessToken, lifeMs] of ODD_ANSWERS) {
  Deno.test(`requestRefresh() keeps the next refresh token of an answer with ${name}`, async () => {
    const { clock, context } = world(() => json({ ...ANSWER, ...change }));
    deepStrictEqual(await requestRefresh(context, TOKEN_URL, REFRESH), {
      accessToken,
      tokenType: "token_type" in change ? "Bearer" : "bearer",
      refreshToken: "secret-new",
      expiresAtMs: lifeMs === undefined ? undefined : clock.now() + lifeMs,
    });
    const login = requestLogin(context, TOKEN_URL, LOGIN);
    if (accessToken === "") await rejects(login, ProtocolError);
    else strictEqual((await login).accessToken, accessToken);
  });
}

Deno.test("requestRefresh() takes a refresh token of nothing for none, and an impossible end for unknown", async () => {
  const claims = btoa(JSON.stringify({ exp: 1e300 })).replaceAll("=", "");
  const answer = { access_token: `h.${claims}.s`, refresh_token: "" };
  const token = await requestRefresh(world(() => json(answer)).context, TOKEN_URL, REFRESH);
  deepStrictEqual([token.refreshToken, token.expiresAtMs], ["secret-refresh", undefined]);
});

Deno.test("requestRefresh() does not repeat a request whose answer was lost", async () => {
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (control) => control.error(new Error("reset")),
  });
  for (const handler of [() => ({ body: broken }), () => Promise.reject(new NetworkError("reset"))]) {
    const { transport, context } = world(handler);
    await rejects(requestRefresh(context, TOKEN_URL, REFRESH), NetworkError);
    strictEqual(transport.requests.length, 1);
  }
});

Deno.test("token requests go only to https or to this machine", async () => {
  const { transport, context } = world(() => json(ANSWER));
  await rejects(requestRefresh(context, "http://id.example.com/token", REFRESH), { code: "insecure-url" });
  await rejects(requestLogin(context, "http://10.0.0.1/token", LOGIN), { code: "insecure-url" });
  strictEqual(transport.requests.length, 0);
  await requestRefresh(context, "http://127.0.0.1:9/token", REFRESH);
});

Deno.test("discover() wants a readable document with a safe address", async () => {
  const cases: readonly (readonly [ScriptedAnswer, typeof ProtocolError | typeof ServiceError])[] = [
    [{ body: "<html>" }, ProtocolError],
    [json({}), ProtocolError],
    [json({ token_endpoint: "http://id.example.com/token" }), ProtocolError],
    [{ status: 404 }, ServiceError],
  ];
  for (const [answer, kind] of cases) {
    await rejects(discover(world(() => answer).http, WELL_KNOWN), kind);
  }
});

Deno.test("StandardLogin ends with the keys of a rclone remote", async () => {
  const { transport, clock, context } = world(({ method }) =>
    json(method === "GET" ? { token_endpoint: TOKEN_URL } : ANSWER)
  );
  const pasted = new TextEncoder().encode(
    JSON.stringify({ username: "kari", realm: "r", well_known_link: WELL_KNOWN, auth_token: "secret-login" }),
  ).toBase64({ alphabet: "base64url", omitPadding: true });
  const keys = await new StandardLogin(context, pasted, { machine: "stamp" }).signIn();
  deepStrictEqual(keys.slice(0, -1), [
    ["type", "jottacloud"],
    ["configVersion", "1"],
    ["client_id", "jottacli"],
    ["client_secret", ""],
    ["tokenURL", TOKEN_URL],
    ["jottash_session", '{"method":"standard","machine":"stamp","rotated":"2026-01-02T03:04:05.000Z"}'],
  ]);
  strictEqual(keys.at(-1)?.[0], "token");
  deepStrictEqual(JSON.parse(keys.at(-1)?.[1] ?? ""), {
    access_token: "secret-access",
    token_type: "bearer",
    refresh_token: "secret-new",
    expiry: new Date(clock.now() + 3_600_000).toISOString(),
  });
  deepStrictEqual(transport.requests.map(({ method, url }) => [method, url]), [["GET", WELL_KNOWN], [
    "POST",
    TOKEN_URL,
  ]]);
});
