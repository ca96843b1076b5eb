import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { LegacyLogin, type LegacyLoginOptions } from "../../../../lib/auth/legacy_login.ts";
import { requestLegacyRefresh } from "../../../../lib/auth/legacy_token.ts";
import { AuthError, ConfigError, ProtocolError, ServiceError, UsageError } from "../../../../lib/errors.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { Logger } from "../../../../lib/log.ts";
import { obscure, reveal } from "../../../../lib/store/obscure.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import {
  type RequestHandler,
  type ScriptedAnswer,
  ScriptedTransport,
} from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const API = "https://api.example.com";
const DEFAULT_ID = "nibfk8biu12ju7hpqomr8b1e40";
const TOKEN = {
  access_token: "secret-access",
  expires_in: 3600,
  refresh_token: "secret-next",
  token_type: "bearer",
};
const OTP_MISSING = { error: "invalid_client_or_otp_missing_or_wrong", error_description: "secret" };

const json = (value: unknown, status = 200, headers = {}): ScriptedAnswer => ({
  status,
  headers,
  body: JSON.stringify(value),
});

function world(handler: RequestHandler) {
  const transport = new ScriptedTransport(handler);
  const clock = new FakeClock({ autoAdvance: true });
  const lines: string[] = [];
  const log = new Logger("debug", (line) => lines.push(line));
  const random = new SeededRandom(3);
  const http = new HttpClient({ transport, clock, random, log, userAgent: "test" });
  const context = { http, clock, random };
  const login = (options: Partial<LegacyLoginOptions> = {}) =>
    new LegacyLogin(context, {
      apiBase: API,
      userName: "kari+x@example.no",
      password: "secret-password",
      registerDevice: false,
      askCode: () => Promise.reject(new Error("no code was to be asked for")),
      ...options,
    }).signIn();
  return { transport, clock, lines, context, login };
}

Deno.test("LegacyLogin sends the password in the body, and leaves the shared client's keys empty", async () => {
  const { transport, login, lines } = world(() => json(TOKEN));
  const keys = await login({ machine: "stamp" });
  const [request] = transport.requests;
  strictEqual(request?.url, `${API}/auth/v1/token`);
  strictEqual(request?.once, true);
  const form = Object.fromEntries(new URLSearchParams(request?.body));
  const { client_secret: secret = "", ...rest } = form;
  deepStrictEqual(rest, {
    grant_type: "PASSWORD",
    client_id: DEFAULT_ID,
    username: "kari+x@example.no",
    password: "secret-password",
  });
  match(secret, /^[\x21-\x7e]{26}$/);
  deepStrictEqual(keys.slice(0, -1), [
    ["type", "jottacloud"],
    ["configVersion", "0"],
    ["client_id", ""],
    ["client_secret", ""],
    ["username", "kari+x@example.no"],
    [
      "jottash_session",
      '{"method":"legacy","service":"jottacloud","machine":"stamp","rotated":"2026-01-02T03:04:05.000Z"}',
    ],
  ]);
  strictEqual(keys.at(-1)?.[0], "token");
  const text = lines.join("\n") + transport.requests.map(({ url }) => url).join("\n");
  strictEqual(text.includes("secret-") || text.includes(secret), false);
});

Deno.test("LegacyLogin registers this machine first where that is wanted", async () => {
  const { transport, login } = world(({ url }) =>
    url.includes("/register") ? json({ client_id: "own", client_secret: "own-secret" }) : json(TOKEN)
  );
  const keys = new Map(await login({ registerDevice: true }));
  const [register, token] = transport.requests;
  match(
    register?.url ?? "",
    /^https:\/\/api\.example\.com\/auth\/v1\/register\?device_id=jottash-[A-Za-z0-9]{21}$/,
  );
  strictEqual(
    register?.headers["authorization"],
    "Bearer c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq",
  );
  strictEqual(register?.body, "");
  const form = new URLSearchParams(token?.body);
  deepStrictEqual([form.get("client_id"), form.get("client_secret")], ["own", "own-secret"]);
  strictEqual(keys.get("client_id"), "own");
  strictEqual(reveal(keys.get("client_secret") ?? ""), "own-secret");
});

Deno.test("LegacyLogin asks for the code that the account wants, and sends six digits only", async () => {
  for (const header of ["required; SMS", "Required;SMS", " required ; sms "]) {
    const { transport, login } = world(({ headers }) =>
      headers["x-jottacloud-otp"] === "123456"
        ? json(TOKEN)
        : json(OTP_MISSING, 400, { "X-JottaCloud-OTP": header })
    );
    const typed = ["12 34", " 123-456\n"];
    await login({ askCode: () => Promise.resolve(typed.shift() ?? "") });
    deepStrictEqual(transport.requests.map(({ headers }) => headers["x-jottacloud-otp"]), [
      undefined,
      "123456",
    ]);
  }
});

