/** JWT-shaped tokens (API reference 2.1): real claims, signed with a key of this emulator only. */
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";

export type Claims = Readonly<Record<string, unknown>>;

function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

export class JwtIssuer {
  readonly #key = randomBytes(32);

  issue(claims: Claims): string {
    const content = `${encodePart({ alg: "HS256", typ: "JWT", kid: "emulator" })}.${encodePart(claims)}`;
    return `${content}.${this.#sign(content)}`;
  }

  /** The claims of a token this issuer signed, undefined for anything else. Does not look at `exp`. */
  verify(token: string): Claims | undefined {
    const dot = token.lastIndexOf(".");
    const content = token.slice(0, Math.max(dot, 0));
    if (dot < 0 || this.#sign(content) !== token.slice(dot + 1)) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(content.split(".")[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null ? { ...claims } : undefined;
  }

  #sign(content: string): string {
    return createHmac("sha256", this.#key).update(content).digest("base64url");
  }
}
