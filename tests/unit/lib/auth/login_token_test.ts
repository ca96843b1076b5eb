import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { AuthError, JottashError, UsageError } from "../../../../lib/errors.ts";
import { parseLoginToken } from "../../../../lib/auth/login_token.ts";

const SECRET = "q7T1-opaque-secret??>>~~";
const FIELDS = {
  username: "kåri.test@example.no",
  realm: "jottacloud",
  well_known_link: "https://id.jottacloud.com/auth/realms/jottacloud/.well-known/openid-configuration",
  auth_token: SECRET,
};

function encode(value: unknown): string {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)).toBase64();
}

const STANDARD = encode(FIELDS);
const URL_SAFE = STANDARD.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

Deno.test("parseLoginToken() reads a token however it was pasted", () => {
  strictEqual(STANDARD === URL_SAFE, false);
  const wrapped = URL_SAFE.replace(/.{40}/g, "$&\r\n  ");
  for (
    const text of [
      URL_SAFE,
      STANDARD,
      `${URL_SAFE}==`,
      wrapped,
      ` "${URL_SAFE}"\n`,
      `'${wrapped}'`,
      `\ufeff${URL_SAFE}`,
      `“${URL_SAFE}”`,
      `<${URL_SAFE}>`,
      `«${STANDARD}»`,
      URL_SAFE.replace(/.{20}/g, "$&\u00ad\u200b"),
    ]
  ) {
    deepStrictEqual(parseLoginToken(text), {
      userName: FIELDS.username,
      realm: "jottacloud",
      wellKnownLink: FIELDS.well_known_link,
      authToken: SECRET,
    });
  }
});

Deno.test("parseLoginToken() says what is wrong and never repeats the token", () => {
  const cases:
    readonly (readonly [text: string, kind: typeof JottashError | typeof UsageError, words: RegExp])[] = [
      ["", UsageError, /empty/],
      [' "" \n', UsageError, /empty/],
      [URL_SAFE.slice(0, -20), AuthError, /cut short/],
      [URL_SAFE.slice(0, Math.floor(URL_SAFE.length / 4) * 4 - 3), AuthError, /cut short/],
      [STANDARD.slice(40), AuthError, /its beginning is missing/],
      [`${SECRET}!`, AuthError, /characters that do not belong/],
      [encode("just text"), AuthError, /not a login token/],
      [encode([FIELDS]), AuthError, /not a login token/],
      [encode("7"), AuthError, /not a login token/],
      ["gICA", AuthError, /damaged/],
      [encode({ ...FIELDS, username: "" }), AuthError, /no "username"/],
      [encode({ ...FIELDS, auth_token: 7 }), AuthError, /no "auth_token"/],
      [encode({ ...FIELDS, well_known_link: undefined }), AuthError, /no "well_known_link"/],
      [
        encode({ ...FIELDS, well_known_link: "http://id.jottacloud.com/x" }),
        AuthError,
        /not a https address/,
      ],
      [encode({ ...FIELDS, well_known_link: "file:///etc/passwd" }), AuthError, /not a https address/],
      ["a".repeat(20_000), AuthError, /longer than/],
    ];
  for (const [text, kind, words] of cases) {
    throws(() => parseLoginToken(text), (error: unknown) => {
      if (!(error instanceof kind) || !(error instanceof JottashError)) return false;
      const shown = JSON.stringify([error.message, error.hint, error.data, String(error.cause), error.stack]);
      return words.test(error.message) && !shown.includes("opaque") &&
        (text.length < 9 || !shown.includes(text.slice(0, 12)));
    }, text);
  }
});

Deno.test("parseLoginToken() takes no terminal codes for a realm", () => {
  for (const realm of ["", "\u001b[31m", "a b", "x".repeat(101), 7, undefined]) {
    strictEqual(parseLoginToken(encode({ ...FIELDS, realm })).realm, undefined);
  }
});