Deno.test("LegacyLogin gives up after three wrong codes", async () => {
  const { transport, login } = world(() => json(OTP_MISSING, 400, { "x-jottacloud-otp": "required; SMS" }));
  let asked = 0;
  const askCode = () => Promise.resolve(`00000${asked++}`);
  await rejects(login({ askCode }), { code: "login-refused", message: /the code is wrong/ });
  strictEqual(asked, 3);
  strictEqual(transport.requests.length, 4);
});

Deno.test("LegacyLogin reports each refusal once, without secrets", async () => {
  const cases: readonly (readonly [ScriptedAnswer, new (...rest: never[]) => Error, RegExp])[] = [
    [
      json({ error: "invalid_grant", error_description: "secret" }, 400),
      AuthError,
      /user name or password is wrong/,
    ],
    [json({ error: "invalid_request" }, 400), AuthError, /refuses the request/],
    [json(OTP_MISSING, 400), AuthError, /refuses the request/],
    [{ status: 404, body: "secret" }, AuthError, /the service has ended this way to sign in/],
    [{ status: 410 }, AuthError, /the service has ended this way to sign in/],
    [{ status: 500 }, ServiceError, /answered 500/],
    [json({ ...TOKEN, refresh_token: undefined }), ProtocolError, /"refresh_token"/],
  ];
  for (const [answer, kind, words] of cases) {
    const { transport, login } = world(() => answer);
    await rejects(login(), (error: unknown) => {
      ok(error instanceof kind && "hint" in error && "data" in error, String(error));
      if (error instanceof AuthError) strictEqual(error.code, "login-refused");
      return words.test(error.message) &&
        !JSON.stringify([error.message, error.hint, error.data]).includes("secret");
    });
    strictEqual(transport.requests.length, 1);
  }
});

Deno.test("LegacyLogin reports a registration that fails, and sends no password then", async () => {
  const cases: readonly (readonly [ScriptedAnswer, new (...rest: never[]) => Error, RegExp])[] = [
    [{ status: 404 }, AuthError, /Cannot register this machine: the service has ended/],
    [{ status: 401 }, AuthError, /refuses it/],
    [json({ client_id: "x" }), ProtocolError, /"client_secret"/],
    [json({ client_secret: "x" }), ProtocolError, /"client_id"/],
  ];
  for (const [answer, kind, words] of cases) {
    const { transport, login } = world(() => answer);
    await rejects(
      login({ registerDevice: true }),
      (error: unknown) => error instanceof kind && words.test(error.message),
    );
    strictEqual(transport.requests.some(({ body }) => body.includes("password")), false);
  }
});

Deno.test("LegacyLogin sends nothing without a user name and a password", async () => {
  const { transport, login } = world(() => json(TOKEN));
  await rejects(login({ userName: "" }), UsageError);
  await rejects(login({ password: "" }), UsageError);
  strictEqual(transport.requests.length, 0);
});

Deno.test("requestLegacyRefresh() sends the upper-case grant with the stored or the shared client", async () => {
  const { transport, context, clock } = world(() => json(TOKEN));
  const own = { clientId: "own", clientSecret: obscure("own-secret", new SeededRandom()) };
  const token = await requestLegacyRefresh(context, API, { refreshToken: "secret-old", ...own });
  deepStrictEqual(token, {
    accessToken: "secret-access",
    tokenType: "bearer",
    refreshToken: "secret-next",
    expiresAtMs: clock.now() + 3_600_000,
  });
  await requestLegacyRefresh(context, API, {
    refreshToken: "secret-old",
    clientId: "",
    clientSecret: undefined,
  });
  strictEqual(transport.requests[0]?.url, `${API}/auth/v1/token`);
  strictEqual(
    transport.requests[0]?.body,
    "grant_type=REFRESH_TOKEN&refresh_token=secret-old&client_id=own&client_secret=own-secret",
  );
  match(transport.requests[1]?.body ?? "", new RegExp(`client_id=${DEFAULT_ID}&client_secret=.{26,}`));
});

Deno.test("requestLegacyRefresh() calls the session lost when it is refused, or when the service is no more", async () => {
  for (
    const answer of [json({ error: "invalid_grant" }, 400), { status: 401 }, { status: 404 }, { status: 410 }]
  ) {
    const { transport, context } = world(() => answer);
    const refresh = { refreshToken: "secret-old", clientId: undefined, clientSecret: undefined };
    await rejects(
      requestLegacyRefresh(context, API, refresh),
      (error: unknown) =>
        error instanceof AuthError && error.code === "session-lost" && /login token/.test(error.hint ?? ""),
    );
    strictEqual(transport.requests.length, 1);
  }
});

Deno.test("requestLegacyRefresh() spends nothing with a client secret that cannot be read", async () => {
  const { transport, context } = world(() => json(TOKEN));
  const refresh = { refreshToken: "secret-old", clientId: "own", clientSecret: "plain secret" };
  await rejects(requestLegacyRefresh(context, API, refresh), ConfigError);
  strictEqual(transport.requests.length, 0);
});
