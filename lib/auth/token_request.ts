/**
 * One request to a token endpoint, of either kind, and what its answer means.
 *
 * No token request is repeated here or by the HTTP client: once it has left, the login token, the code or the refresh
 * token in it may be spent although no answer came back, and a refresh token that is sent twice can end the whole
 * session.
 *
 * Source of fact: API reference 2.1 and 2.4 (documented); RFC 6749.
 */
import type { Clock } from "../edges.ts";
import { AuthError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import { isSecureUrl } from "../http/secure_url.ts";
import type { StoredToken } from "../store/token_store.ts";
import { parseAnswer, readAnswer, unexpectedStatus, unreadable } from "./identity_answer.ts";
import { expiryOf } from "./jwt.ts";

const FORM = "application/x-www-form-urlencoded";
/** Goes into a header line: visible ASCII only. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;
/** Some thirty years. */
const MAX_LIFETIME_S = 1e9;

export interface OidcContext {
  /** Without an authorizer: these requests carry no access token. */
  readonly http: HttpClient;
  readonly clock: Clock;
}

export interface TokenRequest {
  /** For messages, as in `sign in`. */
  readonly action: string;
  readonly tokenUrl: string;
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** A token endpoint that said no: 400 or 401. */
export interface Refusal {
  /** The provider's error code, one of the known words; anything else is "other". */
  readonly refusal: string;
  readonly status: number;
  /** The provider says that what was sent is too old. */
  readonly isExpired: boolean;
  readonly headers: Headers;
}

/**
 * Sends the form once. Throws `AuthError` (code `insecure-url`) before anything is sent, `NetworkError`,
 * `ServiceError` or `ProtocolError` when it is not known what became of the request.
 */
export async function requestToken(
  context: OidcContext,
  request: TokenRequest,
): Promise<{ readonly token: StoredToken } | Refusal> {
  const { action, tokenUrl, form, headers, signal } = request;
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
    headers: { "content-type": FORM, "accept": "application/json", ...headers },
    body: new URLSearchParams(form).toString(),
    retry: false,
    signal,
  });
  const text = await readAnswer(response, action);
  if (response.status === 400 || response.status === 401) {
    return {
      refusal: errorCodeOf(text),
      status: response.status,
      isExpired: /"error_description"\s*:\s*"[^"]*\bexpired\b/i.test(text),
      headers: response.headers,
    };
  }
  if (response.status !== 200) throw unexpectedStatus(action, response);
  return { token: decodeToken(parseAnswer(text, action), { action, askedAtMs }) };
}

/**
 * A refresh token in the answer is the only one that is good from now on: whatever else is odd, it has to be kept.
 * Beside one, an access token that cannot be used is empty; without one, there is nothing to keep.
 */
function decodeToken(
  fields: Readonly<Record<string, unknown>>,
  context: { readonly action: string; readonly askedAtMs: number },
): StoredToken {
  const { action, askedAtMs } = context;
  const refreshToken = textOf(fields["refresh_token"]);
  const tokenType = textOf(fields["token_type"]) ?? "Bearer";
  const isBearer = tokenType.toLowerCase() === "bearer";
  const found = textOf(fields["access_token"]) ?? "";
  const accessToken = isBearer && HEADER_SAFE.test(found) ? found : "";
  if (accessToken === "" && refreshToken === undefined) {
    throw unreadable(action, isBearer ? '"access_token" as text' : '"token_type" bearer');
  }
  const lifetimeMs = lifetimeInMs(fields["expires_in"]);
  const expiresAtMs = lifetimeMs === undefined ? expiryOf(accessToken) : askedAtMs + lifetimeMs;
  return { accessToken, tokenType: isBearer ? tokenType : "Bearer", refreshToken, expiresAtMs };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Undefined where the life is not told, or told as nonsense: then the token itself may tell, or the service. */
function lifetimeInMs(value: unknown): number | undefined {
  const seconds = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof seconds === "number" && seconds > 0 && seconds <= MAX_LIFETIME_S ? seconds * 1000 : undefined;
}

/** The token of a new session: one without a refresh token would be over within the hour. */
export function requireSession(token: StoredToken, action: string): StoredToken {
  if (token.refreshToken === undefined) throw unreadable(action, '"refresh_token" as text');
  if (token.accessToken === "") throw unreadable(action, '"access_token" as text');
  return token;
}

const KNOWN_CODES: ReadonlySet<string> = new Set([
  "invalid_grant",
  "invalid_client",
  "invalid_request",
  "invalid_scope",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_client_or_otp_missing_or_wrong",
]);

/** Only known words leave this function: the rest of the text is the provider's and may repeat what was sent. */
function errorCodeOf(text: string): string {
  const word = /"error"\s*:\s*"([a-z_]+)"/.exec(text)?.[1] ?? "";
  return KNOWN_CODES.has(word) ? word : "other";
}
