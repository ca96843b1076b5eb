/**
 * The keys that a remote of this program may have, wherever they stand: in a section of the config file, in a
 * connection string, in variables of the environment. Source of fact: API reference 9.1 (documented).
 */

interface RemoteKey {
  readonly key: string;
  /** Nothing may show its value. */
  readonly isSecret?: boolean;
  /** Says which place of the account is used and how; without a part in the session. */
  readonly isPlace?: boolean;
}

const KEYS: readonly RemoteKey[] = [
  { key: "type" },
  { key: "description", isPlace: true },
  { key: "configVersion" },
  { key: "client_id" },
  { key: "client_secret", isSecret: true },
  { key: "tokenURL" },
  { key: "token_url" },
  { key: "auth_url" },
  { key: "client_credentials" },
  { key: "token", isSecret: true },
  { key: "username" },
  { key: "user" },
  { key: "pass", isSecret: true },
  { key: "password", isSecret: true },
  { key: "auth_code", isSecret: true },
  { key: "device", isPlace: true },
  { key: "mountpoint", isPlace: true },
  { key: "md5_memory_limit", isPlace: true },
  { key: "trashed_only", isPlace: true },
  { key: "hard_delete", isPlace: true },
  { key: "no_versions", isPlace: true },
  { key: "upload_resume_limit", isPlace: true },
  { key: "encoding", isPlace: true },
  { key: "unlink", isPlace: true },
  { key: "endpoint" },
  { key: "access_token", isSecret: true },
  { key: "login_token", isSecret: true },
  { key: "token_file" },
  { key: "token_get_cmd" },
  { key: "token_put_cmd" },
  { key: "jottash_session" },
];

const BY_KEY: ReadonlyMap<string, RemoteKey> = new Map(KEYS.map((each) => [each.key, each]));

export const REMOTE_KEYS: readonly string[] = KEYS.map((each) => each.key);

export function isRemoteKey(key: string): boolean {
  return BY_KEY.has(key);
}

export function isSecretKey(key: string): boolean {
  return BY_KEY.get(key)?.isSecret === true;
}

/** Whether two remotes that differ only in this key can use one session. */
export function isPlaceKey(key: string): boolean {
  return BY_KEY.get(key)?.isPlace === true;
}
