/**
 * Why a login token was refused, as far as it can be told: the provider answers a used, an expired and a foreign one
 * alike (API reference 2.1, 2.4; observed), but the token itself says where it belongs.
 */
import { AuthError } from "../errors.ts";
import { expiryOf } from "./jwt.ts";
import type { LoginToken } from "./login_token.ts";
import { LOGIN_TOKEN_PAGE, realmOfUrl } from "./services.ts";
import type { Refusal } from "./token_request.ts";

interface RefusedLogin {
  readonly loginToken: LoginToken;
  /** Name of the brand that the token belongs to, where it is known. */
  readonly serviceName?: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

/** Code `login-token-refused`; `data.reason` is `expired`, `wrong-realm` or `spent`. */
export function loginTokenRefused(
  { status, refusal, isExpired }: Pick<Refusal, "status" | "refusal" | "isExpired">,
  { loginToken, serviceName, now }: RefusedLogin,
): AuthError {
  const where = serviceName === undefined ? "" : ` to "${serviceName}"`;
  const again = `Make a new one at ${LOGIN_TOKEN_PAGE}, under "Personal login token"`;
  const refused = (reason: string, problem: string, hint: string) =>
    new AuthError(`Cannot sign in${where}: ${problem}`, {
      code: "login-token-refused",
      hint,
      data: { status, refusal, reason },
    });
  const endsAtMs = expiryOf(loginToken.authToken);
  if (isExpired || endsAtMs !== undefined && endsAtMs <= now) {
    return refused("expired", "the login token has expired", `${again}, and use it soon`);
  }
  const realm = realmOfUrl(loginToken.wellKnownLink);
  if (loginToken.realm !== undefined && realm !== undefined && loginToken.realm !== realm) {
    return refused(
      "wrong-realm",
      `the login token is of the realm "${loginToken.realm}", but sends its holder to the realm "${realm}"`,
      "Copy it again from the pages of your own service; it may have been changed on the way",
    );
  }
  return refused(
    "spent",
    "the login token was refused: it is used already, expired, or of another service",
    `${again}; each works once`,
  );
}
