/**
 * The end of a session at the service, as far as it can be told: the session is gone for every holder of its token.
 * Where the service does not hear of it, the session lives on until it is ended on the website.
 */
import { discover, discoveryUrlBeside, type OidcContext, requestLogout } from "../auth/oidc.ts";
import { JottashError } from "../errors.ts";

export interface SessionToEnd {
  readonly refreshToken: string;
  readonly clientId: string;
  readonly tokenUrl: string;
  /** "0" for a session of the old token service. */
  readonly configVersion: string | undefined;
}

/** Resolves with why the service could not be told; undefined when the session is over. Never throws. */
export async function endAtService(
  context: OidcContext,
  session: SessionToEnd,
): Promise<string | undefined> {
  if (session.configVersion === "0") return "the old token service has no way to end a session";
  const wellKnownLink = discoveryUrlBeside(session.tokenUrl);
  if (wellKnownLink === undefined) return "the address of its identity provider is of an unknown form";
  try {
    const { endSessionEndpoint } = await discover(context.http, wellKnownLink);
    if (endSessionEndpoint === undefined) return "it has no way to end a session";
    // A session that the service does not know is over too.
    await requestLogout(context, endSessionEndpoint, session);
    return undefined;
  } catch (error) {
    if (!(error instanceof JottashError)) throw error;
    return error.message.replace(/^Cannot [^:]*: /, "");
  }
}
