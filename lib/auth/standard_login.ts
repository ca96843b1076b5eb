/**
 * Sign-in with a personal login token: the way that needs no browser on this machine.
 * Source of fact: API reference 2.1 and 9.1 (documented); the keys are rclone's, so that rclone can use the remote.
 */
import { formatToken } from "../store/token_store.ts";
import type { Login } from "./login.ts";
import { parseLoginToken } from "./login_token.ts";
import { discoverTokenEndpoint, type OidcContext, requestLogin } from "./oidc.ts";
import { LOGIN_TOKEN_CLIENT_ID } from "./services.ts";

export class StandardLogin implements Login {
  readonly #context: OidcContext;
  readonly #text: string;

  /** `text` is the login token as pasted; it is spent by `signIn`. */
  constructor(context: OidcContext, text: string) {
    this.#context = context;
    this.#text = text;
  }

  async signIn(): Promise<readonly (readonly [key: string, value: string])[]> {
    const loginToken = parseLoginToken(this.#text);
    const tokenUrl = await discoverTokenEndpoint(this.#context.http, loginToken.wellKnownLink);
    const token = await requestLogin(this.#context, tokenUrl, {
      loginToken,
      clientId: LOGIN_TOKEN_CLIENT_ID,
    });
    return [
      ["type", "jottacloud"],
      ["configVersion", "1"],
      ["client_id", LOGIN_TOKEN_CLIENT_ID],
      ["client_secret", ""],
      ["tokenURL", tokenUrl],
      ["token", formatToken(token)],
    ];
  }
}
