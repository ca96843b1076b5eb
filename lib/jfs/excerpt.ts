/** What the service said, as far as a message has room for it. */

const MAX_SHOWN_CHARS = 80;

/** The beginning of a text that may have any length; never half a character. */
export function excerpt(text: string): string {
  if (text.length <= MAX_SHOWN_CHARS) return text.toWellFormed();
  return `${text.slice(0, MAX_SHOWN_CHARS).replace(/[\ud800-\udbff]$/, "").toWellFormed()}...`;
}
