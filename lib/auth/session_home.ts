/**
 * Where the session of a remote is kept, and what that means for it: the first of
 *
 * - an access token alone (`access_token`, JOTTASH_ACCESS_TOKEN): used as it is;
 * - a token file (`--token-file`);
 * - commands (`--token-get-cmd`, `--token-put-cmd`);
 * - a token in the environment or in a connection string: read, never written;
 * - the section of the config file.
 *
 * A token file or a secret store that is empty begins with the session of the environment or the connection string,
 * or with a login token (`login_token`, JOTTASH_LOGIN_TOKEN). From its first refresh on, a session that began so is
 * good in the new place only: who deletes that place has to sign in again. A session of the config file is not taken
 * over: two places would then hold one refresh token.
 */
import type { Edges } from "../edges.ts";
import { type AuthError, ConfigError } from "../errors.ts";
import { parseCommandLine } from "../store/command_line.ts";
import { CommandTokenStore } from "../store/command_token_store.ts";
import type { ConfigStore } from "../store/config_file.ts";
import { ConfigTokenStore } from "../store/config_token_store.ts";
import { fingerprintOf } from "../store/fingerprint.ts";
import { FixedTokenStore } from "../store/fixed_token_store.ts";
import type { ProfileOrigin, RemoteProfile } from "../store/remote_profile.ts";
import { parseSessionRecord, SESSION_RECORD_KEY } from "../store/session_record.ts";
import { sessionOfAccessToken } from "../store/session_text.ts";
import { stateDirectory } from "../store/state_directory.ts";
import { TokenFileStore } from "../store/token_file_store.ts";
import { parseToken, type SessionClient, type StoredSession, type TokenStore } from "../store/token_store.ts";
import {
  accessTokenEnded,
  ENVIRONMENT_HINT,
  noPlaceForLogin,
  noPutCommand,
  notSignedIn,
  tokenNotKept,
} from "./session_errors.ts";

export type HomeKind = "config" | "token-file" | "commands" | "environment";

export interface SessionHomeContext {
  readonly edges: Pick<Edges, "clock" | "random" | "fileSystem" | "launcher" | "platform" | "env">;
  readonly config: ConfigStore;
  readonly options?: SessionHomeOptions | undefined;
}

/** What flags and the environment say; a value here is stronger than the one of the profile. */
export interface SessionHomeOptions {
  readonly tokenFile?: string | undefined;
  readonly tokenGetCommand?: string | undefined;
  readonly tokenPutCommand?: string | undefined;
}

export interface SessionHome {
  readonly kind: HomeKind;
  readonly store: TokenStore;
  /** The session is nothing but an access token that a user has set. */
  readonly isAccessTokenOnly: boolean;
  /** The file that has to be writable. */
  readonly path?: string | undefined;
  /** Begins an empty home with a session that is there already. */
  readonly seed?: StoredSession | undefined;
  /** Begins an empty home by signing in, once. */
  readonly loginToken?: string | undefined;
  /** Why no refresh token is spent here, for a store that cannot save. */
  readonly notKept?: (() => AuthError) | undefined;
  /** Why nobody is signed in, where a store that cannot save is empty. */
  readonly absent?: (() => AuthError) | undefined;
}

/** Sends nothing. Throws `ConfigError` or `UsageError` for what cannot be a home. */
export async function findHome(context: SessionHomeContext, profile: RemoteProfile): Promise<SessionHome> {
  const { options = {}, edges } = context;
  const accessToken = profile.lookUp("access_token");
  if (accessToken !== undefined && accessToken.value.trim() !== "") {
    return accessTokenHome(profile, accessToken);
  }
  const seed = sessionOutsideConfig(profile);
  const start = { seed, loginToken: profile.get("login_token") || undefined };
  const file = options.tokenFile || profile.get("token_file");
  if (file) {
    const path = absolutePath(file, edges.platform.currentDirectory());
    const store = new TokenFileStore(edges, path, clientOf(profile));
    return { kind: "token-file", store, path, isAccessTokenOnly: false, ...start };
  }
  const get = options.tokenGetCommand || profile.get("token_get_cmd");
  const put = options.tokenPutCommand || profile.get("token_put_cmd");
  if (get) return await commandHome({ context, profile, get, put, start });
  if (put) {
    throw new ConfigError(
      `Cannot use "${profile.name}:": it has a token put command, but none to get the token`,
      {
        hint: "Set --token-get-cmd (or token_get_cmd in the config), too",
      },
    );
  }
  if (seed !== undefined) {
    const notKept = () => tokenNotKept(profile.name, sourceOf(profile, "token"));
    return { kind: "environment", store: new FixedTokenStore(seed), isAccessTokenOnly: false, notKept };
  }
  const cannotBegin = start.loginToken !== undefined && !profile.get("token");
  if (profile.section === undefined || cannotBegin) {
    return {
      kind: profile.section === undefined ? "environment" : "config",
      store: new FixedTokenStore(undefined),
      isAccessTokenOnly: false,
      absent: () => cannotBegin ? noPlaceForLogin(profile.name) : notSignedIn(profile.name, ENVIRONMENT_HINT),
    };
  }
  return {
    kind: "config",
    store: new ConfigTokenStore(context.config, profile.section, clientOf(profile, ["environment"])),
    path: context.config.path,
    isAccessTokenOnly: false,
  };
}

