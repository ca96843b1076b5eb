import { ok, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { readPastedRedirect } from "../../../../lib/auth/redirect_answer.ts";
import { AuthError } from "../../../../lib/errors.ts";

const STATE = "0123456789abcdef0123456789abcdef";
const CODE = "secret-code.d2b1/x+y=";
const ATTEMPT = { state: STATE, redirectUri: "http://localhost:53682/" };
const QUERY = `state=${STATE}&session_state=5f&code=${encodeURIComponent(CODE)}`;

Deno.test("readPastedRedirect() finds the code however the address was copied", () => {
  const url = `http://localhost:53682/?${QUERY}`;
  const forms = [
    url,
    `http://127.0.0.1:53682/?${QUERY}`,
    `localhost:53682/?${QUERY}`,
    `?${QUERY}`,
    QUERY,
    `code=${encodeURIComponent(CODE)}&state=${STATE}`,
    `  ${url}\r\n`,
    url.replace(/.{30}/g, "$&\n   "),
    `"${url}"`,
    `'${url}'`,
    `<${url}>`,
    `“${url}”`,
    url.replaceAll("&", "&amp;"),
    url.replaceAll("&", "&#38;"),
    `${url}#`,
    `${url}&iss=https%3A%2F%2Fid.jottacloud.com`,
    `\u200b${url}`,
    `http://my-tunnel.example/?${QUERY}`,
  ];
  for (const text of forms) strictEqual(readPastedRedirect(text, ATTEMPT), CODE, text);
});

Deno.test("readPastedRedirect() says what is wrong and never repeats the address", () => {
  const cases: readonly (readonly [text: string, words: RegExp, hint: RegExp])[] = [
    ["", /nothing was pasted/, /begins with http:\/\/localhost:53682\//],
    [" \n", /nothing was pasted/, /begins with/],
    ["secret-nonsense", /no code/, /begins with/],
    ["http://localhost:53682/", /no code/, /begins with/],
    [`http://127.0.0.1:53682/auth?state=${STATE}`, /no code/, /begins with/],
    [`http://localhost:53682/?state=${STATE}`, /no code/, /begins with/],
    [`http://localhost:53682/?code=secret-code`, /another attempt/, /Start again/],
    [`http://localhost:53682/?state=${STATE.slice(1)}&code=secret-code`, /another attempt/, /Start again/],
    ["http://localhost:53682/?state=00&error=access_denied", /another attempt/, /Start again/],
    [
      `https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/auth?client_id=desktop&state=${STATE}`,
      /a page before the last one/,
      /begins with/,
    ],
    [
      "https://id.jottacloud.com/auth/realms/jottacloud/login-actions/authenticate?session_code=secret-code",
      /a page before the last one/,
      /begins with/,
    ],
    [
      `?state=${STATE}&error=access_denied&error_description=secret`,
      /given up in the browser \(access_denied\)/,
      /again/,
    ],
    [`?state=${STATE}&error=secret_word`, /refused it \(other\)/, /again/],
    [`?state=${STATE}&code=${"secret".repeat(1000)}`, /too long/, /./],
  ];
  for (const [text, words, hint] of cases) {
    throws(() => readPastedRedirect(text, ATTEMPT), (error: unknown) => {
      ok(error instanceof AuthError, text);
      const shown = JSON.stringify([error.message, error.hint, error.data]);
      return words.test(error.message) && hint.test(error.hint ?? "") && error.code === "login-refused" &&
        !shown.includes("secret") && !shown.includes(STATE);
    }, text.slice(0, 200));
  }
});

Deno.test("readPastedRedirect() takes no code without the state of this attempt, whatever is pasted", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.string(), fc.string(), (url, code, state) => {
      fc.pre(state !== STATE);
      const query = new URLSearchParams({ code, state });
      throws(() => readPastedRedirect(`${url}${url.includes("?") ? "&" : "?"}${query}`, ATTEMPT), AuthError);
    }),
  );
});
