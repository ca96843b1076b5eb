/**
 * The personal login token: what the user pastes once. It tells who logs in and where, and can be used once.
 *
 * Source of fact: API reference 2.1 (documented): base64url without padding of a JSON object. People paste it with
 * quotes and line breaks, and tools re-code it in the other alphabet, so those are read too. No message here
 * repeats any part of the token.
 */
import { AuthError, UsageError } from "../errors.ts";
import { isSecureUrl } from "../http/secure_url.ts";
import { LOGIN_TOKEN_PAGE } from "./services.ts";

export interface LoginToken {
  readonly userName: string;
  readonly realm: string | undefined;
  readonly wellKnownLink: string;
  /** Works once. */
  readonly authToken: string;
}

/** Far beyond a real one: what is longer was pasted by mistake. */
const MAX_LENGTH = 16 * 1024;

/** It goes into messages: nothing else is taken for one. */
const REALM = /^[\w.~-]{1,100}$/;
/** Blanks, line breaks, soft hyphens, zero-width characters. */
const INVISIBLE = /[\s\u00ad\u200b-\u200d\u2060\ufeff]+/gu;
const QUOTES = /^["'`<\u2018-\u201f\u00ab]+|["'`>\u2018-\u201f\u00bb]+$/gu;

/** Throws `UsageError` when nothing is given, `AuthError` for what is no login token. */
export function parseLoginToken(text: string): LoginToken {
  const compact = text.replace(INVISIBLE, "").replace(QUOTES, "");
  if (compact === "") {
    throw new UsageError("Cannot sign in: the login token is empty", {
      hint: `Make a personal login token at ${LOGIN_TOKEN_PAGE}`,
    });
  }
  if (compact.length > MAX_LENGTH) throw unusable(`it is longer than ${MAX_LENGTH} characters`);
  const fields = parseFields(decodeText(compact));
  const userName = requiredText(fields, "username");
  const authToken = requiredText(fields, "auth_token");
  const wellKnownLink = requiredText(fields, "well_known_link");
  if (!isSecureUrl(wellKnownLink)) throw unusable('its "well_known_link" is not a https address');
  const realm = fields["realm"];
  return {
    userName,
    authToken,
    wellKnownLink,
    realm: typeof realm === "string" && REALM.test(realm) ? realm : undefined,
  };
}

function decodeText(compact: string): string {
  const digits = compact.replaceAll("+", "-").replaceAll("/", "_").replace(/={1,4}$/, "");
  if (!/^[A-Za-z0-9_-]+$/.test(digits)) throw unusable("it has characters that do not belong in it");
  // One digit left over carries no whole byte: the end is missing.
  if (digits.length % 4 === 1) throw unusable("it is cut short");
  try {
    const bytes = Uint8Array.fromBase64(digits, { alphabet: "base64url" });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable("it is damaged or not a login token");
  }
}

function parseFields(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own message would quote the text: it is left out, also as a cause.
    if (json.trimStart().startsWith("{")) throw unusable("it is cut short or damaged");
    throw unusable(json.trimEnd().endsWith('"}') ? "its beginning is missing" : "it is not a login token");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unusable("it is not a login token");
  }
  return { ...value };
}

function requiredText(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw unusable(`it has no "${name}"`);
  return value;
}

function unusable(problem: string): AuthError {
  return new AuthError(`Cannot use this login token: ${problem}`, {
    code: "login-token-invalid",
    hint: `Copy all of it, or make a new personal login token at ${LOGIN_TOKEN_PAGE}`,
  });
}
