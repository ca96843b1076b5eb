/**
 * Remotes that stand in variables of the environment: `JOTTASH_CONFIG_<NAME>_<KEY>`, then `RCLONE_CONFIG_<NAME>_<KEY>`,
 * name and key in capitals, as rclone has them. Because a shell cannot set a variable with `-`, `.` or a space in its
 * name, these may be written `_` here. An empty variable is as good as none.
 */
import type { Env } from "../edges.ts";
import { checkRemoteName } from "../path/remote_name.ts";
import { REMOTE_KEYS } from "./remote_keys.ts";

const PREFIXES = ["JOTTASH_CONFIG_", "RCLONE_CONFIG_"];
const TYPE = /^(?:JOTTASH|RCLONE)_CONFIG_(.+)_TYPE$/s;

/** The keys that variables give to the remote `name`, by their name in a config file. */
export function environmentValues(env: Env, name: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const key of REMOTE_KEYS) {
    for (const variable of variablesOf(name, key)) {
      const value = env.get(variable);
      if (value === undefined || value === "") continue;
      values.set(key, value);
      break;
    }
  }
  return values;
}

/** The names of remotes that the environment alone makes, in small letters as rclone lists them; sorted. */
export function environmentRemotes(env: Env, known: readonly string[] = []): string[] {
  const taken = new Set(known.flatMap(spellings));
  const names = env.names()
    .filter((variable) => env.get(variable) === "jottacloud")
    .map((variable) => TYPE.exec(variable)?.[1] ?? "")
    .filter((spelling) => !taken.has(spelling))
    .map((spelling) => spelling.toLowerCase())
    .filter((name) => checkRemoteName(name) === undefined);
  return [...new Set(names)].sort();
}

/** In the order in which they count. */
function variablesOf(name: string, key: string): string[] {
  return PREFIXES.flatMap((prefix) =>
    spellings(name).map((spelling) => `${prefix}${spelling}_${key.toUpperCase()}`)
  );
}

function spellings(name: string): string[] {
  const capitals = name.toUpperCase();
  return [...new Set([capitals, capitals.replace(/[^\p{L}\p{N}_]/gu, "_")])];
}
