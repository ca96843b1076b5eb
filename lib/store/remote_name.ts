/**
 * Which names a remote may have: rclone's rule, so that every remote made here can be used there.
 * Source of fact: rclone's own test data for `fspath.CheckConfigName` (documented).
 */

const ALLOWED = /^[\p{L}\p{N}_.+@-][\p{L}\p{N}_.+@ -]*$/u;

/** Why `name` cannot name a remote; undefined when it can. */
export function checkRemoteName(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.startsWith("-")) return 'it starts with "-"';
  if (name.startsWith(" ")) return "it starts with a space";
  if (name.endsWith(" ")) return "it ends with a space";
  if (!ALLOWED.test(name)) {
    return 'only letters, digits, "_", "-", ".", "+", "@" and spaces inside are allowed';
  }
  return undefined;
}
