/**
 * One line of rclone's configuration: text to meaning and back. The document made of such lines is in
 * `config_document.ts`.
 *
 * Source of fact: the reading vectors in tests/fixtures/config/plain.json and rclone 1.60.1 asked as a black box
 * (observed): `=` or `:` ends a key, keys may stand in `"`, `"""` or backquotes, values in `"""` or backquotes,
 * and what follows a closing quote is ignored; a plain `"` around a value belongs to the value.
 */

export type IniLine =
  | { readonly kind: "blank" }
  | { readonly kind: "comment" }
  | { readonly kind: "section"; readonly name: string }
  | {
    readonly kind: "entry";
    readonly key: string;
    readonly value: string;
    /** The text up to the separator and the blanks after it: what stays when the value changes. */
    readonly prefix: string;
  }
  | { readonly kind: "broken"; readonly problem: string };

/** Unicode White_Space, as Go trims it (JavaScript's `trim` differs in U+0085 and U+FEFF). */
const BLANKS = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${BLANKS}]+`, "u");
const BLANK = new RegExp(`^[${BLANKS}]$`, "u");
const KEY_QUOTES = ['"""', '"', "`"] as const;
const KEY_NEEDS_QUOTES = /^["`#;[]|[=:]/;

export function trimBlanks(text: string): string {
  return text.slice(0, endOfText(text)).replace(LEADING, "");
}

/** Where the blanks at the end begin. A pattern for them would look at every blank of a line again and again. */
function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && BLANK.test(text.charAt(end - 1))) end--;
  return end;
}

/** `text` is one line without its line end. */
export function parseLine(text: string): IniLine {
  const line = trimBlanks(text);
  if (line === "") return { kind: "blank" };
  if (line.startsWith("#") || line.startsWith(";")) return { kind: "comment" };
  if (line.startsWith("[") && line.endsWith("]") && line.length > 1) {
    return { kind: "section", name: trimBlanks(line.slice(1, -1)) };
  }
  return parseEntry(text, line);
}

function parseEntry(text: string, line: string): IniLine {
  const quote = openingQuote(line);
  const closing = quote === undefined ? 0 : line.indexOf(quote, quote.length);
  if (closing < 0) return { kind: "broken", problem: "a quoted key has no closing quote" };
  const separator = indexOfSeparator(line, closing);
  if (separator < 0 || (quote === undefined && separator === 0)) {
    return { kind: "broken", problem: "it is neither a section, a key with a value, nor a comment" };
  }
  const key = quote === undefined ? trimBlanks(line.slice(0, separator)) : line.slice(quote.length, closing);
  const value = unquoteValue(trimBlanks(line.slice(separator + 1)));
  if (value === undefined) return { kind: "broken", problem: "a quoted value has no closing quote" };
  return { kind: "entry", key, value, prefix: prefixOf(text, text.indexOf(line) + separator) };
}

function openingQuote(line: string): string | undefined {
  if (line.startsWith('"""') && line.length >= 6) return '"""';
  return line.startsWith('"') ? '"' : line.startsWith("`") ? "`" : undefined;
}

function indexOfSeparator(line: string, from: number): number {
  const found = line.slice(from).search(/[=:]/);
  return found < 0 ? -1 : from + found;
}

function unquoteValue(text: string): string | undefined {
  const quote = text.length >= 2 && text.startsWith("`")
    ? "`"
    : text.length >= 6 && text.startsWith('"""')
    ? '"""'
    : undefined;
  if (quote === undefined) return text;
  const closing = text.lastIndexOf(quote);
  return closing < quote.length ? undefined : text.slice(quote.length, closing);
}

function prefixOf(text: string, separator: number): string {
  const head = text.slice(0, separator + 1);
  const blanks = LEADING.exec(text.slice(separator + 1))?.[0] ?? "";
  if (blanks !== "") return head + blanks;
  // "key =" without a value yet: the blank before the separator shows the style of the file.
  return head + (BLANK.test(text.charAt(separator - 1)) && head.length === text.length ? " " : "");
}

/** A line for a new key; undefined when the format has no way to say it. */
export function formatEntry(key: string, value: string): string | undefined {
  const keyTexts = KEY_NEEDS_QUOTES.test(key) ? KEY_QUOTES.toReversed().map((q) => q + key + q) : [key];
  for (const keyText of keyTexts) {
    const line = formatValue(`${keyText} = `, key, value);
    if (line !== undefined) return line;
  }
  return undefined;
}

/** The line of `prefix` with another value; undefined when the format has no way to say it. */
export function formatValue(prefix: string, key: string, value: string): string | undefined {
  if (/\n/.test(key + value) || !value.isWellFormed() || !key.isWellFormed()) return undefined;
  // Backquotes keep anything, because reading looks for the last one.
  for (const text of [prefix + value, `${prefix}\`${value}\``]) {
    const read = parseLine(text);
    if (read.kind === "entry" && read.key === key && read.value === value) return text;
  }
  return undefined;
}
