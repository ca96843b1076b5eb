/**
 * Sign-in with user name and password, as it was before login tokens; with a code sent by SMS where the account wants
 * one. The password is used here and kept nowhere.
 *
 * Source of fact: API reference 2.3 and 9.1 (documented). The shared client stands as empty keys, as rclone writes it;
 * signing in with it on a second machine ends the session of the first, a registered client is this machine's own.
 */
import type { Random } from "../edges.ts";
import { AuthError, UsageError } from "../errors.ts";
import { obscure } from "../store/obscure.ts";
import { formatToken, type StoredToken } from "../store/token_store.ts";
import {
  type LegacyClient,
  legacyClientOf,
  requestLegacyLogin,
  requestRegistration,
} from "./legacy_token.ts";
import { type Login, sessionEntry } from "./login.ts";
import type { OidcContext } from "./oidc.ts";
import { LOGIN_TOKEN_PAGE } from "./services.ts";
import type { Refusal } from "./token_request.ts";

const MAX_CODES = 3;
const CODE = /^\d{6}$/;

export interface LegacyLoginContext extends OidcContext {
  readonly random: Pick<Random, "bytes">;
}

export interface LegacyLoginOptions {
  /** Base of the JSON API, without a slash at the end. */
  readonly apiBase: string;
  /** The e-mail address of the account. */
  readonly userName: string;
  readonly password: string;
  /** Makes a client for this machine first, so that its session is independent of others. */
  readonly registerDevice: boolean;
  /** Asks for the code sent by SMS; up to three times. */
  readonly askCode: () => Promise<string>;
  /** Stamp of this machine, for the note about the session. */
  readonly machine?: string | undefined;
}

export class LegacyLogin implements Login {
  readonly waitsForUser = true;
  readonly #context: LegacyLoginContext;
  readonly #options: LegacyLoginOptions;

  constructor(context: LegacyLoginContext, options: LegacyLoginOptions) {
    this.#context = context;
    this.#options = options;
  }

  async signIn(): Promise<readonly (readonly [key: string, value: string])[]> {
    const { apiBase, userName, password, registerDevice, machine } = this.#options;
    if (userName === "" || password === "") {
      throw new UsageError(
        `Cannot sign in: the ${userName === "" ? "user name" : "password"} is empty`,
      );
    }
    const own = registerDevice ? await requestRegistration(this.#context, apiBase) : undefined;
    const token = await this.#login(
      own ?? legacyClientOf({ clientId: undefined, clientSecret: undefined }),
    );
    return [
      ["type", "jottacloud"],
      ["configVersion", "0"],
      ["client_id", own?.clientId ?? ""],
      ["client_secret", own === undefined ? "" : obscure(own.clientSecret, this.#context.random)],
      ["username", userName],
      sessionEntry({
        method: "legacy",
        service: "jottacloud",
        machine,
        rotatedAtMs: this.#context.clock.now(),
      }),
      ["token", formatToken(token)],
    ];
  }

  async #login(client: LegacyClient): Promise<StoredToken> {
    const { apiBase, userName, password } = this.#options;
    const send = (code?: string) =>
      requestLegacyLogin(this.#context, apiBase, { ...client, userName, password, code });
    let answer = await send();
    for (let asked = 0; "refusal" in answer && wantsCode(answer); asked++) {
      if (asked === MAX_CODES) throw refused("the code is wrong or too old", answer);
      const code = (await this.#options.askCode()).replace(/[\s\u2010-\u2015-]+/gu, "");
      // What cannot be a code is not sent: a service counts wrong ones.
      if (CODE.test(code)) answer = await send(code);
    }
    if ("token" in answer) return answer.token;
    const isPassword = answer.refusal === "invalid_grant" || answer.status === 401;
    throw refused(isPassword ? "user name or password is wrong" : "the service refuses the request", answer);
  }
}

function wantsCode({ headers }: Refusal): boolean {
  return /^\s*required\b/i.test(headers.get("x-jottacloud-otp") ?? "");
}

function refused(problem: string, { refusal, status }: Refusal): AuthError {
  return new AuthError(`Cannot sign in: ${problem}`, {
    code: "login-refused",
    hint: `Most accounts need a login token by now: make one at ${LOGIN_TOKEN_PAGE}`,
    data: { refusal, status },
  });
}
