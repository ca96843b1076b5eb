/**
 * The encryption of one configuration file over the life of a process: its password is looked for when the first
 * encrypted text is read, and the key is kept. A file whose password another process has changed since makes it
 * look again. The cipher is loaded with the first encrypted text.
 */
import { SingleFlight } from "../async/single_flight.ts";
import type { Random } from "../edges.ts";
import { ConfigError } from "../errors.ts";
import type { ConfigKey } from "./config_crypt.ts";
import { encryptedPart } from "./config_envelope.ts";

/** A file whose password is wanted. */
export interface EncryptedConfig {
  /** For messages. */
  readonly path: string;
  /** Undefined when the password opens the file, else what is wrong with it, as in "it is wrong". */
  readonly refuse: (password: string) => string | undefined;
}

/** Where passwords come from. */
export interface ConfigPasswords {
  /** Resolves with a password that opens the file; throws `ConfigError` where there is none. */
  find(file: EncryptedConfig): Promise<string>;
}

/** The content of a file, and the way back into the form that the file has. */
export interface OpenedConfig {
  readonly text: string;
  readonly isEncrypted: boolean;
  /** What to write in place of the file for this text: encrypted where the file is, with the same key. */
  readonly seal: (text: string) => string;
}

export interface ConfigEncryptionContext {
  readonly random: Random;
  readonly passwords: ConfigPasswords;
}

/** Encrypted text as it was read, and the keys to try on it. */
interface Locked {
  /** What it says, with the key that opens it; undefined when no known key does. */
  open(): { readonly plain: Uint8Array; readonly key: ConfigKey } | undefined;
  findKey(): Promise<ConfigKey>;
}

export class ConfigEncryption {
  readonly #path: string;
  readonly #context: ConfigEncryptionContext;
  readonly #search = new SingleFlight<ConfigKey>();
  /** The newest first. An older one still opens the file when a change of the password could not be saved. */
  readonly #keys: ConfigKey[] = [];

  constructor(context: ConfigEncryptionContext, path: string) {
    this.#context = context;
    this.#path = path;
  }

  /** Throws `ConfigError` for a file that cannot be opened; looks for a password only where no known key fits. */
  async open(raw: string): Promise<OpenedConfig> {
    const locked = await this.#decode(raw);
    if (locked === undefined) return { text: raw, isEncrypted: false, seal: (text) => text };
    let opened = locked.open();
    while (opened === undefined) {
      // A search that somebody else began may have been for another state of the file.
      this.#keys.unshift(await this.#search.run(() => locked.findKey()));
      opened = locked.open();
    }
    return { text: this.#decodeText(opened.plain), isEncrypted: true, seal: await this.#sealer(opened.key) };
  }

  /** As `open`, but undefined where a password would have to be looked for. */
  async openKnown(raw: string): Promise<OpenedConfig | undefined> {
    const locked = await this.#decode(raw);
    const isOpen = locked === undefined || locked.open() !== undefined;
    return isOpen ? await this.open(raw) : undefined;
  }

  /**
   * The form of a file that has this password, or none. Throws `ConfigError` for a password that no file can have.
   */
  async sealWith(password: string | undefined): Promise<OpenedConfig["seal"]> {
    if (password === undefined) return (text) => text;
    const { refusePassword, configKeyOf } = await import("./config_crypt.ts");
    const reason = refusePassword(password);
    if (reason !== undefined) throw new ConfigError(`Cannot use the new password: ${reason}`);
    const key = configKeyOf(password);
    this.#keys.unshift(key);
    return await this.#sealer(key);
  }

  async #decode(raw: string): Promise<Locked | undefined> {
    const part = encryptedPart(raw);
    if (part === undefined) return undefined;
    if (!part.isSupported) throw unsupported(this.#path);
    const { decodePayload, openConfig, refusePassword, configKeyOf } = await import("./config_crypt.ts");
    const sealed = decodePayload(part.payload);
    if (typeof sealed === "string") throw damaged(this.#path, sealed);
    const refuse = (password: string) => {
      const isWrong = () => openConfig(sealed, configKeyOf(password)) === undefined;
      return refusePassword(password) ?? (isWrong() ? "it is wrong" : undefined);
    };
    return {
      open: () => {
        for (const key of this.#keys) {
          const plain = openConfig(sealed, key);
          if (plain !== undefined) return { plain, key };
        }
        return undefined;
      },
      findKey: async () => configKeyOf(await this.#context.passwords.find({ path: this.#path, refuse })),
    };
  }

  async #sealer(key: ConfigKey): Promise<OpenedConfig["seal"]> {
    const { sealConfig } = await import("./config_crypt.ts");
    return (text) => sealConfig(text, { key, random: this.#context.random });
  }

  #decodeText(plain: Uint8Array): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain);
    } catch {
      throw damaged(this.#path, "what was encrypted is not UTF-8 text");
    }
  }
}

/** Knows no password: every encrypted file is refused. */
export const NO_PASSWORDS: ConfigPasswords = { find: ({ path }) => Promise.reject(noPassword(path)) };

/** `hint` says where a password can be given. */
export function noPassword(path: string, hint?: string): ConfigError {
  return new ConfigError(
    `Cannot read the configuration "${path}": it is encrypted, and no password is given`,
    {
      code: "config-encrypted",
      hint,
      data: { path },
    },
  );
}

function unsupported(path: string): ConfigError {
  return new ConfigError(
    `Cannot read the configuration "${path}": it is encrypted in a way that this version does not know`,
    { code: "config-encryption-unknown", hint: "Look for a newer jottash", data: { path } },
  );
}

function damaged(path: string, problem: string): ConfigError {
  return new ConfigError(`Cannot read the configuration "${path}": ${problem}`, {
    hint: "The file is damaged and left as it is; restore a copy of it",
    data: { path },
  });
}
