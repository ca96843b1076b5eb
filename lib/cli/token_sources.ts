/** From a remote's section to its session: which kind of sign-in it came from, and how it is refreshed. */
import { requestRefresh } from "../auth/oidc.ts";
import { LOGIN_TOKEN_CLIENT_ID } from "../auth/services.ts";
import { TokenSource } from "../auth/token_source.ts";
import type { Clock } from "../edges.ts";
import { ConfigError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import type { Logger } from "../log.ts";
import type { ConfigStore } from "../store/config_file.ts";
import { ConfigTokenStore } from "../store/token_store.ts";

/** Where rclone sends refresh requests when the config does not say (API reference 9.1). */
const DEFAULT_TOKEN_URL = "https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token";

export interface TokenSourceInput {
  readonly store: ConfigStore;
  readonly section: ReadonlyMap<string, string>;
  readonly remote: string;
  /** Without a session. */
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Throws `ConfigError` for a remote whose config version is another than 1 (API reference 9.1). */
export function createTokenSource(input: TokenSourceInput): TokenSource {
  const { section, remote, http, clock, log } = input;
  if (section.get("configVersion") !== "1") {
    throw new ConfigError(`Cannot use "${remote}:": it was set up in an outdated way`, {
      hint: `Set it up again: jottash config create ${remote} --login-token-stdin`,
    });
  }
  const tokenUrl = section.get("tokenURL") || DEFAULT_TOKEN_URL;
  const clientId = section.get("client_id") || LOGIN_TOKEN_CLIENT_ID;
  return new TokenSource({
    store: new ConfigTokenStore(input.store, remote),
    clock,
    log,
    remote,
    refresh: (refreshToken) => requestRefresh({ http, clock }, tokenUrl, { refreshToken, clientId }),
  });
}
