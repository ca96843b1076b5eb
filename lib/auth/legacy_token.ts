/**
 * The token service of before OpenID: the same tokens and the same rotation, other spellings. The service has ended
 * it for most or all accounts in 2025; sessions that it still keeps alive go on.
 *
 * Source of fact: API reference 2.3 (documented). The login goes into the form body, as one client is known to send
 * it; rclone sends it in the query, where a password ends in the logs of every machine on the way.
 */
import type { Random } from "../edges.ts";
import { AuthError, ServiceError } from "../errors.ts";
import { reveal } from "../store/obscure.ts";
import type { StoredToken } from "../store/token_store.ts";
import { parseAnswer, readAnswer, unexpectedStatus, unreadable } from "./identity_answer.ts";
import { LOGIN_TOKEN_PAGE } from "./services.ts";
import { type OidcContext, type Refusal, requestToken, requireSession } from "./token_request.ts";

/** The client that all machines without a registration share; not a secret, rclone's source has it too. */
const DEFAULT_CLIENT_ID = "nibfk8biu12ju7hpqomr8b1e40";
const DEFAULT_CLIENT_SECRET = "Vp8eAv7eVElMnQwN-kgU9cbhgApNDaMqWdlDi5qFydlQoji4JBxrGMF2";
/** The same for everybody: it says which program registers, not who. */
const REGISTER_BEARER = "c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq";
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const DEVICE_ID_LENGTH = 21;
/** Bytes from here on would make some letters likelier than others. */
const FAIR_BYTES = 256 - 256 % LETTERS.length;

/** As in the config file: empty means the shared client. */
export interface LegacyClient {
  readonly clientId: string;
  /** In the clear. */
  readonly clientSecret: string;
}

/** The client of a section, whose secret is stored obscured. Throws `ConfigError` for a secret that cannot be read. */
export function legacyClientOf(
  stored: { readonly clientId: string | undefined; readonly clientSecret: string | undefined },
): LegacyClient {
  return {
    clientId: stored.clientId || DEFAULT_CLIENT_ID,
    clientSecret: reveal(stored.clientSecret || DEFAULT_CLIENT_SECRET),
  };
}

/** Makes a client for this machine alone, so that signing in elsewhere does not end this session. */
export async function requestRegistration(
  context: OidcContext & { readonly random: Pick<Random, "bytes"> },
  apiBase: string,
): Promise<LegacyClient> {
  const action = "register this machine";
  const query = new URLSearchParams({ device_id: `jottash-${randomLetters(context.random)}` });
  const response = await context.http.request({
    action,
    method: "POST",
    url: `${apiBase}/auth/v1/register?${query}`,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "accept": "application/json",
      "authorization": `Bearer ${REGISTER_BEARER}`,
    },
    body: "",
  });
  const text = await readAnswer(response, action);
  if (hasEnded(response.status)) throw ended(action);
  if (response.status === 400 || response.status === 401) {
    throw new AuthError(`Cannot ${action}: the service refuses it`, {
      code: "login-refused",
      hint: `Sign in with a login token instead, made at ${LOGIN_TOKEN_PAGE}`,
      data: { status: response.status },
    });
  }
  if (response.status !== 200) throw unexpectedStatus(action, response);
  const { client_id: clientId, client_secret: clientSecret } = parseAnswer(text, action);
  if (typeof clientId !== "string" || clientId === "") throw unreadable(action, '"client_id" as text');
  if (typeof clientSecret !== "string" || clientSecret === "") {
    throw unreadable(action, '"client_secret" as text');
  }
  return { clientId, clientSecret };
}

/** Resolves with the refusal where the service wants something else, such as a code sent by SMS. */
export async function requestLegacyLogin(
  context: OidcContext,
  apiBase: string,
  login: LegacyClient & {
    readonly userName: string;
    readonly password: string;
    /** Six digits. */
    readonly code: string | undefined;
  },
): Promise<{ readonly token: StoredToken } | Refusal> {
  const action = "sign in";
  const answer = await throughTheEnd(action, () =>
    requestToken(context, {
      action,
      tokenUrl: tokenUrlOf(apiBase),
      form: {
        grant_type: "PASSWORD",
        client_id: login.clientId,
        client_secret: login.clientSecret,
        username: login.userName,
        password: login.password,
      },
      headers: login.code === undefined ? {} : { "x-jottacloud-otp": login.code },
    }));
  if ("token" in answer) requireSession(answer.token, action);
  return answer;
}

/**
 * Spends a refresh token of this service. `clientId` and `clientSecret` are those of the section, the secret obscured
 * as it is stored; undefined or empty means the shared client. Throws `AuthError` (code `session-lost`) when it is
 * refused; `NetworkError`, `ServiceError` or `ProtocolError` leave open whether it is spent.
 */
export async function requestLegacyRefresh(
  context: OidcContext,
  apiBase: string,
  refresh: {
    readonly refreshToken: string;
    readonly clientId: string | undefined;
    readonly clientSecret: string | undefined;
  },
): Promise<StoredToken> {
  const action = "refresh the session";
  const client = legacyClientOf(refresh);
  const answer = await throughTheEnd(action, () =>
    requestToken(context, {
      action,
      tokenUrl: tokenUrlOf(apiBase),
      form: {
        // Upper-case: this service refuses the spelling that every other one wants.
        grant_type: "REFRESH_TOKEN",
        refresh_token: refresh.refreshToken,
        client_id: client.clientId,
        client_secret: client.clientSecret,
      },
    }));
  if ("token" in answer) {
    return { ...answer.token, refreshToken: answer.token.refreshToken ?? refresh.refreshToken };
  }
  const { refusal, status } = answer;
  throw new AuthError("Cannot refresh the session: the service has ended it", {
    code: "session-lost",
    hint: `Sign in again with a login token made at ${LOGIN_TOKEN_PAGE}: run "jottash config"`,
    data: { status, refusal },
  });
}

function tokenUrlOf(apiBase: string): string {
  return `${apiBase}/auth/v1/token`;
}

/** An address where nothing is any more answers so for everybody: no session and no password is at fault. */
async function throughTheEnd<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError && hasEnded(error.data["status"])) throw ended(action);
    throw error;
  }
}

function hasEnded(status: unknown): boolean {
  return status === 404 || status === 410;
}

function ended(action: string): AuthError {
  const isRefresh = action === "refresh the session";
  return new AuthError(
    `Cannot ${action}: the service has ended this way to sign in, with user name and password`,
    {
      code: isRefresh ? "session-lost" : "login-refused",
      hint: `Sign in with a login token instead: make one at ${LOGIN_TOKEN_PAGE}, then run "jottash config"`,
      data: { status: 404 },
    },
  );
}

function randomLetters(random: Pick<Random, "bytes">): string {
  let text = "";
  while (text.length < DEVICE_ID_LENGTH) {
    for (const byte of random.bytes(DEVICE_ID_LENGTH)) {
      if (byte < FAIR_BYTES) text += LETTERS[byte % LETTERS.length] ?? "";
    }
  }
  return text.slice(0, DEVICE_ID_LENGTH);
}
