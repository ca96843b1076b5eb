/**
 * Token state: login tokens, authorization codes, token families with rotation. A superseded refresh token revokes its
 * whole family; access tokens live on until they expire. Source of fact: API reference 2.1, 2.2, 2.4.
 */
import { Buffer } from "node:buffer";
import { randomBytes, randomUUID } from "node:crypto";
import type { Account } from "./account.ts";
import type { IssuedSecrets } from "./issued_secrets.ts";
import { type Claims, JwtIssuer } from "./jwt.ts";
import { DEFAULT_REALM } from "./realms.ts";

/** A refused token request: OAuth error code, text and status. */
export class GrantError extends Error {
  override name = "GrantError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

interface Family {
  readonly id: string;
  readonly realm: string;
  readonly clientId: string;
  readonly scope: string;
  /** Id of the only refresh token that works; undefined once revoked. */
  current: string | undefined;
  /** A later legacy login with the same client id took its place: its access tokens are refused too (2.3). */
  superseded: boolean;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  readonly expiresIn: number;
  readonly expiresAtMs: number;
  readonly scope: string;
  readonly sessionState: string;
}

interface Code {
  readonly realm: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly expiresAtMs: number;
}

export interface ClientInRealm {
  readonly realm: string;
  readonly clientId: string;
}

export interface SessionOptions {
  readonly account: Account;
  readonly now: () => number;
  readonly tokenLifetimeSeconds: number;
  readonly secrets: IssuedSecrets;
}

const CODE_LIFETIME_MS = 60_000;
const LEGACY_REALM = "legacy";
const OFFLINE_SCOPE = "openid email offline_access";

export class Sessions {
  readonly stats = { logins: 0, refreshes: 0, revocations: 0 };
  readonly #account: Account;
  readonly #now: () => number;
  readonly #lifetime: number;
  readonly #secrets: IssuedSecrets;
  readonly #issuer = new JwtIssuer();
  /** Unused login tokens: secret to realm. */
  readonly #loginTokens = new Map<string, string>();
  readonly #codes = new Map<string, Code>();
  readonly #families = new Map<string, Family>();

  constructor(options: SessionOptions) {
    this.#account = options.account;
    this.#now = options.now;
    this.#lifetime = options.tokenLifetimeSeconds;
    this.#secrets = options.secrets;
  }

