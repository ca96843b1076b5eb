/** Signing in again: the old session stays until the new one is saved, and is ended after that where it is ours. */
import { sessionIdOf } from "../auth/jwt.ts";
import { DEFAULT_TOKEN_URL } from "../auth/remote_session.ts";
import { clientOf, findHome } from "../auth/session_home.ts";
import { inspectSession } from "../auth/session_status.ts";
import { LOGIN_TOKEN_CLIENT_ID } from "../auth/services.ts";
import type { CommandContext } from "../cli/context.ts";
import { requireJottacloud } from "../cli/remote_config.ts";
import { CancelledError, JottashError } from "../errors.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import type { SignInMethod } from "../store/session_record.ts";
import { parseToken } from "../store/token_store.ts";
import { endAtService, type SessionToEnd } from "./end_session.ts";
import { formerWayOf } from "./former_way.ts";
import { requireSection } from "./remotes.ts";
import { RemoteSetup } from "./remote_setup.ts";
import { planSignIn } from "./sign_in.ts";
import type { SignInOptions } from "./sign_in_options.ts";

export interface Reconnected {
  readonly email: string;
  /** `none`: there was none, or it was of another machine. */
  readonly formerSession: "ended" | "goes-on" | "none";
}

export interface Reconnect {
  readonly name: string;
  readonly method: SignInMethod;
  /** Where the session is kept, for messages. */
  readonly home: string;
  readonly run: () => Promise<Reconnected>;
}

/** Sends and changes nothing before `run`. Throws `ConfigError` where there is no such remote in the config. */
export async function planReconnect(
  context: CommandContext,
  name: string,
  options: SignInOptions,
): Promise<Reconnect> {
  const store = await context.configStore();
  const document = await context.config();
  requireSection(document, name, context.env);
  requireJottacloud(document, name, store.path);
  const setup = new RemoteSetup(context, name);
  const former = formerWayOf(document, name, await setup.services());
  const plan = planSignIn(context, setup, { options, former });
  const run = async (): Promise<Reconnected> => {
    const login = await plan.login();
    const old = await ownSession(context, name);
    const email = await setup.signIn(login);
    if (old === undefined) return { email, formerSession: "none" };
    const fresh = await ownSession(context, name);
    const isAnother = fresh !== undefined && isAnotherSession(old, fresh);
    if (!isAnother) return { email, formerSession: "none" };
    if (isHeldBySection(await store.load(), old)) return { email, formerSession: "goes-on" };
    const session = await context.accounts.sessionContext(await context.profile(name));
    const reason = await endAtService(session, old);
    return { email, formerSession: reason === undefined ? "ended" : "goes-on" };
  };
  return { name, method: plan.method, home: await setup.home(), run };
}

/**
 * The session that there is; undefined when there is none, one that belongs to another machine, or one that cannot be
 * read: it is to be replaced, so nothing about it may stand in the way.
 */
async function ownSession(context: CommandContext, name: string): Promise<SessionToEnd | undefined> {
  try {
    const profile = await context.profile(name);
    const session = await context.accounts.sessionContext(profile);
    const { isCopied } = await inspectSession(session, profile);
    const { store } = await findHome(session, profile);
    const stored = isCopied || !store.canSave ? undefined : await store.load();
    if (stored?.token.refreshToken === undefined) return undefined;
    const client = stored.client ?? clientOf(profile);
    return {
      refreshToken: stored.token.refreshToken,
      clientId: client.clientId ?? LOGIN_TOKEN_CLIENT_ID,
      tokenUrl: client.tokenUrl ?? DEFAULT_TOKEN_URL,
      configVersion: client.configVersion,
    };
  } catch (error) {
    if (!(error instanceof JottashError) || error instanceof CancelledError) throw error;
    return undefined;
  }
}

/** A section that was copied by hand shares the session: it would lose it. */
function isHeldBySection(document: ConfigDocument, { refreshToken }: SessionToEnd): boolean {
  return document.sections().some((section) =>
    parseToken(document.get(section, "token") ?? "")?.refreshToken === refreshToken
  );
}

/**
 * Only sessions that are known to differ: a browser that was signed in already may have carried the old session on
 * under a new token, and ending it would end the new one.
 */
function isAnotherSession(old: SessionToEnd, fresh: SessionToEnd): boolean {
  const [oldId, freshId] = [sessionIdOf(old.refreshToken), sessionIdOf(fresh.refreshToken)];
  return oldId !== undefined && freshId !== undefined && oldId !== freshId;
}
