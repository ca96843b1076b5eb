/** Who is signed in: what the identity provider tells, or the service itself where there is no such provider. */
import { discover, discoveryUrlBeside, requestUserinfo } from "../auth/oidc.ts";
import type { RemoteSessionContext } from "../auth/remote_session.ts";
import { clientOf, findHome } from "../auth/session_home.ts";
import type { CommandContext } from "../cli/context.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";

/** Names and values in the order in which they came. */
export async function userinfoOf(
  context: CommandContext,
  profile: RemoteProfile,
): Promise<Readonly<Record<string, string>>> {
  const accessToken = await (await context.accounts.tokenSource(profile)).accessToken(context.signal);
  const session = await context.accounts.sessionContext(profile);
  const wellKnownLink = await findDiscoveryUrl(session, profile);
  if (wellKnownLink !== undefined) {
    const { userinfoEndpoint } = await discover(session.http, wellKnownLink);
    if (userinfoEndpoint !== undefined) {
      return await requestUserinfo(session.http, userinfoEndpoint, accessToken);
    }
  }
  const account = await context.accounts.accountOf(profile);
  const { username, email } = await account.customer(context.signal);
  return { username, email };
}

/** Of the provider that the session names; undefined for one that names none, whose brand nobody knows. */
async function findDiscoveryUrl(
  session: RemoteSessionContext,
  profile: RemoteProfile,
): Promise<string | undefined> {
  const { store } = await findHome(session, profile);
  const { tokenUrl, configVersion } = (await store.load())?.client ?? clientOf(profile);
  return tokenUrl === undefined || configVersion === "0" ? undefined : discoveryUrlBeside(tokenUrl);
}
