/** Sections of the config as remotes: which there are, what may be shown of them. */
import type { Env } from "../edges.ts";
import { ConfigError, UsageError } from "../errors.ts";
import { refusedReason } from "../names/tables.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { checkRemoteName } from "../store/config_file.ts";
import { environmentRemotes } from "../store/environment_remotes.ts";
import { isSecretKey } from "../store/remote_keys.ts";
import { HOME_KEYS, SESSION_KEYS } from "./remote_settings.ts";

/**
 * Throws `ConfigError` unless the config file has a remote of that name. With `env` the hint tells a remote that
 * variables make, which no command can change.
 */
export function requireSection(document: ConfigDocument, name: string, env?: Env): void {
  if (document.has(name)) return;
  const known = document.sections()
    .filter((each) => document.get(each, "type") !== SERVICE_TYPE)
    .map((each) => `${each}:`);
  const isOfEnvironment = env !== undefined &&
    environmentRemotes(env, document.sections()).includes(name.toLowerCase());
  throw new ConfigError(`Cannot use "${name}:": there is no remote of that name in the config file`, {
    hint: isOfEnvironment
      ? "Variables of the environment make this remote: change them instead (jottash help environment)"
      : known.length === 0
      ? 'It has no remotes yet; make one with "jottash config"'
      : `Known: ${known.join(", ")}`,
  });
}

/** Type of a section that describes a service; it is no remote. */
export const SERVICE_TYPE = "jottacloud-service";

/** Keys of other kinds of remotes whose values open something. */
const OTHER_SECRETS = /pass|secret|token|key|credential|auth|cookie|sas_url|connection_string/i;

/** Keys and values of a section for people to look at: a secret is three stars. */
export function describeSection(document: ConfigDocument, name: string): [key: string, value: string][] {
  const isOurs = document.get(name, "type") === "jottacloud";
  const isSecret = (key: string) => isSecretKey(key) || !isOurs && OTHER_SECRETS.test(key);
  return document.entries(name).map(([key, value]) => [key, isSecret(key) && value !== "" ? "***" : value]);
}

/**
 * The name of a remote as commands take it, with or without the colon. Throws `UsageError` for a place in one and for
 * a connection string, whose parameters may be secrets.
 */
export function remoteNameOf(typed: string): string {
  const name = typed.replace(/:$/, "");
  const [shown = "", ...parameters] = name.split(",");
  if (parameters.length === 0 && !name.includes(":")) return name;
  const text = parameters.length === 0 ? typed : `${shown},...`;
  throw new UsageError(`Cannot use "${text}": this command takes the name of a remote alone`, {
    hint: "Remotes are listed by: jottash config list",
  });
}

/** The settings of one remote as a new remote, without what belongs to the session of the first. */
export function copySettings(document: ConfigDocument, from: string, to: string): void {
  document.copySection(from, to);
  for (const key of [...SESSION_KEYS, ...HOME_KEYS]) document.deleteKey(to, key);
}

/** Throws `ConfigError` when a new remote cannot have this name; `action` is as in `rename "a" to "b"`. */
export function requireNewName(document: ConfigDocument, name: string, action: string): void {
  const reason = checkRemoteName(name);
  if (reason !== undefined) {
    throw new ConfigError(`Cannot ${action}: a remote cannot be called that: ${reason}`);
  }
  if (!document.has(name)) return;
  throw new ConfigError(`Cannot ${action}: there is a remote of that name already`, {
    code: "remote-exists",
    hint: `Choose another name, or delete that remote first: jottash config delete ${quoted(name)}`,
  });
}

/** As a word of a shell. */
function quoted(name: string): string {
  return name.includes(" ") ? `"${name}"` : name;
}

/** Why a new remote cannot have this name; undefined when it can. */
export function refuseNewName(document: ConfigDocument, name: string): string | undefined {
  const reason = checkRemoteName(name);
  if (reason !== undefined) return `A remote cannot be called "${name}": ${reason}`;
  return document.has(name) ? `There is a remote "${name}" already` : undefined;
}

/** Why a new device or mountpoint cannot have this name; undefined when it can. */
export function refusePlaceName(name: string, noun: string): string | undefined {
  if (name.trim() === "") return "A name is needed";
  const reason = refusedReason(name);
  return reason === undefined ? undefined : `A ${noun} cannot be called that: ${reason}`;
}
