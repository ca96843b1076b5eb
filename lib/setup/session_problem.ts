/** Is a session good for work, as far as that can be told without asking the service? */
import { copiedHint, ENVIRONMENT_HINT, signInHint } from "../auth/session_errors.ts";
import type { SessionStatus } from "../auth/session_status.ts";
import { AuthError } from "../errors.ts";
import { formatDuration, formatLocalTime } from "../units.ts";

export interface SessionDemand {
  readonly nowMs: number;
  /** How long an access token has to live from now on; 0 without it. */
  readonly minTtlMs?: number | undefined;
}

/** Undefined for a good session, else why it is none; the error has a hint and the status that `auth check` ends with. */
export function problemOf(status: SessionStatus, demand: SessionDemand): AuthError | undefined {
  const { remote } = status;
  const signIn = status.home === "environment" ? ENVIRONMENT_HINT : signInHint(remote);
  const again = status.method === "access-token"
    ? 'Set a new one; "jottash auth token" prints one where the session is'
    : signIn;
  const refuse = (state: string, code: string, hint: string) =>
    new AuthError(`Cannot rely on the session of "${remote}:": ${state}`, { code, hint, data: { remote } });
  if (!status.isSignedIn && status.expiresAtMs === undefined) {
    return refuse("nobody is signed in", "not-signed-in", signIn);
  }
  if (status.isCopied) {
    return refuse(
      "it was copied from another machine, and a refresh here would end it there and here",
      "session-copied",
      copiedHint(remote),
    );
  }
  if (status.canRefresh && status.interruptedAtMs === undefined) return undefined;
  const shortage = shortageOf(status.expiresAtMs, demand);
  if (shortage === undefined) return undefined;
  if (status.interruptedAtMs !== undefined) {
    const at = formatLocalTime(status.interruptedAtMs);
    return refuse(
      `a refresh was begun ${at} whose end nobody saw, and ${shortage}`,
      "session-interrupted",
      `The next command tries once more; to be safe sign in again: jottash config reconnect ${remote}:`,
    );
  }
  if (status.home === "commands" && status.isWritable === false) {
    return refuse(
      `nothing here can refresh it, and ${shortage}`,
      "session-not-writable",
      "Let the get command print a token that lives longer, or set --token-put-cmd too",
    );
  }
  if (status.isWritable === false && status.home !== "environment" && status.method !== "access-token") {
    return refuse(
      `a new token could not be saved, and ${shortage}`,
      "session-not-writable",
      "Make the place of the session writable; see: jottash auth status",
    );
  }
  return refuse(`it cannot be refreshed, and ${shortage}`, "token-too-short", again);
}

/** What is wrong with an access token that cannot be replaced; undefined when it does. */
function shortageOf(
  expiresAtMs: number | undefined,
  { nowMs, minTtlMs = 0 }: SessionDemand,
): string | undefined {
  if (expiresAtMs === undefined) {
    return minTtlMs > 0 ? "nobody knows when its access token ends" : undefined;
  }
  const leftMs = expiresAtMs - nowMs;
  if (leftMs <= 0) return `its access token ended ${formatLocalTime(expiresAtMs)}`;
  return leftMs < minTtlMs
    ? `its access token lives ${formatDuration(leftMs)}, not ${formatDuration(minTtlMs)}`
    : undefined;
}
