/** Where programs keep what they can make again at any time, by the convention of each platform. */
import type { Env, Platform } from "../edges.ts";

/**
 * Linux: `$XDG_CACHE_HOME/jottash`, else `~/.cache/jottash`; macOS: `~/Library/Caches/jottash`; Windows:
 * `%LOCALAPPDATA%\jottash\cache`. Undefined when the environment names no home directory.
 */
export function cacheDirectory(env: Env, os: Platform["os"]): string | undefined {
  const home = env.get("HOME") || env.get("USERPROFILE") || undefined;
  const below = (base: string | undefined, ...names: string[]) =>
    base === undefined ? undefined : [base, ...names];
  const parts = os === "windows"
    ? below(env.get("LOCALAPPDATA") || undefined, "jottash", "cache") ??
      below(home, "AppData", "Local", "jottash", "cache")
    : os === "darwin"
    ? below(home, "Library", "Caches", "jottash")
    : below(absolute(env.get("XDG_CACHE_HOME")), "jottash") ?? below(home, ".cache", "jottash");
  return parts?.join(os === "windows" ? "\\" : "/");
}

/** The convention of XDG: a relative path is none. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith("/") ? path : undefined;
}
