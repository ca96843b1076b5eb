import { strictEqual } from "node:assert";
import { expiryOf, internalUserName, lifetimeOf } from "../../../../lib/auth/jwt.ts";

const jwt = (claims: unknown) =>
  `h.${
    new TextEncoder().encode(JSON.stringify(claims)).toBase64({ alphabet: "base64url", omitPadding: true })
  }.s`;

Deno.test("internalUserName() is the text after the last colon", () => {
  strictEqual(internalUserName(jwt({ sub: "f:0b1e:jottåuser" })), "jottåuser");
  strictEqual(internalUserName(jwt({ sub: "plain" })), "plain");
  for (
    const token of [jwt({ sub: "f:" }), jwt({ sub: 7 }), jwt(null), jwt([]), "a.b.c", "opaque", "", "a.!!.c"]
  ) {
    strictEqual(internalUserName(token), undefined, token);
  }
});

Deno.test("lifetimeOf() and expiryOf() read iat and exp", () => {
  strictEqual(lifetimeOf(jwt({ iat: 1000, exp: 1002 })), 2000);
  strictEqual(expiryOf(jwt({ exp: 1002 })), 1_002_000);
  for (const token of [jwt({ iat: 1000, exp: 1000 }), jwt({ exp: 5 }), jwt({ iat: "1", exp: 2 }), "x"]) {
    strictEqual(lifetimeOf(token), undefined);
  }
});
