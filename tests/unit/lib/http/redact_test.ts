import assert from "node:assert/strict";
import fc from "fast-check";
import { redactText, redactTokens } from "../../../../lib/http/redact.ts";

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
    ...FIELDS.flatMap((field) => [
      (secret: string) => `next=${encodeURIComponent(`https://x.example/?a=1&${field}=${secret}&b=2`)}`,
      (secret: string) => `form=${encodeURIComponent(JSON.stringify({ [field]: secret }))}`,
      (secret: string) => `${field} = ${secret}`,
      (secret: string) => `jotta,${field}="${secret}""${secret}":photos`,
      (secret: string) => `:jottacloud,device=a,${field}='${secret}''${secret}',x=y:photos`,
      (secret: string) => `jotta,${field}=${secret}:photos`,
    ]),
    // The final address of a browser, as it is pasted.
    (secret) => `http://localhost:53682/?state=${secret}&session_state=${secret}&code=${secret}.a.b`,
    (secret) => `http://localhost:53682/?code=${secret}&state=${secret}#${"end"}`,
    (secret) => `X-Jottacloud-Otp: ${secret}`,
    (secret) => JSON.stringify({ "x-jottacloud-otp": secret }),
    (secret) => `otp=${secret}&x=1`,
    (secret) => `Authorization: Basic ${btoa(`desktop:${secret}`)}`,
    (secret) => `authorization=Bearer%20${secret}`,
    (secret) => `Cookie: KEYCLOAK_SESSION=${secret}; other=${secret}`,
    (secret) => `set-cookie: AUTH_SESSION_ID=${secret}.node1; Path=/; HttpOnly`,
    (secret) => JSON.stringify({ cookie: `a=${secret}; b=${secret}` }),
    (secret) => `obscured: pass = ${secret}`,
    (secret) => `password2 = ${secret}`,
    (secret) => `client_secret = ${secret}`,
    (secret) => `RCLONE_CONFIG_PASS=${secret} JOTTASH_CONFIG_PASS='${secret}'`,
    (secret) => `JOTTASH_LOGIN_TOKEN=${secret}`,
    (secret) => `RCLONE_CONFIG_JOTTA_ACCESS_TOKEN=${secret}`,
    (secret) => `RCLONE_CONFIG_JOTTA_TOKEN={"access_token":"${secret}","refresh_token":"${secret}"}`,
    (secret) => `--login-token ${btoa(login(secret))}`,
    (secret) => `%22${btoa(login(secret)).replaceAll("=", "%3D")}%22`,
    (secret) => `https://www.jottacloud.com/s/${secret}`,
    (secret) => `https://www.jottacloud.com/p/user/${secret}?x`,
    (secret) => `POST /auth/v1/token?client_id=a&client_secret=${secret}&password=${secret}&username=kari`,
  ];
  fc.assert(
    fc.property(SECRETS, fc.constantFrom(...dresses), (secret, dress) => {
      const text = redactText(dress(secret));
      assert.ok(!text.includes(secret), text);
      assert.ok(!text.includes(btoa(secret).slice(0, 20)), text);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("redactText() leaves what is no secret alone", () => {
  const texts = [
    'Cannot upload "photos/a.jpg": the account is full',
    'http method="GET" url="https://jfs.jottacloud.com/jfs/5e1f/Jotta/Archive/a%20b" status=200',
    "MD5 5eb63bbbe01eeed093cb22bb8f5acdc3, 11 bytes",
    'Left out "eye of the storm.txt"',
    "status 404 NoSuchPathException",
    'http method="GET" url="https://jfs.jottacloud.com/jfs/5e1f/Jotta/Archive/s/p/unicode/passport" state="done"',
    "state=COMPLETED resume_pos=3 encode=unicode compass=north bypass: no",
    "the access token ends in 5 s; tokens: 3",
  ];
  for (const text of texts) assert.equal(redactText(text), text);
});

Deno.test("redactTokens() blots out tokens and leaves names of files alone", () => {
  const jwt = `${btoa('{"alg":"RS256"}')}.${btoa('{"sub":"f:1:kari"}')}.signature`;
  const cases = [
    [`a ${jwt} b`, "a *** b"],
    [`Bearer ${"x".repeat(20)}, Basic ${"y".repeat(20)}`, "Bearer ***, Basic ***"],
    ['Cannot read "Basic Instinct.mp4"', 'Cannot read "Basic Instinct.mp4"'],
    ['Cannot read "token=5.txt"', 'Cannot read "token=5.txt"'],
    ['Cannot read "password: new.txt"', 'Cannot read "password: new.txt"'],
  ] as const;
  for (const [text, expected] of cases) assert.equal(redactTokens(text), expected);
});
