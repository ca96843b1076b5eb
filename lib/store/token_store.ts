/**
 * What a home of a session promises, and the form in which all of them keep a token: rclone's, so that rclone can
 * go on with the same config. When to refresh is decided in `auth/token_source.ts`.
 *
 * Source of fact: API reference 9.1 (documented): one line of JSON, `expiry` in RFC 3339 with any fraction and
 * zone; older files have the keys AccessToken, RefreshToken, Expiry. Go's zero time means that no expiry is known.
 */
import type { SessionRecord } from "./session_record.ts";

export interface StoredToken {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly refreshToken: string | undefined;
  /** When the access token ends, in milliseconds since 1970 UTC; undefined when that is not known. */
  readonly expiresAtMs: number | undefined;
}

/** Who refreshes a session and where, for homes that stand alone; what is missing comes from the remote. */
export interface SessionClient {
  readonly clientId?: string | undefined;
  /** Obscured, of the old token service; kept in a section only. */
  readonly clientSecret?: string | undefined;
  readonly tokenUrl?: string | undefined;
  /** "1", or "0" for a session of the old token service. */
  readonly configVersion?: string | undefined;
}

export interface StoredSession {
  readonly token: StoredToken;
  readonly record: SessionRecord;
  readonly client?: SessionClient | undefined;
}

/** The store while no other process of this machine can change it. Valid only inside `exclusively`. */
export interface TokenAccess {
  /** What was stored when the lock was taken. */
  readonly session: StoredSession | undefined;
  /** What is stored now: a program that does not know the lock may have been here. */
  reload(): Promise<StoredSession | undefined>;
  /**
   * Makes `record` durable beside the token that is stored, and proves that `save` can succeed; called before a
   * refresh token is spent. Resolves with what is stored then; nothing has been noted when that has another refresh
   * token than what was read before. Throws `LocalError`.
   */
  reserve(record: SessionRecord): Promise<StoredSession | undefined>;
  /** Replaces the record alone, unless the refresh token is another one by now. */
  note(record: SessionRecord): Promise<void>;
  /** Resolves when token and record are durable, both or neither. */
  save(session: StoredSession): Promise<void>;
}

export interface TokenStore {
  /** False where a new token has no place: then `exclusively` must not be called. */
  readonly canSave: boolean;
  /** Undefined when nobody is signed in. Throws `ConfigError` for what cannot be read. */
  load(): Promise<StoredSession | undefined>;
  /** Runs `work` under the lock between processes, with what is stored at that moment. Not reentrant. */
  exclusively<T>(work: (access: TokenAccess) => Promise<T>): Promise<T>;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const GO_ZERO_TIME = "0001-01-01T00:00:00Z";

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
  const text = JSON.stringify(tokenFields(token));
  // "%(name)s" would be read as a reference to another key (config_document.ts).
  return text.replaceAll("%(", "\\u0025(");
}

/** rclone's keys with their values, for a form of JSON that has more of them. */
export function tokenFields(token: StoredToken): Readonly<Record<string, string | undefined>> {
  return {
    access_token: token.accessToken,
    token_type: token.tokenType,
    refresh_token: token.refreshToken,
    expiry: token.expiresAtMs === undefined ? GO_ZERO_TIME : new Date(token.expiresAtMs).toISOString(),
  };
}

/** The fields of a JSON object; undefined for any other text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
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
