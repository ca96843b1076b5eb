/**
 * A session as one line of JSON that stands alone, for token files and for the commands that get and put one:
 * rclone's token keys, `client_id`, `token_url`, `config_version` where it is the old one, and `jottash_session`.
 * A bare token in rclone's form is a session, too.
 */
import {
  formatSessionRecord,
  parseSessionRecord,
  SESSION_RECORD_KEY,
  type SessionRecord,
} from "./session_record.ts";
import {
  parseObject,
  parseToken,
  type SessionClient,
  type StoredSession,
  tokenFields,
} from "./token_store.ts";

/**
 * `empty`: nobody is signed in yet; undefined: it cannot be read. `client` is that of a text that names none, such as
 * rclone's.
 */
export function parseSession(text: string, client: SessionClient = {}): StoredSession | "empty" | undefined {
  if (text.trim() === "") return "empty";
  const fields = parseObject(text);
  if (fields === undefined) return undefined;
  const names = Object.keys(fields);
  if (names.every((name) => name === SESSION_RECORD_KEY)) return "empty";
  const token = parseToken(text);
  if (token === undefined) return undefined;
  const record = fields[SESSION_RECORD_KEY];
  return {
    token,
    record: parseSessionRecord(typeof record === "string" ? record : JSON.stringify(record)),
    client: readClient(fields) ?? client,
  };
}

function readClient(fields: Readonly<Record<string, unknown>>): SessionClient | undefined {
  const textOf = (key: string) => {
    const value = fields[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const clientId = textOf("client_id");
  const tokenUrl = textOf("token_url");
  const version = fields["config_version"];
  const configVersion = typeof version === "number" ? String(version) : textOf("config_version");
  if (clientId === undefined && tokenUrl === undefined && configVersion === undefined) return undefined;
  return { clientId, tokenUrl, configVersion: configVersion ?? "1" };
}

export function formatSession({ token, record, client }: StoredSession): string {
  return JSON.stringify({ ...tokenFields(token), ...clientFields(client), ...recordField(record) }) + "\n";
}

/** A session that is nothing but an access token; when it ends is what the token itself tells. */
export function sessionOfAccessToken(accessToken: string): StoredSession {
  return {
    token: { accessToken, tokenType: "Bearer", refreshToken: undefined, expiresAtMs: undefined },
    record: {},
  };
}

/** A session that has only a record: nobody is signed in. */
export function formatEmptySession(record: SessionRecord): string {
  return JSON.stringify(recordField(record)) + "\n";
}

function clientFields(client: SessionClient | undefined): Readonly<Record<string, string | undefined>> {
  const { clientId, tokenUrl, configVersion } = client ?? {};
  return {
    client_id: clientId,
    token_url: tokenUrl,
    config_version: configVersion === "1" ? undefined : configVersion,
  };
}

function recordField(record: SessionRecord): Readonly<Record<string, unknown>> {
  const fields: unknown = JSON.parse(formatSessionRecord(record));
  return { [SESSION_RECORD_KEY]: fields };
}
