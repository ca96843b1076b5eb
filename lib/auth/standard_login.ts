/**
 * Sign-in with a personal login token: the way that needs no browser on this machine.
 * Source of fact: API reference 2.1 and 9.1 (documented); the keys are rclone's, so that rclone can use the remote.
 */
import { AuthError, ServiceError } from "../errors.ts";
import { formatToken } from "../store/token_store.ts";
import { type Login, sessionEntry } from "./login.ts";
import { type LoginToken, parseLoginToken } from "./login_token.ts";
import { discover, type OidcContext, requestLogin } from "./oidc.ts";
import { LOGIN_TOKEN_CLIENT_ID, LOGIN_TOKEN_PAGE, type Service, serviceOfUrl, SERVICES } from "./services.ts";

export interface StandardLoginOptions {
  /** Stamp of this machine, for the note about the session. */
  readonly machine?: string | undefined;
  /** The services whose names are known; default: the built-in ones. */
  readonly services?: readonly Service[] | undefined;
}

export class StandardLogin implements Login {
  readonly #context: OidcContext;
  readonly #text: string;
  readonly #options: StandardLoginOptions;

  /** `text` is the login token as pasted; it is spent by `signIn`. */
  constructor(context: OidcContext, text: string, options: StandardLoginOptions = {}) {
    this.#context = context;
    this.#text = text;
    this.#options = options;
  }

  async signIn(): Promise<readonly (readonly [key: string, value: string])[]> {
    const loginToken = parseLoginToken(this.#text);
    const service = serviceOfUrl(loginToken.wellKnownLink, this.#options.services ?? SERVICES);
    const tokenUrl = await this.#tokenUrl(loginToken);
    const token = await requestLogin(this.#context, tokenUrl, {
      loginToken,
      clientId: LOGIN_TOKEN_CLIENT_ID,
      serviceName: service?.displayName,
    });
    return [
      ["type", "jottacloud"],
      ["configVersion", "1"],
      ["client_id", LOGIN_TOKEN_CLIENT_ID],
      ["client_secret", ""],
      ["tokenURL", tokenUrl],
      sessionEntry({
        method: "standard",
        service: service?.key,
        machine: this.#options.machine,
        rotatedAtMs: this.#context.clock.now(),
      }),
      ["token", formatToken(token)],
    ];
  }

  /** Nothing is spent before this has worked. */
  async #tokenUrl({ wellKnownLink }: LoginToken): Promise<string> {
    try {
      return (await discover(this.#context.http, wellKnownLink)).tokenEndpoint;
    } catch (cause) {
      if (!(cause instanceof ServiceError) || cause.data["status"] !== 404) throw cause;
      const host = URL.parse(wellKnownLink)?.host ?? "";
      throw new AuthError(`Cannot sign in: "${host}" does not know the realm of this login token`, {
        cause,
        code: "login-token-invalid",
        hint: `Copy the token again, or make a new one at ${LOGIN_TOKEN_PAGE}`,
        data: { status: 404 },
      });
    }
  }
}
