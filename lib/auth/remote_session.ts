/**
 * From a remote to a source of access tokens: where its session is kept (`session_home.ts`), and which client and
 * which address belong to it. Sessions of a browser and of a login token differ here only; those of the old token
 * service are refreshed elsewhere and in another spelling.
 *
 * Source of fact: API reference 2.3, 2.4 and 9.1 (documented).
 */
import { ConfigError } from "../errors.ts";
import type { Endpoints } from "../http/endpoints.ts";
import type { Logger } from "../log.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import { parseSessionRecord, SESSION_RECORD_KEY } from "../store/session_record.ts";
import { parseToken, type StoredSession, type StoredToken } from "../store/token_store.ts";
import { requestLegacyRefresh } from "./legacy_token.ts";
import { machineStamp } from "./machine_stamp.ts";
import { type OidcContext, requestRefresh } from "./oidc.ts";
import { LOGIN_TOKEN_CLIENT_ID } from "./services.ts";
import { noRefreshToken } from "./session_errors.ts";
import { clientOf, findHome, type SessionHome, type SessionHomeContext } from "./session_home.ts";
import { StandardLogin } from "./standard_login.ts";
import { TokenSource } from "./token_source.ts";

export const DEFAULT_TOKEN_URL =
  "https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token";

export interface RemoteSessionContext extends OidcContext, SessionHomeContext {
  /** Of this remote; the legacy token service lives at its `api`. */
  readonly endpoints: Endpoints;
  readonly log: Logger;
}

/** Sends nothing. Throws `ConfigError` for a session of a kind that nobody knows. */
export async function openSession(
  context: RemoteSessionContext,
  profile: RemoteProfile,
): Promise<TokenSource> {
  const { clock, log, edges } = context;
  const home = await findHome(context, profile);
  requireKnownKind(home, profile);
  // Token files and secret stores move between machines by design.
  const isOfOneMachine = home.kind === "config" && home.store.canSave;
  let stamp: Promise<string> | undefined;
  return new TokenSource({
    store: home.store,
    clock,
    log,
    remote: profile.name,
    refresh: (session) => refreshSession(context, profile, session),
    stamp: isOfOneMachine ? () => stamp ??= machineStamp(edges.platform) : undefined,
    begin: beginnerOf(context, home),
    notKept: home.notKept,
    absent: home.absent,
  });
}

/** A session that is tied to a place without a section starts here. */
function beginnerOf(
  context: OidcContext,
  { seed, loginToken }: SessionHome,
): (() => Promise<StoredSession>) | undefined {
  if (seed !== undefined) return () => Promise.resolve(seed);
  if (loginToken === undefined) return undefined;
  return async () => sessionOfKeys(await new StandardLogin(context, loginToken).signIn());
}

/** What a sign-in resolves with, for homes that are no section. */
function sessionOfKeys(keys: readonly (readonly [key: string, value: string])[]): StoredSession {
  const values = new Map(keys);
  const token = parseToken(values.get("token") ?? "");
  if (token === undefined) throw new TypeError("a sign-in without a token");
  return {
    token,
    record: parseSessionRecord(values.get(SESSION_RECORD_KEY)),
    client: {
      clientId: values.get("client_id"),
      tokenUrl: values.get("tokenURL"),
      configVersion: values.get("configVersion"),
    },
  };
}

async function refreshSession(
  context: RemoteSessionContext,
  profile: RemoteProfile,
  session: StoredSession,
): Promise<StoredToken> {
  const { refreshToken } = session.token;
  if (refreshToken === undefined) throw noRefreshToken(profile.name);
  const client = session.client ?? clientOf(profile);
  const { clientId, tokenUrl, configVersion } = client;
  if (configVersion === "0") {
    const clientSecret = client.clientSecret ?? profile.get("client_secret");
    return await requestLegacyRefresh(context, context.endpoints.api, {
      refreshToken,
      clientId,
      clientSecret,
    });
  }
  return await requestRefresh(context, tokenUrl ?? DEFAULT_TOKEN_URL, {
    refreshToken,
    clientId: clientId ?? LOGIN_TOKEN_CLIENT_ID,
  });
}

/** A token that stands in the profile says by `configVersion` how it is refreshed; other homes know it themselves. */
function requireKnownKind({ kind, isAccessTokenOnly }: SessionHome, profile: RemoteProfile): void {
  const standsInProfile = kind === "config" || kind === "environment";
  if (!standsInProfile || isAccessTokenOnly || !profile.get("token")) return;
  const version = profile.get("configVersion");
  if (version === "0" || version === "1") return;
  throw new ConfigError(
    `Cannot use "${profile.name}:": its session is of an old kind that the service has ended`,
    {
      hint: `Sign in again: jottash config reconnect ${profile.name}:`,
      data: { remote: profile.name },
    },
  );
}
