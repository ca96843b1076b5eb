/** Sections of the config as remotes, for those who change them: what comes from the environment has no part in it. */
import type { Env } from "../edges.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { resolveProfile } from "../store/resolve_profile.ts";

export { asConfigFailure } from "./config_access.ts";

/** Throws `ConfigError` unless the config has such a remote, of a type that this program knows. */
export function requireJottacloud(document: ConfigDocument, name: string, configPath: string): void {
  const nothing: Env = { get: () => undefined, names: () => [] };
  resolveProfile({ name, parameters: new Map() }, { document, env: nothing, configPath });
}
