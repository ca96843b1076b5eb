/** Signing in with a login token or a password, and what else a provider does, over real HTTP against the emulator. */
import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { requestLegacyRefresh } from "../../lib/auth/legacy_token.ts";
import { discover, discoveryUrlBeside, requestLogout, requestUserinfo } from "../../lib/auth/oidc.ts";
import { SERVICES } from "../../lib/auth/services.ts";
import { AuthError } from "../../lib/errors.ts";
import { reveal } from "../../lib/store/obscure.ts";
import { type Keys, SignInWorld, tokenOf } from "./sign_in_world.ts";

Deno.test("StandardLogin signs in at every realm, with a token pasted in any form", async () => {
  await using world = await SignInWorld.create();
  for (const [index, { realm }] of SERVICES.entries()) {
    const token = world.emulator.issueLoginToken(realm);
    const standard = token.replaceAll("-", "+").replaceAll("_", "/");
    const forms = [
      token,
      `${standard}${"=".repeat((4 - token.length % 4) % 4)}`,
      token.replace(/.{60}/g, "$&\r\n"),
      ` "${token}"\n`,
      `'${standard}='`,
      `“${token}”`,
    ];
    const keys = await world.standard(forms[index % forms.length] ?? "");
    strictEqual(keys.get("client_id"), "jottacli");
    strictEqual(await world.status(`/jfs/${world.emulator.username}`, await world.refresh(keys)), 200);
  }
});

/** The same login token with other fields. */
function altered(token: string, changes: Readonly<Record<string, unknown>>): string {
  const fields = JSON.parse(
    new TextDecoder().decode(Uint8Array.fromBase64(token, { alphabet: "base64url" })),
  );
  return new TextEncoder().encode(JSON.stringify({ ...fields, ...changes }))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

Deno.test("StandardLogin tells a used, a cut, a foreign and a lost login token apart", async () => {
  await using world = await SignInWorld.create();
  const { emulator } = world;
  const used = emulator.issueLoginToken();
  await world.standard(used);
  const other = emulator.issueLoginToken("telia_se");
  const nowhere = emulator.wellKnown.replace("/jottacloud/", "/nowhere/");
  const cases: readonly (readonly [token: string, code: string, words: RegExp])[] = [
    [used, "login-token-refused", /used already, expired, or of another service/],
    [emulator.loginToken.slice(0, -30), "login-token-invalid", /cut short/],
    [emulator.loginToken.slice(40), "login-token-invalid", /its beginning is missing/],
    [
      altered(other, { well_known_link: emulator.wellKnown }),
      "login-token-refused",
      /realm "telia_se".*"jottacloud"/,
    ],
    [altered(other, { well_known_link: nowhere }), "login-token-invalid", /does not know the realm/],
  ];
  for (const [token, code, message] of cases) await rejects(world.standard(token), { code, message });
  // None of them has spent the others.
  await world.standard(other);
  await world.standard(emulator.loginToken);
  strictEqual(world.lines.some((line) => line.includes(used.slice(20, 60))), false);
});

Deno.test("requestUserinfo() and requestLogout() work beside a stored token address", async () => {
  await using world = await SignInWorld.create();
  const keys = await world.standard(world.emulator.loginToken);
  const { context } = world;
  const found = await discover(context.http, discoveryUrlBeside(keys.get("tokenURL") ?? "") ?? "");
  const token = tokenOf(keys);
  const info = await requestUserinfo(context.http, found.userinfoEndpoint ?? "", token.accessToken);
  strictEqual(info["email"], world.emulator.email);
  await rejects(requestUserinfo(context.http, found.userinfoEndpoint ?? "", "wrong"), AuthError);
  const session = { refreshToken: token.refreshToken ?? "", clientId: "jottacli" };
  strictEqual(await requestLogout(context, found.endSessionEndpoint ?? "", session), true);
  strictEqual(world.emulator.stats.revocations, 1);
  await rejects(world.refresh(keys), { code: "session-lost" });
  // The access token lives on.
  strictEqual(await world.status(`/jfs/${world.emulator.username}`, token), 200);
});

function legacyRefresh(world: SignInWorld, keys: Keys) {
  return requestLegacyRefresh(world.context, world.emulator.endpoint, {
    refreshToken: tokenOf(keys).refreshToken ?? "",
    clientId: keys.get("client_id"),
    clientSecret: keys.get("client_secret"),
  });
}

Deno.test("LegacyLogin signs in with the shared client, and only the upper-case refresh goes on with it", async () => {
  await using world = await SignInWorld.create();
  const keys = await world.legacy();
  deepStrictEqual([keys.get("configVersion"), keys.get("client_id"), keys.get("client_secret")], [
    "0",
    "",
    "",
  ]);
  const lowerCase = new Map(keys).set("tokenURL", `${world.emulator.endpoint}/auth/v1/token`);
  await rejects(world.refresh(lowerCase), AuthError);
  const next = await legacyRefresh(world, keys);
  strictEqual(await world.status(`/jfs/${world.emulator.username}`, next), 200);
  // Rotation here too: the old one is spent.
  await rejects(legacyRefresh(world, keys), { code: "session-lost" });
  const urls = world.emulator.requests.map(({ path, query }) => path + query).join("\n");
  strictEqual(urls.includes(encodeURIComponent(world.emulator.password)), false);
  strictEqual(world.lines.join("\n").includes(world.emulator.password), false);
});

Deno.test("LegacyLogin keeps the sessions of registered machines apart", async () => {
  await using world = await SignInWorld.create();
  const [first, second] = [
    await world.legacy({ registerDevice: true }),
    await world.legacy({ registerDevice: true }),
  ];
  strictEqual(first.get("client_id") === second.get("client_id"), false);
  match(reveal(first.get("client_secret") ?? ""), /^[0-9a-f]{26}$/);
  for (const keys of [first, second]) {
    strictEqual((await legacyRefresh(world, keys)).refreshToken === undefined, false);
  }
  // Two machines with the shared client: the second sign-in ends the first.
  const [shared] = [await world.legacy(), await world.legacy()];
  await rejects(legacyRefresh(world, shared), { code: "session-lost" });
});

Deno.test("LegacyLogin asks for the code of an account with two factors", async () => {
  await using world = await SignInWorld.create({ switches: { legacyOneTimeCode: "123456" } });
  const typed = ["000000", "123", "123-456"];
  const keys = await world.legacy({ askCode: () => Promise.resolve(typed.shift() ?? "") });
  strictEqual(await world.status(`/jfs/${world.emulator.username}`, tokenOf(keys)), 200);
  await rejects(world.legacy({ askCode: () => Promise.resolve("000000") }), {
    code: "login-refused",
    message: /code is wrong/,
  });
});

Deno.test("LegacyLogin tells a wrong password from a service that has ended", async () => {
  await using world = await SignInWorld.create();
  await rejects(world.legacy({ password: "wrong" }), {
    code: "login-refused",
    message: /user name or password is wrong/,
  });
  const keys = await world.legacy();
  world.emulator.setSwitches({ legacyLogin: false });
  for (const registerDevice of [false, true]) {
    await rejects(
      world.legacy({ registerDevice }),
      (error: unknown) =>
        error instanceof AuthError && error.code === "login-refused" &&
        /has ended this way/.test(error.message) &&
        /login token/.test(error.hint ?? ""),
    );
  }
  await rejects(legacyRefresh(world, keys), { code: "session-lost", message: /has ended this way/ });
});
