/** The one filter between secrets and anything that is printed or logged. */

/** As `name=value`, `name: value` or JSON, also JSON within JSON, where quotes are escaped. */
const SECRET_PARAMETERS =
  /\b(access_token|refresh_token|id_token|auth_token|password|client_secret|code|token|authToken|cookie)(\\*["']?\s*[=:]\s*)(?:(\\*["']).*?(?:(?<!\\)\3|$)|[^&\s"',}\\]+)/gis;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi;
/** JSON Web Tokens and base64 of JSON (a login token) in either alphabet, wherever they stand. */
const JWT_LIKE = /(?<![A-Za-z0-9])e(?:y[AJ]|w[0ko])[A-Za-z0-9_+/-]{16,}(?:\.[A-Za-z0-9_-]*){0,2}={0,2}/g;
/** What follows these paths is a capability: whoever has it can write, or read (API reference 5.10, 5.14). */
const CAPABILITY_PATH = /(\/upload\/|\/opin\/io\/\w+\/[^\s"'/?]+\/)[^\s"']+/g;

/** `text` with tokens, passwords, codes, upload URLs and public links blotted out. */
export function redactText(text: string): string {
  return text
    .replace(BEARER, "$1 ***")
    .replace(SECRET_PARAMETERS, "$1$2***")
    .replace(JWT_LIKE, "***")
    .replace(CAPABILITY_PATH, "$1***");
}
