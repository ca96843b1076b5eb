/** The config as commands need it: loaded and saved with failures that say what file this is. */
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

/**
 * Says how a remote is written when `text` is the name of one, without its colon. Nobody is asked for the password
 * of an encrypted config for the sake of a hint.
 */
export async function hintOfColon(
  context: {
    readonly configStore: () => Promise<ConfigStore>;
    readonly remoteNames: () => Promise<readonly string[]>;
  },
  text: string,
): Promise<string | undefined> {
  const isShut = await context.configStore()
    .then(async (store) => await store.loadUnasked() === undefined)
    .catch(() => false);
  if (isShut) return undefined;
  const names = await context.remoteNames().catch((): string[] => []);
  return names.includes(text) ? `The remote of that name is written "${text}:"` : undefined;
}