/**
 * The client of the session as the profile has it, for homes that do not say. For a session of the config only the
 * environment may fill a gap: the section says by itself what belongs to its token, and may say something else by
 * now; a connection string that names another address must not lead the refresh token there.
 */
export function clientOf(profile: RemoteProfile, origins?: readonly ProfileOrigin[]): SessionClient {
  const valueOf = (key: string) => {
    const { value, origin } = profile.lookUp(key) ?? {};
    const counts = origin !== undefined && (origins === undefined || origins.includes(origin));
    return counts && value ? value : undefined;
  };
  return {
    clientId: valueOf("client_id"),
    tokenUrl: valueOf("tokenURL"),
    configVersion: valueOf("configVersion"),
  };
}

function accessTokenHome(profile: RemoteProfile, found: { readonly value: string }): SessionHome {
  const word = found.value.trim();
  const source = sourceOf(profile, "access_token");
  if (!/^[\x21-\x7e]+$/.test(word)) {
    throw new ConfigError(`Cannot use "${profile.name}:": the access token from ${source} is not one word`, {
      hint: 'An access token is what "jottash auth token" prints',
    });
  }
  return {
    kind: profile.lookUp("access_token")?.origin === "config" ? "config" : "environment",
    store: new FixedTokenStore(sessionOfAccessToken(word)),
    isAccessTokenOnly: true,
    notKept: () => accessTokenEnded(profile.name, source),
  };
}

interface CommandHome {
  readonly context: SessionHomeContext;
  readonly profile: RemoteProfile;
  readonly get: string;
  readonly put: string | undefined;
  readonly start: Pick<SessionHome, "seed" | "loginToken">;
}

async function commandHome({ context, profile, get, put, start }: CommandHome): Promise<SessionHome> {
  const { edges } = context;
  const words = { get: parseCommandLine(get), put: put ? parseCommandLine(put) : undefined };
  const separator = edges.platform.os === "windows" ? "\\" : "/";
  // Nothing is locked for a store that is only read.
  const lockPath = words.put === undefined ? "" : [
    stateDirectory(edges.env, edges.platform.os),
    "locks",
    await fingerprintOf(JSON.stringify([words.get, words.put])),
  ].join(separator);
  const store = new CommandTokenStore(edges, {
    ...words,
    remote: profile.name,
    lockPath,
    client: clientOf(profile),
  });
  if (words.put !== undefined) return { kind: "commands", store, isAccessTokenOnly: false, ...start };
  return { kind: "commands", store, isAccessTokenOnly: false, notKept: () => noPutCommand(profile.name) };
}

/** The session that the environment or a connection string tells. */
function sessionOutsideConfig(profile: RemoteProfile): StoredSession | undefined {
  const found = profile.lookUp("token");
  if (found === undefined || found.origin === "config" || found.value === "") return undefined;
  const token = parseToken(found.value);
  if (token === undefined) {
    // The text is a secret: only its place is told.
    throw new ConfigError(
      `Cannot read the session of "${profile.name}:": the token in ${sourceOf(profile, "token")} is damaged`,
      { hint: 'It is one line of JSON, as under "token" in the config' },
    );
  }
  const note = profile.lookUp(SESSION_RECORD_KEY);
  const record = note === undefined || note.origin === "config" ? {} : parseSessionRecord(note.value);
  return { token, record, client: clientOf(profile) };
}

function sourceOf(profile: RemoteProfile, key: string): string {
  const sources = {
    connection: "the connection string",
    environment: "the environment",
    config: `the config ("${key}")`,
  };
  return sources[profile.lookUp(key)?.origin ?? "config"];
}

function absolutePath(path: string, directory: string): string {
  if (/^([A-Za-z]:)?[\\/]/.test(path)) return path;
  return `${directory.replace(/[\\/]$/, "")}${directory.includes("\\") ? "\\" : "/"}${path}`;
}
