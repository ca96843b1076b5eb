/**
 * Signs in and puts the new session in its place: the section of the config, or the home that the remote has beside
 * it. Whether it can be saved there is found out before anything is spent, and it is saved before it is used.
 *
 * Signing in that waits for a person may take minutes: nothing is locked meanwhile, because other processes need the
 * lock to keep their sessions alive.
 */
import type { Login } from "../auth/login.ts";
import { findHome, type SessionHome } from "../auth/session_home.ts";
import type { CommandContext } from "../cli/context.ts";
import { asConfigFailure } from "../cli/remote_config.ts";
import { AuthError } from "../errors.ts";
import type { ConfigDocument, ExclusiveConfig } from "../store/config_file.ts";
import { RemoteProfile } from "../store/remote_profile.ts";
import { parseSessionRecord, SESSION_RECORD_KEY } from "../store/session_record.ts";
import { parseToken, type StoredSession, type TokenAccess, type TokenStore } from "../store/token_store.ts";
import { HOME_KEYS, SESSION_KEYS } from "./remote_settings.ts";

/** What the home keeps, and the section does not. */
const KEPT_IN_HOME = ["token", SESSION_RECORD_KEY];

type SessionEntries = ReadonlyMap<string, string>;

export class NewSession {
  readonly #context: CommandContext;
  readonly #name: string;

  constructor(context: CommandContext, name: string) {
    this.#context = context;
    this.#name = name;
  }

  /** Where the session of this remote is or will be kept; of its other sources only the home counts. */
  async home(): Promise<SessionHome> {
    const document = await this.#context.config();
    const values = document.entries(this.#name)
      .filter(([key, value]) => value !== "" && (HOME_KEYS.has(key) || key === "endpoint"))
      .map(([key, value]) => [key, { value, origin: "config" }] as const);
    const profile = new RemoteProfile(this.#name, this.#name, new Map(values));
    return await findHome(await this.#context.accounts.sessionContext(profile), profile);
  }

  async signInAndSave(login: Login): Promise<void> {
    const home = await this.home();
    if (home.kind === "config") await this.#intoConfig(login);
    else await this.#intoHome(login, home);
  }

  async #intoConfig(login: Login): Promise<void> {
    const save = (config: ExclusiveConfig, entries: SessionEntries) =>
      config.change((document) => this.#replaceSession(document, entries));
    if (login.waitsForUser !== true) {
      return await this.#withConfig(async (config) => {
        await config.reserve();
        await save(config, new Map(await login.signIn()));
      });
    }
    await this.#withConfig((config) => config.reserve());
    const entries = new Map(await login.signIn());
    await this.#withConfig((config) => save(config, entries));
  }

  async #intoHome(login: Login, home: SessionHome): Promise<void> {
    const { store } = home;
    if (!store.canSave) throw home.notKept?.() ?? notKept(this.#name);
    await this.#withConfig((config) => config.reserve());
    const entries = await signInAt(store, login);
    await this.#withConfig((config) =>
      config.change((document) => {
        this.#replaceSession(document, entries);
        for (const key of KEPT_IN_HOME) document.deleteKey(this.#name, key);
        this.#keepHome(document, home);
      })
    );
  }

  /** Only what the config does becomes a failure of the config: a sign-in fails in words of its own. */
  async #withConfig(work: (config: ExclusiveConfig) => Promise<void>): Promise<void> {
    const store = await this.#context.configStore();
    await asConfigFailure(() => store.exclusively(work), "The config cannot be saved");
  }

  /** What belongs to another kind of session would be taken for a part of the new one. */
  #replaceSession(document: ConfigDocument, entries: SessionEntries): void {
    for (const key of SESSION_KEYS) if (!entries.has(key)) document.deleteKey(this.#name, key);
    for (const [key, value] of entries) document.set(this.#name, key, value);
    const { endpoint } = this.#context.settings;
    if (endpoint !== undefined) document.set(this.#name, "endpoint", endpoint);
  }

  /** What was given as an option is a setting of the remote from now on; a file by its whole path. */
  #keepHome(document: ConfigDocument, home: SessionHome): void {
    const { tokenGetCmd, tokenPutCmd } = this.#context.settings;
    if (home.kind === "token-file" && home.path !== undefined) {
      document.set(this.#name, "token_file", home.path);
    }
    if (home.kind !== "commands") return;
    if (tokenGetCmd !== undefined) document.set(this.#name, "token_get_cmd", tokenGetCmd);
    if (tokenPutCmd !== undefined) document.set(this.#name, "token_put_cmd", tokenPutCmd);
  }
}

/** Signs in and saves the session there. */
async function signInAt(store: TokenStore, login: Login): Promise<SessionEntries> {
  const prove = (access: TokenAccess) => access.reserve(access.session?.record ?? {});
  if (login.waitsForUser !== true) {
    return await store.exclusively(async (access) => {
      await prove(access);
      const entries = new Map(await login.signIn());
      await access.save(storedSession(entries));
      return entries;
    });
  }
  await store.exclusively(prove);
  const entries = new Map(await login.signIn());
  await store.exclusively((access) => access.save(storedSession(entries)));
  return entries;
}

/** A session that stands alone and may be moved: without the stamp of a machine. */
function storedSession(entries: SessionEntries): StoredSession {
  const token = parseToken(entries.get("token") ?? "");
  if (token === undefined) throw new AuthError("Cannot sign in: the service gave no token");
  return {
    token,
    record: { ...parseSessionRecord(entries.get(SESSION_RECORD_KEY)), machine: undefined },
    client: {
      clientId: entries.get("client_id") || undefined,
      tokenUrl: entries.get("tokenURL") || undefined,
      configVersion: entries.get("configVersion") || undefined,
    },
  };
}

function notKept(name: string): AuthError {
  return new AuthError(`Cannot sign in as "${name}:": the place of its session cannot be written`, {
    code: "session-not-writable",
    hint: "Set --token-put-cmd too, or leave --token-get-cmd out",
  });
}
