/**
 * The config of a run whose environment names no home directory: there is none to read, and none can be written. Enough
 * for a remote that comes from the environment alone.
 */
import type { ConfigError } from "../errors.ts";
import { ConfigDocument, ConfigStore, type ConfigStoreContext, type ExclusiveConfig } from "./config_file.ts";

export class HomelessConfig extends ConfigStore {
  readonly #reason: ConfigError;

  /** `reason` is thrown by whatever would write. */
  constructor(context: ConfigStoreContext, reason: ConfigError) {
    super(context, "");
    this.#reason = reason;
  }

  override load(): Promise<ConfigDocument> {
    return Promise.resolve(ConfigDocument.parse("", this.path));
  }

  override loadUnasked(): Promise<ConfigDocument> {
    return this.load();
  }

  override isEncrypted(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override exclusively<T>(_work: (config: ExclusiveConfig) => Promise<T>): Promise<T> {
    return Promise.reject(this.#reason);
  }

  override setPassword(_password: string | undefined): Promise<void> {
    return Promise.reject(this.#reason);
  }
}
