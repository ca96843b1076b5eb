/**
 * Where the session of one remote is kept: the `token` key of its section, in rclone's form, so that rclone can go
 * on with the same file. When to refresh is decided in `auth/token_source.ts`; other homes of a token (a secret
 * store behind a command) implement the same interface.
 *
 * Source of fact: API reference 9.1 (documented): one line of JSON, `expiry` in RFC 3339 with any fraction and
 * zone; older files have the keys AccessToken, RefreshToken, Expiry. Go's zero time means that no expiry is known.
 */
import { ConfigError } from "../errors.ts";
import type { ConfigStore, ExclusiveConfig } from "./config_file.ts";

export interface StoredToken {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly refreshToken: string | undefined;
  /** When the access token ends, in milliseconds since 1970 UTC; undefined when that is not known. */
  readonly expiresAtMs: number | undefined;
}

/** The store while no other process can change it. Valid only inside `exclusively`. */
export interface TokenAccess {
  /** What was stored when the lock was taken. */
  readonly token: StoredToken | undefined;
  /** What is stored now: a program that does not know the lock may have been here. */
  reload(): Promise<StoredToken | undefined>;
  /** Proves that `save` can succeed; called before a refresh token is spent. Throws `LocalError`. */
  reserve(): Promise<void>;
  /** Resolves when the token is durable. */
  save(token: StoredToken): Promise<void>;
}

export interface TokenStore {
  load(): Promise<StoredToken | undefined>;
  /** Runs `work` under the lock between processes, with what is stored at that moment. Not reentrant. */
  exclusively<T>(work: (access: TokenAccess) => Promise<T>): Promise<T>;
}

const TOKEN_KEY = "token";
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const GO_ZERO_TIME = "0001-01-01T00:00:00Z";

/** The token of the remote whose section is named `remote`. */
export class ConfigTokenStore implements TokenStore {
  readonly #config: ConfigStore;
  readonly #remote: string;

  constructor(config: ConfigStore, remote: string) {
    this.#config = config;
    this.#remote = remote;
  }

  async load(): Promise<StoredToken | undefined> {
    return this.#parse((await this.#config.load()).get(this.#remote, TOKEN_KEY));
  }

  async exclusively<T>(work: (access: TokenAccess) => Promise<T>): Promise<T> {
    return await this.#config.exclusively(async (config) => {
      const reload = async () => this.#parse((await config.read()).get(this.#remote, TOKEN_KEY));
      return await work({
        token: await reload(),
        reload,
        reserve: () => config.reserve(),
        save: (token) => this.#save(config, token),
      });
    });
  }

  async #save(config: ExclusiveConfig, token: StoredToken): Promise<void> {
    await config.change((document) => {
      if (!document.has(this.#remote)) {
        throw new ConfigError(`Cannot save the session of "${this.#remote}": the remote has been removed`, {
          data: { remote: this.#remote, path: this.#config.path },
        });
      }
      document.set(this.#remote, TOKEN_KEY, formatToken(token));
    });
  }

  #parse(text: string | undefined): StoredToken | undefined {
    if (text === undefined || text === "") return undefined;
    const token = parseToken(text);
    if (token !== undefined) return token;
    // The text is a secret: only its place is told.
    const place = `"${this.#remote}" in "${this.#config.path}"`;
    throw new ConfigError(`Cannot read the session of ${place}: the value of "token" is damaged`, {
      hint: "Restore the line from a backup, or sign in again with a new login token",
      data: { remote: this.#remote, path: this.#config.path },
    });
  }
}

/** The value of the `token` key; undefined when it cannot be read. */
export function parseToken(text: string): StoredToken | undefined {
  const fields = parseObject(text);
  if (fields === undefined) return undefined;
  const accessToken = fields["access_token"] ?? fields["AccessToken"];
  const refreshToken = fields["refresh_token"] ?? fields["RefreshToken"];
  const expiresAtMs = parseExpiry(fields["expiry"] ?? fields["Expiry"]);
  const tokenType = fields["token_type"] ?? fields["TokenType"] ?? "Bearer";
  if (typeof accessToken !== "string" || typeof tokenType !== "string" || expiresAtMs === "unreadable") {
    return undefined;
  }
  if (refreshToken !== undefined && typeof refreshToken !== "string") return undefined;
  if (accessToken === "" && (refreshToken === undefined || refreshToken === "")) return undefined;
  return {
    accessToken,
    tokenType,
    refreshToken: refreshToken === "" ? undefined : refreshToken,
    expiresAtMs,
  };
}

/** One line of JSON with rclone's keys, in rclone's order. */
export function formatToken(token: StoredToken): string {
  const text = JSON.stringify({
    access_token: token.accessToken,
    token_type: token.tokenType,
    refresh_token: token.refreshToken,
    expiry: token.expiresAtMs === undefined ? GO_ZERO_TIME : new Date(token.expiresAtMs).toISOString(),
  });
  // "%(name)s" would be read as a reference to another key (config_document.ts).
  return text.replaceAll("%(", "\\u0025(");
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function parseExpiry(value: unknown): number | undefined | "unreadable" {
  if (value === undefined || value === "" || value === GO_ZERO_TIME) return undefined;
  if (typeof value !== "string" || !RFC_3339.test(value)) return "unreadable";
  const at = Date.parse(value.toUpperCase().replace(" ", "T"));
  return Number.isNaN(at) ? "unreadable" : at;
}