  /** A single-use personal login token, base64url without padding (2.1). */
  issueLoginToken(wellKnown: string, realm = DEFAULT_REALM): string {
    const secret = this.#secrets.note(randomBytes(24).toString("base64url"));
    this.#loginTokens.set(secret, realm);
    const token = { username: this.#account.email, realm, well_known_link: wellKnown, auth_token: secret };
    return this.#secrets.note(Buffer.from(JSON.stringify(token)).toString("base64url"));
  }

  /** Password grant with a login token; the token is used up by it. */
  redeemLoginToken(
    client: ClientInRealm,
    login: { username: string; secret: string; scope: string },
  ): IssuedTokens {
    const realm = this.#loginTokens.get(login.secret);
    if (realm !== client.realm || login.username.toLowerCase() !== this.#account.email) {
      throw new GrantError(401, "invalid_grant", "Invalid user credentials");
    }
    this.#loginTokens.delete(login.secret);
    return this.startSession(client, login.scope);
  }

  issueCode(client: ClientInRealm, wish: { redirectUri: string; scope: string }): string {
    const code = this.#secrets.note(randomUUID());
    this.#codes.set(code, { ...client, ...wish, expiresAtMs: this.#now() + CODE_LIFETIME_MS });
    return code;
  }

  redeemCode(client: ClientInRealm, wish: { code: string; redirectUri: string }): IssuedTokens {
    const code = this.#codes.get(wish.code);
    this.#codes.delete(wish.code);
    if (code === undefined || code.expiresAtMs < this.#now() || code.realm !== client.realm) {
      throw new GrantError(400, "invalid_grant", "Code not valid");
    }
    if (code.clientId !== client.clientId) throw new GrantError(400, "invalid_grant", "Auth error");
    if (code.redirectUri !== wish.redirectUri) {
      throw new GrantError(400, "invalid_grant", "Incorrect redirect_uri");
    }
    return this.startSession(client, code.scope);
  }

  /** A new family of tokens. */
  startSession(client: ClientInRealm, scope = OFFLINE_SCOPE): IssuedTokens {
    this.stats.logins += 1;
    const isLegacy = client.realm === LEGACY_REALM;
    const isDesktop = this.#account.switches.desktopSingleSession && client.clientId.startsWith("desktop");
    for (const family of isLegacy || isDesktop ? this.#families.values() : []) {
      if (family.clientId !== client.clientId || family.realm !== client.realm) continue;
      this.#revoke(family);
      family.superseded = isLegacy;
    }
    const state = { scope: scope || OFFLINE_SCOPE, current: undefined, superseded: false };
    const family: Family = { id: randomUUID(), ...client, ...state };
    this.#families.set(family.id, family);
    return this.#issue(family);
  }

  /** Refresh grant with rotation; replaying an older token revokes the family. */
  refresh(client: ClientInRealm, refreshToken: string): IssuedTokens {
    const claims = this.#issuer.verify(refreshToken);
    const family = this.#families.get(String(claims?.["sid"]));
    if (claims?.["typ"] !== "Offline" || family === undefined) {
      throw new GrantError(400, "invalid_grant", "Invalid refresh token");
    }
    if (family.realm !== client.realm) throw new GrantError(400, "invalid_grant", "Invalid token issuer");
    if (family.current === undefined || family.clientId !== client.clientId) {
      throw new GrantError(400, "invalid_grant", "Session doesn't have required client");
    }
    if (family.current !== claims["jti"]) {
      this.#revoke(family);
      throw new GrantError(400, "invalid_grant", "Stale token");
    }
    this.stats.refreshes += 1;
    return this.#issue(family);
  }

  /** Ends the session of a refresh token (logout); unknown tokens are ignored. */
  logout(refreshToken: string): void {
    const family = this.#families.get(String(this.#issuer.verify(refreshToken)?.["sid"]));
    if (family !== undefined) this.#revoke(family);
  }

  /** Revokes every family at once, as a user does in the web interface. */
  revokeAll(): void {
    this.#families.forEach((family) => this.#revoke(family));
  }

  /** Claims of a valid, unexpired access token. */
  checkAccess(accessToken: string): Claims | undefined {
    const claims = this.#issuer.verify(accessToken);
    const valid = claims?.["typ"] === "Bearer" && Number(claims["exp"]) * 1000 > this.#now();
    return valid ? claims : undefined;
  }

  isSuperseded(claims: Claims): boolean {
    return this.#families.get(String(claims["sid"]))?.superseded ?? false;
  }

  static readonly legacyRealm = LEGACY_REALM;

  #revoke(family: Family): void {
    if (family.current === undefined) return;
    family.current = undefined;
    this.stats.revocations += 1;
  }

  #issue(family: Family): IssuedTokens {
    const issuedAtMs = this.#now();
    family.current = randomUUID();
    const common = {
      iat: Math.floor(issuedAtMs / 1000),
      iss: `https://id.jottacloud.com/auth/realms/${family.realm}`,
      sub: `f:7f6c1f0e-3d0a-4d51-9f43-0d4f4d1c7f11:${this.#account.username}`,
      realm: family.realm,
      azp: family.clientId,
      sid: family.id,
      session_state: family.id,
      scope: family.scope,
    };
    // A fraction of a second may be configured as lifetime in tests, hence the unrounded expiry.
    const exp = issuedAtMs / 1000 + this.#lifetime;
    const issue = (claims: Claims) => this.#secrets.note(this.#issuer.issue(claims));
    return {
      accessToken: issue({ ...common, typ: "Bearer", jti: randomUUID(), exp }),
      refreshToken: issue({ ...common, typ: "Offline", jti: family.current }),
      idToken: issue({ ...common, typ: "ID", exp, email: this.#account.email }),
      expiresIn: Math.floor(this.#lifetime),
      expiresAtMs: exp * 1000,
      scope: family.scope,
      sessionState: family.id,
    };
  }
}
