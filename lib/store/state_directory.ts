/** Where programs keep what is of this machine alone, by the convention of each platform. */
import type { Env, Platform } from "../edges.ts";
import { ConfigError } from "../errors.ts";
import { NO_HOME } from "./config_path.ts";

/**
 * Linux: `$XDG_STATE_HOME/jottash`, else `~/.local/state/jottash`; macOS: `~/Library/Application Support/jottash`;
 * Windows: `%LOCALAPPDATA%\jottash`. Throws `ConfigError` when the environment names no home directory.
 */
export function stateDirectory(env: Env, os: Platform["os"]): string {
  const home = env.get("HOME") || env.get("USERPROFILE") || undefined;
  const below = (base: string | undefined, ...names: string[]) =>
    base === undefined ? undefined : [base, ...names, "jottash"];
  const parts = os === "windows"
    ? below(env.get("LOCALAPPDATA") || undefined) ?? below(home, "AppData", "Local")
    : os === "darwin"
    ? below(home, "Library", "Application Support")
    : below(env.get("XDG_STATE_HOME") || undefined) ?? below(home, ".local", "state");
  if (parts === undefined) {
    throw new ConfigError("Cannot find a directory for locks: the environment names no home directory", {
      code: NO_HOME,
      hint: os === "windows" ? "Set LOCALAPPDATA" : "Set HOME or XDG_STATE_HOME",
    });
  }
  return parts.join(os === "windows" ? "\\" : "/");
}
