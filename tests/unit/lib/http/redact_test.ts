import assert from "node:assert/strict";
import fc from "fast-check";
import { redactText } from "../../../../lib/http/redact.ts";

const SECRETS = fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/).map((text) => `Zq${text}`);
const FIELDS = [
  "access_token",
  "refresh_token",
  "id_token",
  "auth_token",
  "password",
  "client_secret",
  "code",
  "token",
  "authToken",
];

Deno.test("redactText() lets no secret through, in whatever dress it comes", () => {
  const login = (secret: string) => JSON.stringify({ username: "kari@example.no", auth_token: secret });
  const dresses: readonly ((secret: string) => string)[] = [
    (secret) => `authorization: Bearer ${secret}`,
    (secret) => `Authorization=Basic ${btoa(secret)}`,
    ...FIELDS.flatMap((field) => [
      (secret: string) => `grant_type=password&${field}=${secret}&scope=x`,
      (secret: string) => JSON.stringify({ [field]: secret, other: 1 }),
      (secret: string) =>
        JSON.stringify({ text: JSON.stringify({ [field]: `${secret}, and "more" ${secret}` }) }),
      (secret: string) => `error: ${field}: ${secret}`,
      (secret: string) => `{"${field}":"${secret}`,
    ]),
    (secret) => `https://up-101.jottacloud.com/upload/${secret}/more?x=${secret}`,
    (secret) => `https://www.jottacloud.com/opin/io/downloadPublic/user/${secret}`,
    (secret) => `Cannot sign in with ${btoa(login(secret))}`,
    (secret) =>
      `Cannot sign in with ${new TextEncoder().encode(login(secret)).toBase64({ alphabet: "base64url" })}`,
    (secret) => `token ${btoa('{"alg":"RS256"}')}.${secret}.${secret} end`,
  ];
  fc.assert(fc.property(SECRETS, fc.constantFrom(...dresses), (secret, dress) => {
    const text = redactText(dress(secret));
    assert.ok(!text.includes(secret), text);
    assert.ok(!text.includes(btoa(secret).slice(0, 20)), text);
  }));
});

Deno.test("redactText() leaves what is no secret alone", () => {
  const texts = [
    'Cannot upload "photos/a.jpg": the account is full',
    'http method="GET" url="https://jfs.jottacloud.com/jfs/5e1f/Jotta/Archive/a%20b" status=200',
    "MD5 5eb63bbbe01eeed093cb22bb8f5acdc3, 11 bytes",
    'Left out "eye of the storm.txt"',
    "status 404 NoSuchPathException",
  ];
  for (const text of texts) assert.equal(redactText(text), text);
});
