/**
 * What the identity provider says through the browser that it sends back: a code, a refusal, or nothing that belongs
 * to this attempt. Read from a request of the browser, or from the address that a user has copied out of it.
 *
 * Source of fact: API reference 2.2 (documented); RFC 6749, 4.1.2; the words for errors also OpenID Connect Core 3.1.2.6.
 */
import { AuthError } from "../errors.ts";

export type RedirectAnswer =
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "refused"; readonly error: AuthError }
  /** Says nothing about this attempt. */
  | { readonly kind: "stray"; readonly problem: string };

/** Real ones have some hundred characters. */
const MAX_CODE_LENGTH = 4096;
const MAX_PASTE_LENGTH = 64 * 1024;

/** Error words that may be shown, and what they mean to the user. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ["access_denied", "it was refused or given up in the browser"],
  ["login_required", "the browser is not signed in"],
  ["interaction_required", "the identity provider wants to ask something first"],
  ["consent_required", "the identity provider wants a consent first"],
  ["account_selection_required", "the identity provider wants an account to be chosen first"],
  ["invalid_request", "the identity provider does not understand the request"],
  ["unauthorized_client", "the identity provider does not allow this client"],
  ["unsupported_response_type", "the identity provider does not allow this kind of sign-in"],
  ["invalid_scope", "the identity provider does not know the scopes that were asked for"],
  ["server_error", "the identity provider has a failure of its own"],
  ["temporarily_unavailable", "the identity provider is overloaded or in maintenance"],
]);

/** `state` is the one of this attempt: an answer with another one may come from anybody. */
export function readRedirect(params: URLSearchParams, state: string): RedirectAnswer {
  const code = params.get("code") ?? "";
  const error = params.get("error");
  if (code === "" && error === null) return { kind: "stray", problem: "it has no code" };
  if (params.get("state") !== state) {
    return { kind: "stray", problem: "it belongs to another attempt to sign in" };
  }
  if (error !== null) return { kind: "refused", error: refusedInBrowser(error) };
  if (code.length > MAX_CODE_LENGTH) return { kind: "stray", problem: "its code is too long" };
  return { kind: "code", code };
}

/**
 * The code in an address that a user has pasted, however it was copied: with line breaks, quotes, `&amp;`, or only
 * what follows the question mark. Throws `AuthError` (code `login-refused`), which never repeats the address.
 */
export function readPastedRedirect(
  text: string,
  attempt: { readonly state: string; readonly redirectUri: string },
): string {
  const compact = text.slice(0, MAX_PASTE_LENGTH)
    .replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]+/gu, "")
    .replace(/^["'`<([\u2018-\u201f\u00ab]+|["'`>)\]\u2018-\u201f\u00bb]+$/gu, "")
    .replace(/&(?:amp|#38|#x26);/gi, "&");
  const hint =
    `Paste the whole address that begins with ${attempt.redirectUri} from the browser, after signing in there`;
  if (compact === "") throw unusable("nothing was pasted", hint);
  const params = new URLSearchParams(queryOf(compact));
  if (isElsewhere(compact) && !params.has("code")) {
    throw unusable("this is the address of a page before the last one", hint);
  }
  const answer = readRedirect(params, attempt.state);
  if (answer.kind === "code") return answer.code;
  if (answer.kind === "refused") throw answer.error;
  const isOfAnother = params.has("code") || params.has("error");
  throw unusable(
    answer.problem,
    isOfAnother ? "Start again, and use only the page that is opened then" : hint,
  );
}

function queryOf(compact: string): string {
  const [beforeHash = ""] = compact.split("#", 1);
  const mark = beforeHash.indexOf("?");
  if (mark >= 0) return beforeHash.slice(mark + 1);
  return /^&?(?:code|state|session_state|error|iss)=/.test(beforeHash) ? beforeHash : "";
}

function isElsewhere(compact: string): boolean {
  const host = /^https?:\/\//i.test(compact) ? URL.parse(compact)?.hostname : undefined;
  return host !== undefined && host !== "localhost" && host !== "127.0.0.1";
}

function unusable(problem: string, hint: string): AuthError {
  return new AuthError(`Cannot sign in with this address: ${problem}`, { code: "login-refused", hint });
}

function refusedInBrowser(word: string): AuthError {
  const meaning = REFUSALS.get(word);
  const refusal = meaning === undefined ? "other" : word;
  return new AuthError(`Cannot sign in: ${meaning ?? "the identity provider refused it"} (${refusal})`, {
    code: "login-refused",
    hint: word === "server_error" || word === "temporarily_unavailable"
      ? "Try again later"
      : word === "access_denied"
      ? "Start the sign-in again when you want it"
      : "Start the sign-in again; check that this is the right service",
    data: { refusal },
  });
}
