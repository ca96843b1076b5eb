/**
 * Builds the profile of a remote from all that describes it, in rclone's order: the parameters of a connection string,
 * variables that name the remote, variables for all remotes (those without an option of their own), the config section.
 */
import type { Env } from "../edges.ts";
import { ConfigError, UsageError } from "../errors.ts";
import type { RemoteReference } from "../path/connection_string.ts";
import type { ConfigDocument } from "./config_document.ts";
import { environmentRemotes, environmentValues } from "./environment_remotes.ts";
import { isRemoteKey, isSecretKey, REMOTE_KEYS } from "./remote_keys.ts";
import { type ProfileOrigin, type ProfileValue, RemoteProfile } from "./remote_profile.ts";

const TYPE = "jottacloud";
/** Sections of this type add a service to sign in to; they are no remotes. */
const SERVICE_TYPE = "jottacloud-service";

export interface ProfileSources {
  readonly document: ConfigDocument;
  readonly env: Env;
  /** For messages; undefined where no config file can be. */
  readonly configPath: string | undefined;
}

/** Parts of a session that rclone takes for all remotes from variables; ours for CI have no section to stand in. */
const VARIABLES_OF_ALL: readonly (readonly [key: string, variables: readonly string[]])[] = [
  ["client_id", ["RCLONE_JOTTACLOUD_CLIENT_ID"]],
  ["client_secret", ["RCLONE_JOTTACLOUD_CLIENT_SECRET"]],
  ["token", ["RCLONE_JOTTACLOUD_TOKEN"]],
  ["access_token", ["JOTTASH_ACCESS_TOKEN"]],
  ["login_token", ["JOTTASH_LOGIN_TOKEN"]],
];

/**
 * Throws `UsageError` for a parameter that nobody knows, `ConfigError` when there is no such remote or it is of
 * another type. Values of parameters are never shown.
 */
export function resolveProfile(reference: RemoteReference, sources: ProfileSources): RemoteProfile {
  const { name, parameters } = reference;
  const { document, env } = sources;
  requireKnownParameters(reference);
  const isOnTheFly = name.startsWith(":");
  const section = !isOnTheFly && document.has(name) ? name : undefined;
  const values = new Map<string, ProfileValue>();
  const add = (origin: ProfileOrigin, entries: Iterable<readonly [string, string]>) => {
    for (const [key, value] of entries) values.set(key, { value, origin });
  };
  // From the lowest source to the highest.
  if (section !== undefined) add("config", document.entries(section));
  add("environment", variablesOfAll(env));
  add("environment", isOnTheFly ? [] : environmentValues(env, name));
  add("connection", parameters);
  // An old version of rclone wrote sections without it; nobody writes variables or connection strings of that kind.
  if (section === undefined && !values.has("configVersion")) add("environment", [["configVersion", "1"]]);
  if (isOnTheFly) values.set("type", { value: name.slice(1), origin: "connection" });
  const profile = new RemoteProfile(name, section, values);
  requireType(profile, sources);
  return profile;
}

/** Names of remotes, in the order of the config file, then those of the environment alone. */
export function remoteNames({ document, env }: Omit<ProfileSources, "configPath">): string[] {
  const sections = document.sections().filter((each) => document.get(each, "type") !== SERVICE_TYPE);
  return [...sections, ...environmentRemotes(env, document.sections())];
}

function variablesOfAll(env: Env): [string, string][] {
  return VARIABLES_OF_ALL.flatMap(([key, variables]) => {
    const value = variables.map((each) => env.get(each)).find((each) => each !== undefined && each !== "");
    return value === undefined ? [] : [[key, value] as [string, string]];
  });
}

function requireType(profile: RemoteProfile, sources: ProfileSources): void {
  const { name, section } = profile;
  const type = profile.get("type");
  if (type === TYPE) return;
  if (name.startsWith(":")) {
    throw new ConfigError(`Cannot use "${name}:": the only type of remotes is "${TYPE}"`, {
      hint: `Write ":${TYPE}:", or the NAME of a remote and a colon`,
    });
  }
  if (section === undefined && type === undefined) throw noSuchRemote(name, sources);
  throw new ConfigError(`Cannot use "${name}:": its type is "${type ?? ""}", not "${TYPE}"`, {
    hint: type === SERVICE_TYPE
      ? `It is a service to sign in to: jottash config create NAME --method traditional --service ${name}`
      : "Remotes of other types are for rclone alone; remotes are listed by: jottash config show",
  });
}

function noSuchRemote(name: string, sources: ProfileSources): ConfigError {
  const known = remoteNames(sources);
  const { configPath } = sources;
  const knownText = `Known: ${known.map((each) => `${each}:`).join(", ")}`;
  if (configPath === undefined) {
    const state = "the environment has no remote of that name, and names no home directory for a config file";
    return new ConfigError(`Cannot use "${name}:": ${state}`, {
      hint: `${
        known.length === 0 ? "" : `${knownText}. `
      }Name a config file with --config FILE or JOTTASH_CONFIG`,
    });
  }
  // With the file: a job at night may have another home directory than the user who made the remote.
  return new ConfigError(`Cannot use "${name}:": there is no remote of that name in "${configPath}"`, {
    hint: known.length === 0
      ? `Make it with "jottash config"; for a file of this machine write "./${name}:..."`
      : `${knownText}; make a new one with "jottash config"`,
  });
}

/** rclone takes what it does not know without a word; here a slip such as `hard_delet` must not delete otherwise. */
function requireKnownParameters({ name, parameters }: RemoteReference): void {
  const unknown = [...parameters.keys()].find((key) => !isRemoteKey(key));
  if (unknown === undefined) return;
  if ([...parameters.keys()].some(isSecretKey)) {
    // It may be the rest of a password that has a comma in it.
    throw new UsageError(`Cannot use "${name}:": one of its parameters is not known`, {
      hint: 'A value with "," or ":" needs quotes around it',
    });
  }
  const [nearest] = nearestTo(unknown);
  throw new UsageError(`Cannot use "${name}:": there is no parameter "${unknown}"`, {
    hint: nearest === undefined
      ? `Known: ${REMOTE_KEYS.join(", ")}`
      : `Did you mean "${nearest}"? A value with "," or ":" needs quotes around it`,
  });
}

/** Keys of remotes that were probably meant by `word`, the closest first. */
export function nearestTo(word: string): string[] {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const wanted = plain(word);
  return REMOTE_KEYS
    .map((key) => ({ key, distance: editDistance(wanted, plain(key)) }))
    .filter(({ distance, key }) => distance <= Math.min(3, Math.floor(key.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .map(({ key }) => key);
}

/** Letters to put in, take out or exchange to make one word of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column++) {
      const exchanged = (row[column] ?? 0) + (to[column] === letter ? 0 : 1);
      next.push(Math.min(exchanged, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
