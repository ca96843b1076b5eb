/**
 * The identity provider's discovery document and what can be asked of it: a session for a login token or a code, the
 * next token, who is signed in, the end of a session. Whether and when to refresh is decided in `token_source.ts`,
 * how a token request leaves in `token_request.ts`. Only discovery and userinfo, which spend nothing, are retried.
 *
 * Source of fact: API reference 2.1, 2.2 and 2.4 (documented); OpenID Connect Discovery 1.0. That the service has the
 * addresses and the logout of a Keycloak server is assumed (API reference 1.1).
 */
import { AuthError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import { isSecureUrl } from "../http/secure_url.ts";
import type { StoredToken } from "../store/token_store.ts";
import { parseAnswer, readAnswer, unexpectedStatus, unreadable } from "./identity_answer.ts";
import type { LoginToken } from "./login_token.ts";
import { loginTokenRefused } from "./login_token_refusal.ts";
import { LOGIN_TOKEN_PAGE } from "./services.ts";
import { type OidcContext, type Refusal, requestToken, requireSession } from "./token_request.ts";

export type { OidcContext } from "./token_request.ts";

const LOGIN_SCOPE = "openid offline_access";
const TOKEN_PATH = /\/protocol\/openid-connect\/token\/?$/;
const WELL_KNOWN_PATH = "/.well-known/openid-configuration";
/** Real answers have ten fields. */
const MAX_FIELDS = 100;
const MAX_FIELD_LENGTH = 1000;

/** Addresses of an identity provider; each is https, or on this machine. */
export interface Discovery {
  readonly tokenEndpoint: string;
  readonly authorizationEndpoint: string | undefined;
  /** This one and the next: undefined also for an address on another host. */
  readonly userinfoEndpoint: string | undefined;
  readonly endSessionEndpoint: string | undefined;
  readonly issuer: string | undefined;
}

/**
 * Where the identity provider has its doors, by its discovery document. Throws `ProtocolError` for one that cannot be
 * read, `ServiceError` (`data.status`) when there is none.
 */
export async function discover(http: HttpClient, wellKnownLink: string): Promise<Discovery> {
  const action = "ask the identity provider for its addresses";
  if (!isSecureUrl(wellKnownLink)) {
    throw new AuthError(`Cannot ${action}: its own is not a https address`, { code: "insecure-url" });
  }
  const response = await http.request({ action, method: "GET", url: wellKnownLink });
  const text = await readAnswer(response, action);
  if (response.status !== 200) throw unexpectedStatus(action, response);
  const fields = parseAnswer(text, action);
  const addressOf = (name: string) => {
    const address = fields[name];
    if (address === undefined) return undefined;
    if (typeof address !== "string") throw unreadable(action, `"${name}" as text`);
    if (!isSecureUrl(address)) throw unreadable(action, `a "${name}" with https`);
    return address;
  };
  const tokenEndpoint = addressOf("token_endpoint");
  if (tokenEndpoint === undefined) throw unreadable(action, '"token_endpoint" as text');
  // Only what signs in may be elsewhere: these two get secrets of a session that began at this host.
  const ownAddressOf = (name: string) => {
    const address = addressOf(name);
    return URL.parse(address ?? "")?.host === URL.parse(wellKnownLink)?.host ? address : undefined;
  };
  const issuer = fields["issuer"];
  return {
    tokenEndpoint,
    authorizationEndpoint: addressOf("authorization_endpoint"),
    userinfoEndpoint: ownAddressOf("userinfo_endpoint"),
    endSessionEndpoint: ownAddressOf("end_session_endpoint"),
    issuer: typeof issuer === "string" ? issuer : undefined,
  };
}

/** The discovery document beside a stored `tokenURL`; undefined for an address that is laid out in another way. */
export function discoveryUrlBeside(tokenUrl: string): string | undefined {
  const url = URL.parse(tokenUrl);
  if (url === null || !TOKEN_PATH.test(url.pathname)) return undefined;
  return url.origin + url.pathname.replace(TOKEN_PATH, WELL_KNOWN_PATH);
}

/**
 * Turns a login token into a session. The login token is spent as soon as the request arrives. Throws `AuthError`
 * when it is refused (code `login-token-refused`, `data.reason` tells why as far as that is known).
 */
export async function requestLogin(
  context: OidcContext,
  tokenUrl: string,
  login: {
    readonly loginToken: LoginToken;
    readonly clientId: string;
    readonly serviceName?: string | undefined;
  },
): Promise<StoredToken> {
  const action = "sign in";
  const form = {
    client_id: login.clientId,
    grant_type: "password",
    password: login.loginToken.authToken,
    scope: LOGIN_SCOPE,
    username: login.loginToken.userName,
  };
  const answer = await requestToken(context, { action, tokenUrl, form });
  if ("token" in answer) return requireSession(answer.token, action);
  if (isMalformed(answer)) throw requestRefused(action, answer);
  throw loginTokenRefused(answer, { ...login, now: context.clock.now() });
}

/**
 * Turns the code that a browser brought back into a session. Throws `AuthError` (code `login-refused`) when it is
 * refused.
 */
export async function requestCodeLogin(
  context: OidcContext,
  tokenUrl: string,
  login: {
    readonly code: string;
    /** The very address that the browser was sent back to. */
    readonly redirectUri: string;
    readonly clientId: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<StoredToken> {
  const action = "sign in";
  const form = {
    client_id: login.clientId,
    grant_type: "authorization_code",
    code: login.code,
    redirect_uri: login.redirectUri,
  };
  const answer = await requestToken(context, { action, tokenUrl, form, signal: login.signal });
  if ("token" in answer) return requireSession(answer.token, action);
  if (isMalformed(answer)) throw requestRefused(action, answer);
  throw new AuthError("Cannot sign in: the identity provider no longer takes the code of this sign-in", {
    code: "login-refused",
    hint: "Start the sign-in again: a code works once and for about a minute",
    data: { status: answer.status, refusal: answer.refusal },
  });
}

/**
 * Spends a refresh token. `clientId` is the one that got the session. Throws `AuthError` (code `session-lost`) when
 * it is refused; `NetworkError`, `ServiceError` or `ProtocolError` leave open whether it is spent.
 */
export async function requestRefresh(
  context: OidcContext,
  tokenUrl: string,
  refresh: { readonly refreshToken: string; readonly clientId: string },
): Promise<StoredToken> {
  const form = {
    client_id: refresh.clientId,
    // Lower-case: this provider refuses the spelling that the legacy token service wants.
    grant_type: "refresh_token",
    refresh_token: refresh.refreshToken,
  };
  const answer = await requestToken(context, { action: "refresh the session", tokenUrl, form });
  if ("refusal" in answer) throw refreshRefused(answer);
  // A provider that does not rotate sends no new one (RFC 6749, 6): the old one stays good.
  return { ...answer.token, refreshToken: answer.token.refreshToken ?? refresh.refreshToken };
}

/**
 * What the provider tells about who is signed in: its plain fields as one line of text each. Throws `AuthError` when
 * it refuses the access token.
 */
export async function requestUserinfo(
  http: HttpClient,
  url: string,
  accessToken: string,
): Promise<Readonly<Record<string, string>>> {
  const action = "ask the identity provider who is signed in";
  if (!isSecureUrl(url)) {
    throw new AuthError(`Cannot ${action}: its address is not a https address`, { code: "insecure-url" });
  }
  const headers = { accept: "application/json", authorization: `Bearer ${accessToken}` };
  const response = await http.request({ action, method: "GET", url, headers });
  const text = await readAnswer(response, action);
  if (response.status === 401 || response.status === 403) {
    throw new AuthError(`Cannot ${action}: it refuses the access token`, {
      data: { status: response.status },
    });
  }
  if (response.status !== 200) throw unexpectedStatus(action, response);
  const fields = Object.entries(parseAnswer(text, action))
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .slice(0, MAX_FIELDS);
  return Object.fromEntries(fields.map(([name, value]) => [oneLine(name), oneLine(String(value))]));
}

function oneLine(text: string): string {
  return text.slice(0, MAX_FIELD_LENGTH).replace(/\p{Cc}+/gu, " ");
}

/**
 * Ends a session at the provider; its access token lives on until it expires. Resolves with false when the provider
 * knows no such session (any more) or no such wish.
 */
export async function requestLogout(
  context: OidcContext,
  url: string,
  session: { readonly refreshToken: string; readonly clientId: string },
): Promise<boolean> {
  const action = "end the session";
  if (!isSecureUrl(url)) {
    throw new AuthError(`Cannot ${action}: the address for it is not a https address`, {
      code: "insecure-url",
    });
  }
  const form = { client_id: session.clientId, refresh_token: session.refreshToken };
  const response = await context.http.request({
    action,
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded", "accept": "application/json" },
    body: new URLSearchParams(form).toString(),
    retry: false,
  });
  await response.body.cancel();
  const { status } = response;
  if (status === 429 || status >= 500) throw unexpectedStatus(action, response);
  return status === 200 || status === 204;
}

/** The provider objects to the request itself, not to what was to be redeemed. */
function isMalformed({ refusal, status }: Refusal): boolean {
  return refusal !== "invalid_grant" && status !== 401 || refusal === "invalid_client";
}

function requestRefused(action: string, { refusal, status }: Refusal): AuthError {
  return new AuthError(`Cannot ${action}: the identity provider refused the request (${refusal})`, {
    code: "login-refused",
    hint: refusal === "invalid_client" || refusal === "invalid_scope"
      ? "Check that this is the right service, and for one of your own its client_id and scopes"
      : undefined,
    data: { status, refusal },
  });
}

function refreshRefused(answer: Refusal): AuthError {
  const { refusal, status } = answer;
  if (isMalformed(answer)) {
    return new AuthError(
      `Cannot refresh the session: the identity provider refused the request (${refusal})`,
      {
        code: "refresh-refused",
        hint: "Check client_id and tokenURL of this remote: they have to be those of the login",
        data: { status, refusal },
      },
    );
  }
  return new AuthError("Cannot refresh the session: the service has ended it", {
    code: "session-lost",
    hint:
      `Make a new login token at ${LOGIN_TOKEN_PAGE}, then run "jottash config" and sign in again, or pipe ` +
      'it into "jottash config create NAME --login-token-stdin"',
    data: { status, refusal },
  });
}
