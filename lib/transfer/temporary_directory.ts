/** Where temporary files go that nobody asks for by name. No I/O. */
import type { Env, Platform } from "../edges.ts";

/** `chosen` by the user, or what the system's variables say. */
export function temporaryDirectory(
  chosen: string | undefined,
  { env, platform }: { readonly env: Env; readonly platform: Pick<Platform, "os"> },
): string {
  if (chosen !== undefined) return chosen;
  if (platform.os !== "windows") return env.get("TMPDIR") || "/tmp";
  return env.get("TMP") || env.get("TEMP") || "C:\\Windows\\Temp";
}
