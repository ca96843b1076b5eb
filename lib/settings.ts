/** Many inputs to one: flag, environment, config section, default, in that order; each value knows where it is from. */
import type { Env } from "./edges.ts";
import { JottashError, UsageError } from "./errors.ts";
import type { OptionDefinition, OptionTable, OptionValues } from "./options.ts";

export type ValueOrigin = "flag" | "environment" | "config" | "default";

export interface OptionSources {
  /** Values as typed, by long flag; a switch that was given has the text "true". */
  readonly flags: ReadonlyMap<string, string>;
  readonly env: Env;
  /** The remote's section of the config file, where there is one. */
  readonly section?: ReadonlyMap<string, string> | undefined;
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

function resolveOne(definition: OptionDefinition<unknown>, sources: OptionSources) {
  const { flags, env, section } = sources;
  const variable = environmentName(definition);
  const candidates: readonly (readonly [ValueOrigin, string | undefined, string])[] = [
    ["flag", flags.get(definition.flag), `--${definition.flag}`],
    ["environment", env.get(variable), variable],
    [
      "config",
      definition.configKey && section?.get(definition.configKey),
      `config key "${definition.configKey}"`,
    ],
  ];
  for (const [origin, text, place] of candidates) {
    if (text === undefined || origin !== "flag" && text === "") continue;
    return { value: parseAt(definition, text, place), origin };
  }
  return { value: definition.default, origin: "default" as const };
}

function parseAt(definition: OptionDefinition<unknown>, text: string, place: string): unknown {
  try {
    return definition.parse(text);
  } catch (error) {
    if (!(error instanceof JottashError) || place.startsWith("--")) throw error;
    throw new UsageError(`${error.message} (from ${place})`, { hint: error.hint, cause: error });
  }
}

/** `JOTTASH_DRY_RUN` for `--dry-run`. */
export function environmentName(definition: Pick<OptionDefinition<unknown>, "flag">): string {
  return `JOTTASH_${definition.flag.toUpperCase().replaceAll("-", "_")}`;
}
