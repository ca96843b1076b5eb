/**
 * From a section of the configuration to a source of access tokens: which client and which address belong to the
 * session that is stored there. Other kinds of session (browser, legacy) have the same keys and differ here only.
 *
 * Source of fact: API reference 9.1 (documented).
 */
import { ConfigError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { ConfigDocument, ConfigStore } from "../store/config_file.ts";
import { ConfigTokenStore } from "../store/token_store.ts";
import { type OidcContext, requestRefresh } from "./oidc.ts";
import { LOGIN_TOKEN_CLIENT_ID } from "./services.ts";
import { TokenSource } from "./token_source.ts";

const DEFAULT_TOKEN_URL = "https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token";

export interface RemoteSessionContext extends OidcContext {
  readonly config: ConfigStore;
  readonly log: Logger;
}

/** Reads the section once; sends nothing. Throws `ConfigError` for a session of an old kind. */
export async function openSession(context: RemoteSessionContext, remote: string): Promise<TokenSource> {
  const { config, clock, log } = context;
  const document = await config.load();
  requireCurrentSession(document, remote, config.path);
  const clientId = document.get(remote, "client_id") || LOGIN_TOKEN_CLIENT_ID;
  const tokenUrl = document.get(remote, "tokenURL") || DEFAULT_TOKEN_URL;
  return new TokenSource({
    store: new ConfigTokenStore(config, remote),
    clock,
    log,
    remote,
    refresh: (refreshToken) => requestRefresh(context, tokenUrl, { refreshToken, clientId }),
  });
}

/** Only the kind of session is checked here; that there is such a remote at all is the business of the caller. */
function requireCurrentSession(document: ConfigDocument, remote: string, path: string): void {
  if (document.get(remote, "configVersion") === "1") return;
  throw new ConfigError(`Cannot use "${remote}:": its session is of an old kind that the service has ended`, {
    hint: `Sign in again: jottash config create ${remote} --login-token-stdin`,
    data: { remote, path },
  });
}
