/**
 * Remotes of another config file, such as rclone's, as remotes of this one: their settings, not their sessions. Two
 * programs with two files and one session would end it for each other at the next refresh (API reference 2.4).
 */
import { SERVICES } from "../auth/services.ts";
import type { CommandContext } from "../cli/context.ts";
import { asConfigFailure } from "../cli/remote_config.ts";
import type { Env, Platform } from "../edges.ts";
import { ConfigError, UsageError } from "../errors.ts";
import { checkRemoteName, type ConfigDocument } from "../store/config_file.ts";
import { formerWayOf } from "./former_way.ts";
import { HOME_KEYS, SESSION_KEYS } from "./remote_settings.ts";
import { requireNewName } from "./remotes.ts";
import type { FormerWay } from "./sign_in.ts";

/** As much as a config may have. */
const MAX_CONFIG_BYTES = 16 * 1024 * 1024;

export interface ImportedRemote {
  readonly from: string;
  readonly to: string;
  /** How it was signed in there, so that it can be signed in here in the same way. */
  readonly way: FormerWay;
}

export interface ImportPlan {
  /** The file that the remotes come from. */
  readonly path: string;
  readonly remotes: readonly ImportedRemote[];
  /** Left out: this config has remotes of these names. */
  readonly taken: readonly string[];
  /** Copies the settings. Resolves with what was imported. */
  readonly run: () => Promise<void>;
}

export interface ImportWishes {
  /** The file as typed; rclone's own without it. */
  readonly path: string | undefined;
  /** Only this remote of the file. */
  readonly only: string | undefined;
  /** Its name here. */
  readonly as: string | undefined;
}

/** Reads both files, changes nothing before `run`. Throws `ConfigError` when there is nothing to import. */
export async function planImport(context: CommandContext, wishes: ImportWishes): Promise<ImportPlan> {
  const store = await context.configStore();
  const { path, document: source } = await openSource(context, wishes.path);
  const target = await context.config();
  const found = source.sections().filter((name) => source.get(name, "type") === "jottacloud");
  const wanted = wishes.only === undefined ? found : found.filter((name) => name === wishes.only);
  requireSome(wanted, { path, found, only: wishes.only });
  const [first = ""] = wanted;
  if (wishes.as !== undefined && wanted.length > 1) {
    throw new UsageError(`Cannot import as "${wishes.as}": "${path}" has ${wanted.length} remotes`, {
      hint: `Say which one with --only NAME: ${wanted.join(", ")}`,
    });
  }
  if (wishes.as !== undefined) requireNewName(target, wishes.as, `import "${first}" as "${wishes.as}"`);
  const named = wanted.map((from) => ({
    from,
    to: wishes.as ?? from,
    way: formerWayOf(source, from, SERVICES),
  }));
  const remotes = named.filter(({ to }) => !target.has(to) && checkRemoteName(to) === undefined);
  const run = async () => {
    const copy = (document: ConfigDocument) => {
      for (const { from, to } of remotes) {
        requireNewName(document, to, `import "${from}"`);
        copySettingsOf(source, { from, document, to });
      }
    };
    await asConfigFailure(() => store.update(copy), "The config cannot be saved");
  };
  return { path, remotes, taken: named.map(({ to }) => to).filter((name) => target.has(name)), run };
}

function requireSome(
  wanted: readonly string[],
  { path, found, only }: {
    readonly path: string;
    readonly found: readonly string[];
    readonly only: string | undefined;
  },
): void {
  if (wanted.length > 0) return;
  if (found.length === 0) {
    throw new ConfigError(`Cannot import from "${path}": it has no remotes of type "jottacloud"`, {
      hint: "Name another file: jottash config import FILE",
    });
  }
  throw new ConfigError(`Cannot import from "${path}": it has no remote "${only}" of type "jottacloud"`, {
    hint: `Known: ${found.join(", ")}`,
  });
}

function copySettingsOf(
  source: ConfigDocument,
  { from, document, to }: { readonly from: string; readonly document: ConfigDocument; readonly to: string },
): void {
  document.addSection(to);
  for (const [key, value] of source.entries(from)) {
    if (!SESSION_KEYS.has(key) && !HOME_KEYS.has(key)) document.set(to, key, value);
  }
}

/** The file as typed, or the first of rclone's places that has something in it. Throws when there is none. */
async function openSource(
  context: CommandContext,
  typed: string | undefined,
): Promise<{ readonly path: string; readonly document: ConfigDocument }> {
  if (typed !== undefined) {
    await context.readSmallFile(typed, MAX_CONFIG_BYTES);
    return { path: typed, document: await (await context.configStoreAt(typed)).load() };
  }
  const places = rcloneConfigPlaces(context.env, context.platform.os);
  for (const path of places) {
    const document = await (await context.configStoreAt(path)).load();
    if (document.sections().length > 0) return { path, document };
  }
  throw new ConfigError("Cannot find the config of rclone", {
    hint: `Name it: jottash config import FILE; looked at ${places.join(", ") || "no place"}`,
  });
}

/** Where rclone looks for its config, in its order. Source of fact: rclone's documentation of `--config`. */
export function rcloneConfigPlaces(env: Env, os: Platform["os"]): string[] {
  const separator = os === "windows" ? "\\" : "/";
  const below = (base: string | undefined, ...names: string[]) =>
    base === undefined || base === "" ? [] : [[base, ...names].join(separator)];
  const named = env.get("RCLONE_CONFIG");
  if (named !== undefined && named !== "") return [named];
  const home = env.get("HOME") || env.get("USERPROFILE");
  return [
    ...os === "windows" ? below(env.get("APPDATA"), "rclone", "rclone.conf") : [],
    ...below(env.get("XDG_CONFIG_HOME"), "rclone", "rclone.conf"),
    ...below(home, ".config", "rclone", "rclone.conf"),
    ...below(home, ".rclone.conf"),
  ];
}
