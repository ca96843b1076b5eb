/**
 * Many inputs to one, in rclone's order: parameter of a connection string, flag, variable that names the remote, variable
 * for all remotes, config section, default. Each value knows where it is from.
 */
import type { Env } from "./edges.ts";
import { JottashError, UsageError } from "./errors.ts";
import type { OptionDefinition, OptionTable, OptionValues } from "./options.ts";
import { rcloneVariables, splitRcloneList } from "./shared_options/rclone_variables.ts";
import type { ProfileOrigin, RemoteProfile } from "./store/remote_profile.ts";

/** `remote-environment` is a variable that names the remote, such as `JOTTASH_CONFIG_JOTTA_DEVICE`. */
export type ValueOrigin = "connection" | "flag" | "remote-environment" | "environment" | "config" | "default";

export interface OptionSources {
  /** Values as typed, by long flag; a switch that was given has the text "true". */
  readonly flags: ReadonlyMap<string, string>;
  readonly env: Env;
  /** The remote that is used, where there is one. */
  readonly profile?: RemoteProfile | undefined;
}

export interface Resolved<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  readonly origins: Readonly<Record<keyof Table, ValueOrigin>>;
}

/** Resolves all options of a table. Pure but for reading the environment. Throws `UsageError` for a wrong value. */
export function resolveOptions<Table extends OptionTable>(
  table: Table,
  sources: OptionSources,
): Resolved<Table> {
  const entries = Object.entries(table).map(([key, definition]) =>
    [key, resolveOne(definition, sources)] as const
  );
  const pick = (part: "value" | "origin") =>
    Object.freeze(Object.fromEntries(entries.map(([key, resolved]) => [key, resolved[part]])));
  return {
    values: pick("value") as OptionValues<Table>,
    origins: pick("origin") as Record<keyof Table, ValueOrigin>,
  };
}

interface Candidate {
  readonly origin: ValueOrigin;
  readonly text: string | undefined;
  /** Where it stands, for messages. */
  readonly place: string;
}

function resolveOne(definition: OptionDefinition<unknown>, sources: OptionSources) {
  for (const { origin, text, place } of candidates(definition, sources)) {
    const isTyped = origin === "flag" || origin === "connection";
    if (text === undefined || !isTyped && text === "") continue;
    return { value: parseAt(definition, text, place), origin };
  }
  return { value: definition.default, origin: "default" as const };
}

function candidates(
  definition: OptionDefinition<unknown>,
  { flags, env, profile }: OptionSources,
): Candidate[] {
  const { flag, configKey } = definition;
  const own = configKey === undefined ? undefined : profile?.lookUp(configKey);
  const ownAt = (origin: ProfileOrigin) => own?.origin === origin ? own.value : undefined;
  const name = profile?.name ?? "";
  return [
    { origin: "connection", text: ownAt("connection"), place: `parameter "${configKey}" of "${name}:"` },
    { origin: "flag", text: flags.get(flag), place: `--${flag}` },
    {
      origin: "remote-environment",
      text: ownAt("environment"),
      place: `the variable for "${configKey}" of "${name}:"`,
    },
    ...environmentNames(definition).map((variable): Candidate => (
      { origin: "environment", text: variableText(definition, env, variable), place: variable }
    )),
    { origin: "config", text: ownAt("config"), place: `config key "${configKey}"` },
  ];
}

function parseAt(definition: OptionDefinition<unknown>, text: string, place: string): unknown {
  try {
    return definition.parse(text);
  } catch (error) {
    if (!(error instanceof JottashError) || place.startsWith("--")) throw error;
    throw new UsageError(`${error.message} (from ${place})`, { hint: error.hint, cause: error });
  }
}

/** A list in one of rclone's variables is written in another way than ours. */
function variableText(
  { joinedBy }: OptionDefinition<unknown>,
  env: Env,
  variable: string,
): string | undefined {
  const text = env.get(variable);
  if (text === undefined || joinedBy === undefined || !variable.startsWith("RCLONE_")) return text;
  return splitRcloneList(text).join(joinedBy);
}

/** All variables of an option, ours first, then rclone's: of a remote by key, of other options by flag. */
export function environmentNames(
  definition: Pick<OptionDefinition<unknown>, "flag" | "configKey">,
): string[] {
  const { configKey, flag } = definition;
  const own = environmentName(definition);
  if (configKey === undefined) return [own, ...rcloneVariables(flag)];
  return [own, `RCLONE_JOTTACLOUD_${configKey.toUpperCase()}`];
}

/** `JOTTASH_DRY_RUN` for `--dry-run`. */
export function environmentName(definition: Pick<OptionDefinition<unknown>, "flag">): string {
  return `JOTTASH_${definition.flag.toUpperCase().replaceAll("-", "_")}`;
}
