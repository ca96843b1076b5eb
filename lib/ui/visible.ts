/**
 * Makes text safe to show: names come from other people, and an escape sequence in one could move the cursor,
 * rename the window or make one name look like another.
 */

/** Controls, line and paragraph separators, marks that turn the direction of writing, halves of pairs. */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** `text` with everything that a terminal would obey written out: `\n`, `\x1b`, `\u{202e}`. One line always. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return SHORT[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`);
  });
}
