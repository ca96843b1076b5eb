import { strictEqual } from "node:assert";
import { expiryOf, lifetimeOf } from "../../../../lib/auth/jwt.ts";

const jwt = (claims: unknown) =>
  `h.${
    new TextEncoder().encode(JSON.stringify(claims)).toBase64({ alphabet: "base64url", omitPadding: true })
  }.s`;

Deno.test("lifetimeOf() and expiryOf() read iat and exp", () => {
  strictEqual(lifetimeOf(jwt({ iat: 1000, exp: 1002 })), 2000);
  strictEqual(expiryOf(jwt({ exp: 1002 })), 1_002_000);
  for (const token of [jwt({ iat: 1000, exp: 1000 }), jwt({ exp: 5 }), jwt({ iat: "1", exp: 2 }), "x"]) {
    strictEqual(lifetimeOf(token), undefined);
  }
});

Deno.test("lifetimeOf() and expiryOf() take what is no token for opaque", () => {
  for (const token of [jwt(null), jwt([]), jwt({ exp: "7" }), "a.b.c", "opaque", "", "a.!!.c"]) {
    strictEqual(lifetimeOf(token), undefined, token);
    strictEqual(expiryOf(token), undefined, token);
  }
});
