/**
 * Which names a remote may have: rclone's rule, so that every remote made here can be used there.
 * Source of fact: rclone's own test data for `fspath.CheckConfigName` and `fspath.Parse` (documented).
 */

const ALLOWED = /^[\p{L}\p{N}_.+@-][\p{L}\p{N}_.+@ -]*$/u;
/** One dash at the end belongs to nothing; two of them, or one behind a space, are a word of their own. */
const LONELY_DASH = /[^ -]-$/u;

/** Why `name` cannot name a remote; undefined when it can. */
export function checkRemoteName(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.startsWith("-")) return 'it starts with "-"';
  if (name.startsWith(" ")) return "it starts with a space";
  if (name.endsWith(" ")) return "it ends with a space";
  if (!ALLOWED.test(name)) {
    return 'only letters, digits, "_", "-", ".", "+", "@" and spaces inside are allowed';
  }
  return LONELY_DASH.test(name) ? 'it ends with a single "-"' : undefined;
}
