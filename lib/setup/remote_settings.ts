/**
 * What stands in a remote's section beside its session: which keys a user may set, and to what; which make the
 * session. Source of fact: API reference 9.1 (documented).
 */
import { UsageError } from "../errors.ts";
import { type OptionDefinition, toggle } from "../options.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";
import { nearestTo } from "../store/resolve_profile.ts";
import { isSecretKey } from "../store/remote_keys.ts";

/** Keys that make the session of a remote. */
export const SESSION_KEYS: ReadonlySet<string> = new Set([
  "configVersion",
  "client_id",
  "client_secret",
  "tokenURL",
  "username",
  "password",
  "auth_code",
  "token",
  "access_token",
  "login_token",
  "jottash_session",
]);

/** Where the session is kept, when not in the section itself. */
export const HOME_KEYS: ReadonlySet<string> = new Set(["token_file", "token_get_cmd", "token_put_cmd"]);

type CheckValue = (text: string) => void;

/** Settings that only rclone uses today; they are checked all the same, because it reads them at every start. */
const RCLONE_SETTINGS: Readonly<Record<string, CheckValue>> = {
  trashed_only: switchCheck("trashed_only"),
  hard_delete: switchCheck("hard_delete"),
  description: () => {},
};

function switchCheck(key: string): CheckValue {
  return toggle({ flag: key, help: key }).parse;
}

/** What a user may set by hand: key and what its value has to be. */
const SETTINGS: ReadonlyMap<string, CheckValue> = new Map<string, CheckValue>([
  ...Object.entries(RCLONE_SETTINGS),
  ...Object.values(SHARED_OPTIONS).flatMap((option: OptionDefinition<unknown>) =>
    option.configKey === undefined ? [] : [[option.configKey, option.parse] as const]
  ),
]);

/**
 * Throws `UsageError` unless `key` is a setting that takes `value`; an empty one means the default. What is no
 * setting may be a secret in the wrong place: only what looks like a key is repeated.
 */
export function requireSetting(key: string, value: string): void {
  const shown = /^[A-Za-z][A-Za-z0-9_]{0,30}$/.test(key) ? key : "...";
  const refuse = (state: string, hint: string) => new UsageError(`Cannot set "${shown}": ${state}`, { hint });
  if (isSecretKey(key)) {
    throw refuse(
      "it is a secret, and what is typed here is seen by others and kept by the shell",
      'Sign in instead: "jottash config reconnect NAME:" takes login token and password from a file, standard input or a prompt',
    );
  }
  if (SESSION_KEYS.has(key) || key === "type") {
    throw refuse("it belongs to the session", "Sign in again to change it: jottash config reconnect NAME:");
  }
  const check = SETTINGS.get(key);
  if (check === undefined) {
    const nearest = nearestTo(key).find((each) => SETTINGS.has(each));
    const known = `Known: ${[...SETTINGS.keys()].sort().join(", ")}`;
    throw refuse(
      "there is no such setting",
      nearest === undefined ? known : `Did you mean "${nearest}"? ${known}`,
    );
  }
  if (value === "") return;
  try {
    check(value);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError(`${cause.message} (from "${key}")`, { hint: cause.hint, cause });
  }
}
