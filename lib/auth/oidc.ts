/**
 * The identity provider's discovery document and token endpoint: one request each, and what its answers mean.
 * Whether and when to refresh is decided in `token_source.ts`.
 *
 * No token request is repeated here or by the HTTP client: once it has left, the login token or the refresh token
 * in it may be spent although no answer came back, and a refresh token that is sent twice can end the whole
 * session. Only discovery, which spends nothing, is retried.
 *
 * Source of fact: API reference 2.1 and 2.4 (documented); OpenID Connect Discovery 1.0.
 */
import type { Clock, HttpResponse } from "../edges.ts";
import { AuthError, type JottashError, NetworkError, ProtocolError, ServiceError } from "../errors.ts";
import { type HttpClient, readText } from "../http/client.ts";
import type { StoredToken } from "../store/token_store.ts";
import { expiryOf } from "./jwt.ts";
import type { LoginToken } from "./login_token.ts";
import { isSecureUrl } from "../http/secure_url.ts";
import { LOGIN_TOKEN_PAGE } from "./services.ts";

/** Real answers have some three kilobytes. */
const MAX_ANSWER_BYTES = 256 * 1024;
const LOGIN_SCOPE = "openid offline_access";
const FORM = "application/x-www-form-urlencoded";
/** Goes into a header line: visible ASCII only. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

export interface OidcContext {
  /** Without an authorizer: these requests carry no access token. */
  readonly http: HttpClient;
  readonly clock: Clock;
}

/** Where tokens come from, by the provider's discovery document. Throws `ProtocolError` for one it cannot read. */
export async function discoverTokenEndpoint(http: HttpClient, wellKnownLink: string): Promise<string> {
  const action = "ask the identity provider for its addresses";
  const response = await http.request({ action, method: "GET", url: wellKnownLink });
  const text = await readAnswer(response, action);
  if (response.status !== 200) throw unexpectedStatus(action, response);
  const endpoint = parseObject(text, action)["token_endpoint"];
  if (typeof endpoint !== "string") throw unreadable(action, '"token_endpoint" as text');
  if (!isSecureUrl(endpoint)) throw unreadable(action, 'a "token_endpoint" with https');
  return endpoint;
}

/**
 * Turns a login token into a session. The login token is spent as soon as the request arrives. Throws `AuthError`
 * when it is refused.
 */
export async function requestLogin(
  context: OidcContext,
  tokenUrl: string,
  login: { readonly loginToken: LoginToken; readonly clientId: string },
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
  if ("refusal" in answer) throw loginRefused(answer);
  if (answer.token.refreshToken === undefined) throw unreadable(action, '"refresh_token" as text');
  return answer.token;
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

interface TokenRequest {
  readonly action: string;
  readonly tokenUrl: string;
  readonly form: Readonly<Record<string, string>>;
}

interface Refusal {
  /** The provider's error code, one of the standard words; anything else is "other". */
  readonly refusal: string;
  readonly status: number;
}

async function requestToken(
  context: OidcContext,
  request: TokenRequest,
): Promise<{ readonly token: StoredToken } | Refusal> {
  const { action, tokenUrl, form } = request;
  if (!isSecureUrl(tokenUrl)) {
    throw new AuthError(`Cannot ${action}: the token address is not a https address`, {
      code: "insecure-url",
    });
  }
  // Before the request, so that a slow answer makes the token look older, never younger.
  const askedAtMs = context.clock.now();
  const response = await context.http.request({
    action,
    method: "POST",
    url: tokenUrl,
    headers: { "content-type": FORM, "accept": "application/json" },
    body: new URLSearchParams(form).toString(),
    retry: false,
  });
  const text = await readAnswer(response, action);
  if (response.status === 400 || response.status === 401) {
    return { refusal: errorCodeOf(text), status: response.status };
  }
  if (response.status !== 200) throw unexpectedStatus(action, response);
  return { token: decodeToken(parseObject(text, action), { action, askedAtMs }) };
}

function decodeToken(
  fields: Readonly<Record<string, unknown>>,
  context: { readonly action: string; readonly askedAtMs: number },
): StoredToken {
  const { action, askedAtMs } = context;
  const accessToken = fields["access_token"];
  if (typeof accessToken !== "string" || !HEADER_SAFE.test(accessToken)) {
    throw unreadable(action, '"access_token" as text');
  }
  const tokenType = fields["token_type"];
  if (typeof tokenType !== "string" || tokenType.toLowerCase() !== "bearer") {
    throw unreadable(action, '"token_type" bearer');
  }
  const refreshToken = fields["refresh_token"];
  if (refreshToken !== undefined && (typeof refreshToken !== "string" || refreshToken === "")) {
    throw unreadable(action, '"refresh_token" as text');
  }
  const lifetime = fields["expires_in"];
  if (lifetime === undefined) {
    const expiresAtMs = expiryOf(accessToken);
    if (expiresAtMs === undefined) throw unreadable(action, '"expires_in" in seconds');
    return { accessToken, tokenType, refreshToken, expiresAtMs };
  }
  if (typeof lifetime !== "number" || !(lifetime > 0) || lifetime > 1e9) {
    throw unreadable(action, '"expires_in" in seconds');
  }
  return { accessToken, tokenType, refreshToken, expiresAtMs: askedAtMs + lifetime * 1000 };
}

function loginRefused({ refusal, status }: Refusal): AuthError {
  if (refusal !== "invalid_grant" && status !== 401) {
    return new AuthError(`Cannot sign in: the identity provider refused the request (${refusal})`, {
      code: "login-refused",
      data: { status, refusal },
    });
  }
  return new AuthError(
    "Cannot sign in: the login token was refused: it is used already, expired, or of another service",
    {
      code: "login-token-refused",
      hint: `Make a new one at ${LOGIN_TOKEN_PAGE}, under "Personal login token"; each works once`,
      data: { status, refusal },
    },
  );
}

function refreshRefused({ refusal, status }: Refusal): AuthError {
  if (refusal !== "invalid_grant" && status !== 401) {
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

/** Only known words leave this function: the rest of the text is the provider's and may repeat what was sent. */
function errorCodeOf(text: string): string {
  const known =
    /"error"\s*:\s*"(invalid_grant|invalid_client|invalid_request|invalid_scope|unauthorized_client|unsupported_grant_type)"/;
  return known.exec(text)?.[1] ?? "other";
}

/** A body that breaks off is a lost answer, whatever the transport calls it. */
async function readAnswer(response: HttpResponse, action: string): Promise<string> {
  try {
    return await readText(response, MAX_ANSWER_BYTES);
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw unreadable(action, `no more than ${MAX_ANSWER_BYTES} bytes`);
    }
    throw new NetworkError(`Cannot ${action}: the answer broke off`, { cause: error });
  }
}

function parseObject(text: string, action: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold a token.
    throw unreadable(action, "JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(action, "a JSON object");
  }
  return { ...value };
}

function unreadable(action: string, expected: string): ProtocolError {
  return new ProtocolError(`Cannot ${action}: the answer of the identity provider lacks ${expected}`);
}

function unexpectedStatus(action: string, response: HttpResponse): JottashError {
  const { status } = response;
  const isPassing = status === 429 || status >= 500;
  const details = { retry: isPassing ? "now" : "never", data: { status } } as const;
  return new ServiceError(`Cannot ${action}: the identity provider answered ${status}`, details);
}
