/** Laws of what users paste: a login token and its address survive every way of copying, and a part of one is refused. */
import { deepStrictEqual, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { parseLoginToken } from "../../lib/auth/login_token.ts";
import { readPastedRedirect } from "../../lib/auth/redirect_answer.ts";
import { AuthError } from "../../lib/errors.ts";

const TEXT = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
const GAP = fc.constantFrom("\n", "\r\n", " ", "\t", "\u00a0", "\u200b", "\ufeff", "\u00ad");
const QUOTES = fc.constantFrom('""', "''", "``", "“”", "«»", "<>", "");

function encode(fields: Readonly<Record<string, unknown>>): string {
  return new TextEncoder().encode(JSON.stringify(fields)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/** `text` with gaps at some places and quotes around it. */
const copied = (text: string) =>
  fc.tuple(fc.array(fc.tuple(fc.nat(text.length), GAP), { maxLength: 8 }), QUOTES, fc.boolean()).map(
    ([gaps, quotes, isPadded]) => {
      const characters = [...text, ""];
      for (const [place, gap] of gaps) characters[place] = gap + characters[place];
      const body = characters.join("") + (isPadded ? "=".repeat((4 - text.length % 4) % 4) : "");
      return ` ${quotes.slice(0, 1)}${body}${quotes.slice(1)}\n`;
    },
  );

const FIELDS = fc.record({
  username: TEXT,
  auth_token: TEXT,
  realm: fc.option(fc.stringMatching(/^[a-z]{1,9}$/), { nil: undefined }),
  well_known_link: fc.webUrl({ validSchemes: ["https"] }),
});

Deno.test("parseLoginToken() reads the same token from every copy, in both alphabets", () => {
  const cases = FIELDS.chain((fields) => {
    const token = encode(fields);
    const forms = fc.constantFrom(token, token.replaceAll("-", "+").replaceAll("_", "/"));
    return fc.tuple(fc.constant(fields), forms.chain(copied));
  });
  fc.assert(fc.property(cases, ([fields, text]) => {
    deepStrictEqual(parseLoginToken(text), {
      userName: fields.username,
      authToken: fields.auth_token,
      realm: fields.realm,
      wellKnownLink: fields.well_known_link,
    });
  }));
});

Deno.test("parseLoginToken() refuses every part of a token, and repeats nothing of it", () => {
  fc.assert(fc.property(FIELDS, fc.nat(), fc.boolean(), (fields, at, isHead) => {
    const token = encode({ ...fields, auth_token: `secret-${fields.auth_token}` });
    const cut = 1 + at % (token.length - 1);
    const part = isHead ? token.slice(0, cut) : token.slice(cut);
    throws(
      () => parseLoginToken(part),
      (error: unknown) =>
        error instanceof AuthError && error.code === "login-token-invalid" &&
        !JSON.stringify([error.message, error.hint, error.data]).includes("secret-"),
    );
  }));
});

Deno.test("readPastedRedirect() reads the same code from every copy", () => {
  const codes = fc.stringMatching(/^[\x21-\x7e]{1,80}$/).filter((code) => !/["'`<>()[\]]/.test(code));
  const cases = codes.chain((code) => {
    const query = new URLSearchParams({
      session_state: "5f",
      state: "0123",
      code,
      iss: "https://id.example.com",
    });
    const url = `http://localhost:53682/?${query}`;
    const forms = fc.constantFrom(url, url.replaceAll("&", "&amp;"), query.toString());
    return fc.tuple(fc.constant(code), forms, fc.array(fc.nat(url.length), { maxLength: 5 }));
  });
  fc.assert(fc.property(cases, ([code, text, breaks]) => {
    let wrapped = text;
    for (const place of breaks) wrapped = `${wrapped.slice(0, place)}\r\n${wrapped.slice(place)}`;
    const attempt = { state: "0123", redirectUri: "http://localhost:53682/" };
    strictEqual(readPastedRedirect(` "${wrapped}"\n`, attempt), code);
  }));
});
