/** Where the config file is when nobody says otherwise, by the convention of each platform. */
import type { Env, Platform } from "../edges.ts";
import { ConfigError } from "../errors.ts";

const FILE = "jottash.conf";

/** Code of the error that says so. */
export const NO_HOME = "no-home-directory";

/**
 * Linux: `$XDG_CONFIG_HOME/jottash/`, else `~/.config/jottash/`; macOS: `~/Library/Application Support/jottash/`;
 * Windows: `%APPDATA%\jottash\`. Throws `ConfigError` when the environment names no home directory.
 */
export function defaultConfigPath(env: Env, os: Platform["os"]): string {
  const home = env.get("HOME") ?? env.get("USERPROFILE");
  const below = (base: string | undefined, ...names: string[]) => base && [base, ...names, "jottash", FILE];
  const parts = os === "windows"
    ? below(env.get("APPDATA")) ?? below(home, "AppData", "Roaming")
    : os === "darwin"
    ? below(home, "Library", "Application Support")
    : below(env.get("XDG_CONFIG_HOME") || undefined) ?? below(home, ".config");
  if (!parts) {
    throw new ConfigError("Cannot find the config file: the environment names no home directory", {
      code: NO_HOME,
      hint: "Name the file with --config FILE or JOTTASH_CONFIG",
    });
  }
  return parts.join(os === "windows" ? "\\" : "/");
}
