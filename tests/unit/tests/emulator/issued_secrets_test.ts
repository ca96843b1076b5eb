/** What the emulator gave out in confidence is known to it, whatever way it went. */
import { deepEqual, ok } from "node:assert/strict";
import { startEmulator } from "../../../emulator/mod.ts";
import { IssuedSecrets } from "../../../emulator/issued_secrets.ts";

async function json(response: Response): Promise<Record<string, string>> {
  return await response.json();
}

Deno.test("issuedSecrets() holds login tokens and what is in them, and every token of a session", async () => {
  await using emulator = await startEmulator();
  const login = emulator.issueLoginToken();
  const { auth_token: secret = "", username = "" } = JSON.parse(
    new TextDecoder().decode(Uint8Array.fromBase64(login, { alphabet: "base64url" })),
  );
  const grant = (form: Record<string, string>) =>
    fetch(emulator.tokenUrl, {
      method: "POST",
      body: new URLSearchParams({ client_id: "jottacli", ...form }),
    })
      .then(json);
  const first = await grant({ grant_type: "password", username, password: secret, scope: "openid" });
  const next = await grant({ grant_type: "refresh_token", refresh_token: first["refresh_token"] ?? "" });
  const made = emulator.issueTokens();
  const wanted = [
    emulator.loginToken,
    login,
    secret,
    ...[first, next].flatMap((each) => [each["access_token"], each["refresh_token"], each["id_token"]]),
    made.accessToken,
    made.refreshToken,
  ];
  const issued = emulator.issuedSecrets();
  deepEqual(wanted.filter((each) => !issued.includes(each ?? "")), []);
  ok(wanted.every((each) => (each ?? "").length > 20));
});

Deno.test("issuedSecrets() holds codes of the browser, client secrets and ids of uploads", async () => {
  await using emulator = await startEmulator();
  const redirect = "http://localhost:53682/";
  const asked = new URLSearchParams({
    client_id: "desktop",
    redirect_uri: redirect,
    response_type: "code",
    scope: "openid",
  });
  const sent = await fetch(emulator.tokenUrl.replace(/token$/, `auth?${asked}`), { redirect: "manual" });
  await sent.body?.cancel();
  const code = new URL(sent.headers.get("location") ?? "").searchParams.get("code");
  emulator.setSwitches({ legacyLogin: true });
  const bearer = "c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq";
  const registered = await json(
    await fetch(`${emulator.endpoint}/auth/v1/register?device_id=a`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}` },
    }),
  );
  const times = { created: "2024-04-01T08:00:00Z", modified: "2024-04-02T09:00:00Z" };
  const file = { path: "/jfs/Jotta/Archive/a", bytes: 3, md5: "900150983cd24fb0d6963f7d28e17f72", ...times };
  const slot = await json(
    await fetch(`${emulator.endpoint}/files/v1/allocate`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.issueTokens().accessToken}` },
      body: JSON.stringify(file),
    }),
  );
  const issued = emulator.issuedSecrets();
  for (const secret of [code, registered["client_secret"], slot["upload_id"]]) {
    ok(secret && issued.includes(secret), `${secret}`);
  }
});

Deno.test("IssuedSecrets keeps each once, and the latest of very many", () => {
  const secrets = new IssuedSecrets();
  deepEqual([secrets.note("a"), secrets.note("a")], ["a", "a"]);
  deepEqual(secrets.list(), ["a"]);
  for (let index = 0; index < 100_000; index++) secrets.note(`s${index}`);
  deepEqual([secrets.list().length, secrets.list()[0], secrets.list().at(-1)], [100_000, "s0", "s99999"]);
});
