/** The config as commands need it: loaded with failures that say what file this is, a remote that can be used. */
import { ConfigError, ConflictError, FileNotFoundError, JottashError, LocalError } from "../errors.ts";
import type { ConfigDocument, ConfigStore } from "../store/config_file.ts";

/** Throws `ConfigError` when the file cannot be read. */
export async function loadConfig(store: ConfigStore): Promise<ConfigDocument> {
  return await asConfigFailure(() => store.load(), "This is the config file");
}

/** Runs what reads or saves the config; a failure of the disk becomes a `ConfigError`. */
export async function asConfigFailure<T>(work: () => Promise<T>, what: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDiskFailure(error)) throw error;
    throw new ConfigError(error.message, {
      cause: error,
      hint: `${what}; name another one with --config FILE or JOTTASH_CONFIG`,
      data: error.data,
    });
  }
}

function isDiskFailure(error: unknown): error is JottashError {
  return error instanceof LocalError || error instanceof ConflictError || error instanceof FileNotFoundError;
}

/** Throws `ConfigError` unless there is such a remote, of a type that this program knows. */
export function requireJottacloud(document: ConfigDocument, name: string, configPath: string): void {
  if (!document.has(name)) {
    const known = document.sections();
    // With the file: a job at night may have another home directory than the user who made the remote.
    throw new ConfigError(`Cannot use "${name}:": there is no remote of that name in "${configPath}"`, {
      hint: known.length === 0
        ? `Make it with "jottash config"; for a file of this machine write "./${name}:..."`
        : `Known: ${known.map((each) => `${each}:`).join(", ")}; make a new one with "jottash config"`,
    });
  }
  const type = document.get(name, "type");
  if (type === "jottacloud") return;
  throw new ConfigError(`Cannot use "${name}:": its type is "${type ?? ""}", not "jottacloud"`, {
    hint: "Remotes of other types are for rclone alone; remotes are listed by: jottash config show",
  });
}

/** Says how a remote is written when `text` is the name of one, without its colon. */
export async function hintOfColon(
  context: { readonly config: () => Promise<ConfigDocument> },
  text: string,
): Promise<string | undefined> {
  const isRemote = await context.config().then((document) => document.has(text)).catch(() => false);
  return isRemote ? `The remote of that name is written "${text}:"` : undefined;
}
