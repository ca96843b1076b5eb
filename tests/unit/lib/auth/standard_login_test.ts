import { ok, rejects, strictEqual } from "node:assert";
import { discoveryUrl, SERVICES } from "../../../../lib/auth/services.ts";
import { StandardLogin, type StandardLoginOptions } from "../../../../lib/auth/standard_login.ts";
import { AuthError } from "../../../../lib/errors.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { Logger } from "../../../../lib/log.ts";
import { parseSessionRecord } from "../../../../lib/store/session_record.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { type ScriptedAnswer, ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const TELIA = "https://cloud-auth.telia.se/auth/realms/telia_se/.well-known/openid-configuration";
const SECRET = "secret-login";
const DISCOVERY = { token_endpoint: "https://id.example.com/token" };
const REFUSED = {
  status: 401,
  body: '{"error":"invalid_grant","error_description":"Invalid user credentials"}',
};
const ACCEPTED = {
  body: '{"access_token":"a","expires_in":60,"refresh_token":"r","token_type":"bearer"}',
};

function base64(value: unknown): string {
  return new TextEncoder().encode(JSON.stringify(value)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

function signIn(
  fields: Readonly<Record<string, unknown>>,
  { answer = REFUSED, discovery, ...options }:
    & { answer?: ScriptedAnswer; discovery?: ScriptedAnswer }
    & StandardLoginOptions,
) {
  const transport = new ScriptedTransport(({ method }) =>
    method === "POST" ? answer : discovery ?? { body: JSON.stringify(DISCOVERY) }
  );
  const clock = new FakeClock({ autoAdvance: true, nowMs: NOW });
  const log = new Logger("debug", () => {});
  const http = new HttpClient({ transport, clock, random: new SeededRandom(), log, userAgent: "test" });
  const token = base64({ username: "kari", well_known_link: TELIA, auth_token: SECRET, ...fields });
  return { transport, keys: new StandardLogin({ http, clock }, token, options).signIn() };
}

Deno.test("StandardLogin says why a login token was refused, as far as that can be told", async () => {
  const past = `x.${base64({ exp: NOW / 1000 })}.x`;
  const future = `x.${base64({ exp: NOW / 1000 + 60 })}.x`;
  const expired = {
    status: 400,
    body: '{"error":"invalid_grant","error_description":"Token expired secret-x"}',
  };
  const link = "https://id.example.com/token/.well-known/openid-configuration";
  const spent = /Cannot sign in to "Telia Cloud \(Sweden\)": .*used already, expired, or of another service/;
  const cases: readonly (readonly [
    name: string,
    fields: Readonly<Record<string, unknown>>,
    answer: ScriptedAnswer,
    reason: string,
    words: RegExp,
  ])[] = [
    ["a used one", { realm: "telia_se" }, REFUSED, "spent", spent],
    ["one without a realm", {}, REFUSED, "spent", spent],
    [
      "one of an unknown service",
      { realm: "r", well_known_link: link },
      REFUSED,
      "spent",
      /^Cannot sign in: the login token/,
    ],
    ["one that ends later", { auth_token: future }, REFUSED, "spent", spent],
    [
      "one that has ended by its own word",
      { auth_token: past },
      REFUSED,
      "expired",
      /"Telia.*": the login token has expired/,
    ],
    ["one that has ended by the provider's word", {}, expired, "expired", /has expired/],
    [
      "one of another realm",
      { realm: "jottacloud" },
      REFUSED,
      "wrong-realm",
      /is of the realm "jottacloud", but sends its holder to the realm "telia_se"/,
    ],
  ];
  for (const [name, fields, answer, reason, words] of cases) {
    const { transport, keys } = signIn(fields, { answer });
    await rejects(keys, (error: unknown) => {
      ok(error instanceof AuthError, name);
      strictEqual(error.code, "login-token-refused", name);
      strictEqual(error.data["reason"], reason, name);
      strictEqual(JSON.stringify([error.message, error.hint, error.data]).includes("secret"), false);
      return words.test(error.message);
    }, name);
    strictEqual(transport.requests.length, 2);
  }
});

Deno.test("StandardLogin tells of a login token whose realm does not exist, and sends it nowhere", async () => {
  const { transport, keys } = signIn({}, { discovery: { status: 404 } });
  await rejects(keys, {
    code: "login-token-invalid",
    message: 'Cannot sign in: "cloud-auth.telia.se" does not know the realm of this login token',
  });
  strictEqual(transport.requests.some(({ method }) => method === "POST"), false);
});

Deno.test("StandardLogin notes the service of the token", async () => {
  const own = {
    key: "own",
    displayName: "Own",
    domain: "id.own.example",
    realm: "r",
    clientId: "x",
    scopes: "x",
  };
  const cases: readonly (readonly [link: string, key: string | undefined])[] = [
    ...SERVICES.map((service) => [discoveryUrl(service), service.key] as const),
    [discoveryUrl(own), "own"],
    ["http://127.0.0.1:1/auth/realms/telia_se/.well-known/openid-configuration", undefined],
  ];
  for (const [well_known_link, key] of cases) {
    const { keys } = signIn({ well_known_link }, { answer: ACCEPTED, services: [...SERVICES, own] });
    const record = parseSessionRecord(new Map(await keys).get("jottash_session"));
    strictEqual(record.service, key, well_known_link);
    strictEqual(record.rotatedAtMs, NOW);
  }
});
