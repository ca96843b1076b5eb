/** Sections of the config as remotes: which there are, what may be shown of them. */
import { ConfigError } from "../errors.ts";
import { refusedReason } from "../names/tables.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { checkRemoteName } from "../store/config_file.ts";

/** Keys whose values are secrets (API reference 9.1). */
const SECRET_KEYS: ReadonlySet<string> = new Set(["token", "client_secret", "password", "auth_code", "pass"]);

/** Throws `ConfigError` unless the config has a remote of that name. */
export function requireSection(document: ConfigDocument, name: string): void {
  if (document.has(name)) return;
  const known = document.sections();
  throw new ConfigError(`Cannot find the remote "${name}" in the config`, {
    hint: known.length === 0 ? "The config has no remotes yet" : `Known: ${known.join(", ")}`,
  });
}

/** Keys and values of a section for people to look at: a secret is three stars. */
export function describeSection(document: ConfigDocument, name: string): [key: string, value: string][] {
  return document.entries(name).map((
    [key, value],
  ) => [key, SECRET_KEYS.has(key) && value !== "" ? "***" : value]);
}

/** Why a new remote cannot have this name; undefined when it can. */
export function refuseNewName(document: ConfigDocument, name: string): string | undefined {
  const reason = checkRemoteName(name);
  if (reason !== undefined) return `A remote cannot be called "${name}": ${reason}`;
  return document.has(name) ? `There is a remote "${name}" already` : undefined;
}

/** Why a new device or mountpoint cannot have this name; undefined when it can. `taken` are those that exist. */
export function refusePlaceName(name: string, noun: string, taken: readonly string[]): string | undefined {
  if (name.trim() === "") return "A name is needed";
  const reason = refusedReason(name);
  if (reason !== undefined) return `A ${noun} cannot be called that: ${reason}`;
  const same = taken.find((each) => each.toLowerCase() === name.toLowerCase());
  return same === undefined ? undefined : `There is a ${noun} "${same}" already`;
}
