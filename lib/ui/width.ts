/**
 * How many terminal columns a text takes. Counted per code point, as wcwidth does: terminals that draw an emoji
 * sequence as one picture use fewer columns than counted, none uses more, so nothing wraps by surprise.
 */

const PLAIN_ASCII = /^[\x20-\x7e]*$/;
/** Controls, marks that sit on the letter before, joiners and other invisible formatting, Hangul vowels and finals. */
const ZERO = /[\p{Cc}\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7fb]/u;
/** Flags are two of these: one column each. */
const REGIONAL = /\p{Regional_Indicator}/u;
const EMOJI = /\p{Emoji_Presentation}/u;
const SOFT_HYPHEN = 0xad;
/** After a narrow symbol it asks for the coloured, wide picture. */
const EMOJI_SELECTOR = 0xfe0f;

/** East Asian Width W or F (Unicode 16) as pairs of first and last; what EMOJI matches is left out. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f2ff],
  [0x1f300, 0x1f320],
  [0x20000, 0x3fffd],
];

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Columns that `text` takes; controls take none. */
export function displayWidth(text: string): number {
  if (PLAIN_ASCII.test(text)) return text.length;
  let width = 0;
  let last = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === EMOJI_SELECTOR && last === 1) width++;
    last = widthOf(character, code);
    width += last;
  }
  return width;
}

/** `text`, or its beginning with `…`, within `columns`; letters keep their accents. */
export function shortenEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? "" : takeStart(graphemes(text), columns - 1) + "…";
}

/** `text`, or its beginning, `…` and its end (where a file name tells most), within `columns`. */
export function shortenMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return "";
  const parts = graphemes(text);
  const tail = takeStart(parts.toReversed(), Math.ceil((columns - 1) / 2), { reversed: true });
  return takeStart(parts, columns - 1 - displayWidth(tail)) + "…" + tail;
}

/** `text` with spaces after it up to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** `text` with spaces before it up to `columns`. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - displayWidth(text))) + text;
}

function widthOf(character: string, code: number): number {
  if (code < 0x7f) return code < 0x20 ? 0 : 1;
  if (code === SOFT_HYPHEN) return 1;
  if (ZERO.test(character)) return 0;
  if (REGIONAL.test(character)) return 1;
  return isWide(code) || EMOJI.test(character) ? 2 : 1;
}

function isWide(code: number): boolean {
  if (code < 0x1100) return false;
  let low = 0;
  let high = WIDE.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, end] = WIDE[middle] ?? [0, 0];
    if (code < first) high = middle - 1;
    else if (code > end) low = middle + 1;
    else return true;
  }
  return false;
}

function graphemes(text: string): string[] {
  return Array.from(SEGMENTER.segment(text), (part) => part.segment);
}

function takeStart(
  parts: readonly string[],
  columns: number,
  { reversed = false }: { readonly reversed?: boolean } = {},
): string {
  const taken: string[] = [];
  let used = 0;
  for (const part of parts) {
    const width = displayWidth(part);
    if (used + width > columns) break;
    taken.push(part);
    used += width;
  }
  return (reversed ? taken.reverse() : taken).join("");
}
