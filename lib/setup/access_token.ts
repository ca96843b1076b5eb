/** An access token for others: the session that it comes from stays here. */
import { expiryOf } from "../auth/jwt.ts";
import type { CommandContext } from "../cli/context.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import { statusOf } from "./session_report.ts";

export interface LentToken {
  readonly token: string;
  /** Undefined when neither the token nor the session tells it. */
  readonly expiresAtMs: number | undefined;
}

/** Throws `AuthError` when there is no token that lives for `minTtlMs`. */
export async function accessTokenOf(
  context: CommandContext,
  profile: RemoteProfile,
  minTtlMs: number,
): Promise<LentToken> {
  const tokens = await context.accounts.tokenSource(profile);
  const token = await tokens.accessToken(context.signal, { minTtlMs });
  return { token, expiresAtMs: expiryOf(token) ?? (await statusOf(context, profile)).expiresAtMs };
}
