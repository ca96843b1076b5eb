/**
 * A session in the config file: the `token` key of the remote's section, as rclone has it, and beside it the key
 * `jottash_session`, which rclone leaves alone. Both change in one atomic write, also in sections that share the
 * session.
 */
import { ConfigError } from "../errors.ts";
import type { ConfigDocument, ConfigStore, ExclusiveConfig } from "./config_file.ts";
import {
  formatSessionRecord,
  parseSessionRecord,
  SESSION_RECORD_KEY,
  type SessionRecord,
} from "./session_record.ts";
import {
  formatToken,
  parseToken,
  type SessionClient,
  type StoredSession,
  type TokenAccess,
  type TokenStore,
} from "./token_store.ts";

const TOKEN_KEY = "token";

/** The session of the remote whose section is named `section`. */
export class ConfigTokenStore implements TokenStore {
  readonly canSave = true;
  readonly #config: ConfigStore;
  readonly #section: string;
  readonly #client: SessionClient;

  /** `client` for a section that names none. */
  constructor(config: ConfigStore, section: string, client: SessionClient = {}) {
    this.#config = config;
    this.#section = section;
    this.#client = client;
  }

  async load(): Promise<StoredSession | undefined> {
    return this.#read(await this.#config.load());
  }

  async exclusively<T>(work: (access: TokenAccess) => Promise<T>): Promise<T> {
    return await this.#config.exclusively(async (config) => {
      const session = this.#read(await config.read());
      // What was read last: only beside that a note makes sense.
      let known = session;
      const note = async (record: SessionRecord) => {
        await config.change((document) => {
          const found = this.#read(document);
          const isKnown = found?.token.refreshToken === known?.token.refreshToken;
          known = found;
          if (!isKnown) return;
          this.#writeEach(document, known, [[SESSION_RECORD_KEY, formatSessionRecord(record)]]);
          known = this.#read(document);
        });
        return known;
      };
      return await work({
        session,
        reload: async () => known = this.#read(await config.read()),
        reserve: (record) => {
          const before = known?.record ?? {};
          return reserveTwice(config, { note: () => note(record), takeBack: () => note(before) });
        },
        note: async (record) => void await note(record),
        save: ({ token, record }) =>
          config.change((document) =>
            this.#writeEach(document, known, [
              [TOKEN_KEY, formatToken(token)],
              [SESSION_RECORD_KEY, formatSessionRecord(record)],
            ])
          ),
      });
    });
  }

  /**
   * Into the section, and into each other one that holds the same refresh token: a copy of the section, which would
   * spend it a second time, or the section itself under a new name.
   */
  #writeEach(
    document: ConfigDocument,
    known: StoredSession | undefined,
    entries: readonly (readonly [key: string, value: string])[],
  ): void {
    const spent = known?.token.refreshToken;
    const sections = document.sections().filter((section) =>
      section === this.#section || spent !== undefined && refreshTokenIn(document, section) === spent
    );
    if (sections.length === 0) {
      throw new ConfigError(`Cannot save the session of "${this.#section}:": the remote has been removed`, {
        data: { remote: this.#section, path: this.#config.path },
      });
    }
    for (const section of sections) {
      for (const [key, value] of entries) document.set(section, key, value);
    }
  }

  #read(document: ConfigDocument): StoredSession | undefined {
    const text = document.get(this.#section, TOKEN_KEY);
    if (text === undefined || text === "") return undefined;
    const token = parseToken(text);
    if (token !== undefined) {
      const record = parseSessionRecord(document.get(this.#section, SESSION_RECORD_KEY));
      return { token, record, client: this.#clientIn(document) };
    }
    // The text is a secret: only its place is told.
    const place = `"${this.#section}:" in "${this.#config.path}"`;
    throw new ConfigError(`Cannot read the session of ${place}: the value of "token" is damaged`, {
      hint: "Restore the line from a backup, or sign in again with a new login token",
      data: { remote: this.#section, path: this.#config.path },
    });
  }

  /** As the section has it now: who signs in again may change token and client together. */
  #clientIn(document: ConfigDocument): SessionClient {
    const valueOf = (key: string) => document.get(this.#section, key) || undefined;
    return {
      clientId: valueOf("client_id") ?? this.#client.clientId,
      clientSecret: valueOf("client_secret"),
      tokenUrl: valueOf("tokenURL") ?? this.#client.tokenUrl,
      configVersion: valueOf("configVersion") ?? this.#client.configVersion,
    };
  }
}

function refreshTokenIn(document: ConfigDocument, section: string): string | undefined {
  return parseToken(document.get(section, TOKEN_KEY) ?? "")?.refreshToken;
}

/** The note takes the first place on the disk; it needs a second one, for the token, to promise anything. */
async function reserveTwice<T>(
  config: ExclusiveConfig,
  { note, takeBack }: { readonly note: () => Promise<T>; readonly takeBack: () => Promise<T> },
): Promise<T> {
  await config.reserve();
  const noted = await note();
  try {
    await config.reserve();
  } catch (error) {
    // The disk is full again: a note that stays says of a refresh that was never sent that it might have been.
    await takeBack().catch(() => {});
    throw error;
  }
  return noted;
}
