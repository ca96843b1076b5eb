/** Ends the session of a remote: at the service as far as possible, and on this machine in any case. */
import { DEFAULT_TOKEN_URL, type RemoteSessionContext } from "../auth/remote_session.ts";
import { LOGIN_TOKEN_CLIENT_ID } from "../auth/services.ts";
import { clientOf, findHome, type SessionHome } from "../auth/session_home.ts";
import { inspectSession } from "../auth/session_status.ts";
import type { CommandContext } from "../cli/context.ts";
import { asConfigFailure } from "../cli/remote_config.ts";
import { ConfigError } from "../errors.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import { SESSION_RECORD_KEY } from "../store/session_record.ts";
import { parseToken, type SessionClient, type StoredToken } from "../store/token_store.ts";
import { endAtService } from "./end_session.ts";

/** What is left tells how to sign in again. */
const FORGOTTEN_KEYS = ["token", "access_token", "login_token", "client_secret", SESSION_RECORD_KEY];

export interface Disconnected {
  /** False when nobody was signed in. */
  readonly wasSignedIn: boolean;
  /** Why the session goes on at the service; undefined when it is over there. */
  readonly reason: string | undefined;
}

/**
 * Under the lock of the session's home, so that no refresh is under way and the newest token is the one that ends.
 * Throws `ConfigError` for a home that nothing can be taken out of; nothing is done then.
 */
export async function disconnect(context: CommandContext, profile: RemoteProfile): Promise<Disconnected> {
  const session = await context.accounts.sessionContext(profile);
  const home = await findHome(session, profile);
  try {
    if (home.kind === "token-file") return await emptyFile(session, profile, home);
    if (home.kind === "config" && profile.section !== undefined) {
      return await emptySection(context, session, profile);
    }
  } finally {
    context.accounts.forget(profile.name);
  }
  const place = home.kind === "commands" ? "behind the get and put commands" : "in the environment";
  throw new ConfigError(`Cannot disconnect "${profile.name}:": its session is kept ${place}`, {
    hint: "Delete it there, and end it on the website of the service (Settings, Security)",
  });
}

async function emptySection(
  context: CommandContext,
  session: RemoteSessionContext,
  profile: RemoteProfile,
): Promise<Disconnected> {
  const section = profile.section ?? profile.name;
  const { isCopied } = await inspectSession(session, profile);
  const store = await context.configStore();
  const work = () =>
    store.exclusively(async (config) => {
      await config.reserve();
      const token = parseToken((await config.read()).get(section, "token") ?? "");
      const ended = isCopied
        ? { wasSignedIn: true, reason: "it belongs to the machine that it was copied from" }
        : await endSession(session, { token, client: clientOf(profile) });
      await config.change((document) => FORGOTTEN_KEYS.forEach((key) => document.deleteKey(section, key)));
      return ended;
    });
  return await asConfigFailure(work, "The config cannot be saved");
}

async function emptyFile(
  session: RemoteSessionContext,
  profile: RemoteProfile,
  { store, path = "" }: SessionHome,
): Promise<Disconnected> {
  if (await store.load() === undefined) return { wasSignedIn: false, reason: undefined };
  return await store.exclusively(async (access) => {
    const { token, client = clientOf(profile) } = access.session ?? {};
    const ended = await endSession(session, { token, client });
    await session.edges.fileSystem.remove(path);
    return ended;
  });
}

async function endSession(
  session: RemoteSessionContext,
  { token, client }: { readonly token: StoredToken | undefined; readonly client: SessionClient },
): Promise<Disconnected> {
  if (token === undefined) return { wasSignedIn: false, reason: undefined };
  if (token.refreshToken === undefined) return { wasSignedIn: true, reason: "it is an access token alone" };
  const reason = await endAtService(session, {
    refreshToken: token.refreshToken,
    clientId: client.clientId ?? LOGIN_TOKEN_CLIENT_ID,
    tokenUrl: client.tokenUrl ?? DEFAULT_TOKEN_URL,
    configVersion: client.configVersion,
  });
  return { wasSignedIn: true, reason };
}
