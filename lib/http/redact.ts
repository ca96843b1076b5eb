/** The one filter between secrets and anything that is printed or logged. */

const SECRET_PARAMETERS =
  /\b(access_token|refresh_token|id_token|auth_token|password|client_secret|code|token|authToken)(["']?\s*[=:]\s*["']?)[^&\s"',}]+/gi;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi;
/** JSON Web Tokens and base64url JSON (a login token), wherever they stand. */
const JWT_LIKE = /\beyJ[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]*){0,2}={0,2}/g;
/** What follows the upload path is a capability: whoever has it can write (API reference 5.14). */
const UPLOAD_PATH = /(\/upload\/)[^\s"'?]+/g;

/** `text` with tokens, passwords, codes and upload URLs blotted out. */
export function redactText(text: string): string {
  return text
    .replace(BEARER, "$1 ***")
    .replace(SECRET_PARAMETERS, "$1$2***")
    .replace(JWT_LIKE, "***")
    .replace(UPLOAD_PATH, "$1***");
}
