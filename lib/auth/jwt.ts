/**
 * What an access token says about itself. The token is not verified: it came from the identity provider over a
 * secure line, and the service that receives it verifies it. One that cannot be read is simply opaque.
 *
 * Source of fact: API reference 2.1, "JWT facts" (observed by two clients).
 */

/** The last moment that a date can tell, in seconds since 1970 UTC. */
const MAX_TIME_S = 8.64e12;
/** Tokens of some hundred bytes are normal. */
const MAX_TOKEN_LENGTH = 64 * 1024;

/** The claims of a JSON Web Token; undefined when `token` is none. */
function readClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const payload = token.split(".", 3)[1];
  if (payload === undefined || token.length > MAX_TOKEN_LENGTH) return undefined;
  try {
    const bytes = Uint8Array.fromBase64(payload.replace(/={1,4}$/, ""), { alphabet: "base64url" });
    const claims: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof claims === "object" && claims !== null ? { ...claims } : undefined;
  } catch {
    return undefined;
  }
}

/** How long the token lives from its issue on, by its own claims. */
export function lifetimeOf(accessToken: string): number | undefined {
  const claims = readClaims(accessToken);
  const issuedAt = claims?.["iat"];
  const expiresAt = claims?.["exp"];
  if (typeof issuedAt !== "number" || typeof expiresAt !== "number" || expiresAt <= issuedAt) {
    return undefined;
  }
  return (expiresAt - issuedAt) * 1000;
}

/** When the token ends by its own claim, in milliseconds since 1970 UTC. */
export function expiryOf(accessToken: string): number | undefined {
  const expiresAt = readClaims(accessToken)?.["exp"];
  return typeof expiresAt === "number" && Math.abs(expiresAt) <= MAX_TIME_S ? expiresAt * 1000 : undefined;
}

/** Which session at the provider the token belongs to, by its own claim; all its tokens have the same. */
export function sessionIdOf(token: string): string | undefined {
  const claims = readClaims(token);
  const id = claims?.["sid"] ?? claims?.["session_state"];
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Who issued the token by its own claim: an address of the identity provider. */
export function issuerOf(accessToken: string): string | undefined {
  const issuer = readClaims(accessToken)?.["iss"];
  return typeof issuer === "string" ? issuer : undefined;
}
