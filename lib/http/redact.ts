/**
 * The one filter between secrets and anything that is printed or logged. A secret may come as JSON (also within JSON,
 * where quotes are escaped), in a form or a query (also escaped for a URL), in a header, as a line of a config, or as
 * an option of a connection string, where quotes are doubled.
 */

const SECRET_NAMES = [
  "access_token",
  "refresh_token",
  "id_token",
  "auth_token",
  "login_token",
  "token",
  "authToken",
  "password2?",
  "pass",
  "passphrase",
  "client_secret",
  "secret",
  "code",
  "code_verifier",
  "otp",
].join("|");
/** What stands before a name, as in `RCLONE_CONFIG_JOTTA_PASS`, `--login-token` or `X-Jottacloud-Otp`. */
const NAME = `(?:\\b|(?<=%[0-9a-f]{2}))(?:[A-Za-z0-9_-]*[_-])?(?:${SECRET_NAMES})`;
const QUOTE = `(?:\\\\*["']|%22)`;
const SECRET_PARAMETERS = new RegExp(
  `(${NAME})(${QUOTE}?\\s*(?:[=:]|%3[ADad])\\s*)` +
    `(?:(\\\\*["']|%22)(?:\\3\\3|.)*?(?:(?<!\\\\)\\3(?!\\3)|$)|[^&\\s"',}\\\\]+)`,
  "gis",
);
/** Ways of the header to show who asks, whatever comes before. */
const CREDENTIALS = /\b(Bearer|Basic)(\s+|%20|\+)[A-Za-z0-9._~+/=%-]+/gi;
/** The same where "Basic" may be the first word of a file's name. */
const LONG_CREDENTIALS = /\b(Bearer|Basic)(\s+)[A-Za-z0-9._~+/=-]{20,}/gi;
/** A cookie header goes on to the end of its line, or of the text it is quoted in. */
const COOKIES = /\b((?:set-)?cookie2?\\*["']?\s*[=:]\s*\\*["']?)[^"'\r\n\\]+/gi;
/** `state` proves that an answer of the browser is ours; elsewhere the word means many things. */
const STATE_PARAMETER = /([?&](?:session_)?state=)[^&\s"'#]+/gi;
/** JSON Web Tokens and base64 of JSON (a login token) in either alphabet, wherever they stand. */
const JWT_LIKE =
  /(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))e(?:y[AJ]|w[0ko])[A-Za-z0-9_+/-]{16,}(?:\.[A-Za-z0-9_-]*){0,2}(?:=|%3D){0,2}/g;
/** What follows these paths is a capability: whoever has it can write, or read (API reference 5.10, 5.14). */
const CAPABILITY_PATH = /(\/upload\/|\/opin\/io\/\w+\/[^\s"'/?]+\/)[^\s"']+/g;
/** Pages of public links, at the root of their host only: `s` and `p` are names of folders too. */
const LINK_PAGE = /(https?:\/\/[^\s"'/?#]+\/(?:s|p\/[^\s"'/?#]+)\/)[^\s"'/?#]+/gi;

/** `text` with tokens, passwords, codes, cookies, upload URLs and public links blotted out. */
export function redactText(text: string): string {
  return text
    .replace(COOKIES, "$1***")
    .replace(CREDENTIALS, "$1$2***")
    .replace(SECRET_PARAMETERS, "$1$2***")
    .replace(JWT_LIKE, "***")
    .replace(STATE_PARAMETER, "$1***")
    .replace(CAPABILITY_PATH, "$1***")
    .replace(LINK_PAGE, "$1***");
}

/**
 * Blots out only what can be nothing but a token: for messages that name files, whose names may look like anything.
 * They hold no secrets by themselves; this is the second line of defence.
 */
export function redactTokens(text: string): string {
  return text.replace(LONG_CREDENTIALS, "$1$2***").replace(JWT_LIKE, "***");
}
