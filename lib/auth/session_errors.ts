/** What is said when a session cannot be used, and what its user can do then. */
import { AuthError } from "../errors.ts";
import { formatLocalTime } from "../units.ts";

const PLACE_HINT =
  "Name a place that can: a file with --token-file (JOTTASH_TOKEN_FILE), or commands with --token-get-cmd and " +
  "--token-put-cmd";

/** For a remote that no section of the config describes: there is nothing to sign in again. */
export const ENVIRONMENT_HINT =
  "Set JOTTASH_ACCESS_TOKEN, or JOTTASH_LOGIN_TOKEN and JOTTASH_TOKEN_FILE; see: jottash help environment";

/** How the user of a remote gets a session. */
export function signInHint(remote: string): string {
  return remote.startsWith(":")
    ? ENVIRONMENT_HINT
    : `Sign in: jottash config reconnect ${commandWord(remote)}`;
}

/** A remote as a word of a shell. */
function commandWord(remote: string): string {
  return remote.includes(" ") ? `"${remote}:"` : `${remote}:`;
}

export function notSignedIn(remote: string, hint: string = signInHint(remote)): AuthError {
  return new AuthError(`Cannot use "${remote}:": nobody is signed in`, {
    code: "not-signed-in",
    hint,
    data: { remote },
  });
}

export function noRefreshToken(remote: string): AuthError {
  return new AuthError(
    `Cannot use "${remote}:": its access token is no longer good and there is no refresh token`,
    {
      code: "session-lost",
      hint: signInHint(remote),
      data: { remote },
    },
  );
}

export function copiedHint(remote: string): string {
  return `For a session of its own: jottash config reconnect ${
    commandWord(remote)
  } - or, if no other machine uses this one any ` +
    `more: jottash auth adopt ${commandWord(remote)}`;
}

export function sessionCopied(remote: string): AuthError {
  return new AuthError(
    `Cannot refresh the session of "${remote}:": it was copied from another machine, and to refresh it here would ` +
      "end it for both",
    { code: "session-copied", hint: copiedHint(remote), data: { remote } },
  );
}

/** The provider refused a refresh token that an interrupted refresh had already sent. */
export function lostInInterruption(
  remote: string,
  { atMs, cause }: { readonly atMs: number; readonly cause: AuthError },
): AuthError {
  return new AuthError(
    `Cannot refresh the session of "${remote}:": a refresh was interrupted at ${
      formatLocalTime(atMs)
    } before its ` +
      "answer was saved, and the service has ended the session",
    {
      code: "session-lost",
      hint: signInHint(remote),
      cause,
      data: { ...cause.data, remote, interruptedAtMs: atMs },
    },
  );
}

/** `hint` says why there is no longer one, where something keeps the session from being refreshed. */
export function tokenTooShort(
  remote: string,
  { endsAtMs, hint }: { readonly endsAtMs: number | undefined; readonly hint: string | undefined },
): AuthError {
  const until = endsAtMs === undefined ? "" : ` until ${formatLocalTime(endsAtMs)} only`;
  return new AuthError(`Cannot get an access token of "${remote}:" that lives so long: it is good${until}`, {
    code: "token-too-short",
    hint: hint ?? "Ask for a shorter life: the service decides how long its tokens live",
    data: { remote, expiresAtMs: endsAtMs },
  });
}

/** `source` is where the token came from, as in "the environment". */
export function accessTokenEnded(remote: string, source: string): AuthError {
  return new AuthError(
    `Cannot use "${remote}:": the access token from ${source} is no longer good, and nothing here can refresh it`,
    {
      code: "access-token-ended",
      hint: 'Set a new one; "jottash auth token" prints one where the session is',
      data: { remote },
    },
  );
}

export function tokenNotKept(remote: string, source: string): AuthError {
  return new AuthError(
    `Cannot refresh the session of "${remote}:": it comes from ${source}, which cannot keep the new one`,
    {
      code: "session-not-writable",
      hint: `${PLACE_HINT}; the session is not harmed, nothing was sent`,
      data: { remote },
    },
  );
}

export function noPutCommand(remote: string): AuthError {
  return new AuthError(
    `Cannot refresh the session of "${remote}:": its access token is no longer good, and there is no command that ` +
      "puts a new session back",
    {
      code: "session-not-writable",
      hint: "Set --token-put-cmd, or let the machine that refreshes store a new token",
      data: { remote },
    },
  );
}

export function noPlaceForLogin(remote: string): AuthError {
  return new AuthError(
    `Cannot sign in to "${remote}:" with the login token: no place is named that keeps the session`,
    {
      code: "session-not-writable",
      hint: `${PLACE_HINT}; the login token is not spent`,
      data: { remote },
    },
  );
}
