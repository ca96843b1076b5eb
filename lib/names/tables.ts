/**
 * What the service refuses as a stored name, found out before a request is spent on it. The one table of
 * these facts; the encoding that avoids them is in `mask.ts`. Allowed although other systems refuse it:
 * backslash, `;`, spaces and a dot at either end. `%` is accepted when storing but answered with 400 when
 * asked for; the default encoding avoids it.
 *
 * Source of fact: jottacloud-api.md 6.1. Length and U+FEFF are observed by others; the characters are those
 * rclone never stores, `.` and `..` too; that XML cannot carry U+FFFE and U+FFFF is inferred from how
 * listings are sent.
 */

/** Longest stored name in UTF-16 units. */
export const MAX_NAME_LENGTH = 255;

/** Units that no stored name holds; `visible` ones are shown as they are in the reason. */
const REFUSED_UNITS: readonly { readonly pattern: RegExp; readonly reason: (unit: string) => string }[] = [
  { pattern: /[/"*:<>?|]/, reason: (unit) => `it holds the character ${JSON.stringify(unit)}` },
  // deno-lint-ignore no-control-regex
  { pattern: /[\0-\x1f\x7f]/, reason: (unit) => `it holds the character "\\u${hexOf(unit).toLowerCase()}"` },
  { pattern: /\ufeff/, reason: (unit) => `it holds the invisible character U+${hexOf(unit)}` },
  { pattern: /[\ufffe\uffff]/, reason: (unit) => `it holds U+${hexOf(unit)}, which is not a character` },
];

/**
 * Why the service would refuse a stored name, as the end of a sentence such as `it is empty`; undefined if
 * nothing is known against it. The name is in stored form (`toStored`), without a path. U+FFFD is fine. Never
 * throws.
 */
export function refusedReason(storedName: string): string | undefined {
  if (storedName === "") return "it is empty";
  if (storedName === "." || storedName === "..") return "it means a folder itself or its parent";
  if (storedName.length > MAX_NAME_LENGTH) return `it is longer than ${MAX_NAME_LENGTH} characters`;
  if (!storedName.isWellFormed()) return "it is not valid Unicode";
  for (const { pattern, reason } of REFUSED_UNITS) {
    const found = pattern.exec(storedName);
    if (found !== null) return reason(found[0]);
  }
  return undefined;
}

function hexOf(unit: string): string {
  return unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}
