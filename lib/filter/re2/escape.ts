/** What stands behind a backslash, and the characters between `[` and `]`. */
import {
  type CaseOptions,
  type CharacterTest,
  inRanges,
  NAMED_RANGES,
  not,
  oneOf,
  unicodeProperty,
} from "./character_set.ts";
import { Re2SyntaxError, type Reader } from "./reader.ts";

const MAX_CODE_POINT = 0x10ffff;
const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const PERL_GROUPS: Readonly<Record<string, string>> = { d: "digit", s: "perlSpace", w: "word" };

/** A group such as `\d`, `\W`, `\pL` or `\P{Greek}` that is next; undefined and no move when none is. */
export function readGroupEscape(reader: Reader, options: CaseOptions): CharacterTest | undefined {
  const perl = reader.match(/\\([dswDSW])/y)?.[1];
  if (perl !== undefined) {
    const group = inRanges(NAMED_RANGES[PERL_GROUPS[perl.toLowerCase()] ?? ""] ?? [], options);
    return perl === perl.toLowerCase() ? group : not(group);
  }
  const sign = reader.match(/\\([pP])/y)?.[1];
  if (sign === undefined) return undefined;
  const [, braced, bare] = reader.match(/\{(\^?[^}]*)\}|(.)/yu) ?? [];
  const name = braced ?? bare ?? "";
  const group = unicodeProperty(name.replace(/^\^/, ""), options);
  if (group === undefined) throw new Re2SyntaxError(`there is no Unicode class "\\${sign}{${name}}"`);
  return (sign === "P") !== name.startsWith("^") ? not(group) : group;
}

/** The code point of the escaped character that is next; the reader stands at its backslash. */
export function readEscape(reader: Reader): number {
  reader.skip("\\");
  if (reader.isAtEnd) throw new Re2SyntaxError('it ends with a "\\" that has nothing to escape');
  const octal = reader.match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y)?.[0];
  if (octal !== undefined) return Number.parseInt(octal, 8);
  const hex = reader.match(/x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/y);
  if (hex !== undefined) {
    const codePoint = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    if (codePoint <= MAX_CODE_POINT) return codePoint;
    throw new Re2SyntaxError(`there is no character "\\${hex[0]}"`);
  }
  const character = reader.next();
  const control = CONTROLS[character];
  if (control !== undefined) return control;
  if (/^[\0-\x7f]$/.test(character) && !/\w/.test(character) || character === "_") {
    return character.charCodeAt(0);
  }
  throw new Re2SyntaxError(`"\\${character}" means nothing`);
}

/** The set that `[...]` describes; the reader stands behind the `[`. */
export function readClass(reader: Reader, options: CaseOptions): CharacterTest {
  const isNegated = reader.skip("^");
  const members: CharacterTest[] = [];
  for (let isFirst = true; isFirst || !reader.startsWith("]"); isFirst = false) {
    members.push(
      readPosixClass(reader, options) ?? readGroupEscape(reader, options) ?? readRange(reader, options),
    );
  }
  reader.skip("]");
  const set = oneOf(members);
  return isNegated ? not(set) : set;
}

/** `[:alpha:]` or `[:^alpha:]`. */
function readPosixClass(reader: Reader, options: CaseOptions): CharacterTest | undefined {
  const match = reader.match(/\[:(\^?)(.*?):\]/ys);
  if (match === undefined) return undefined;
  const [text, sign = "", name = ""] = match;
  const members = Object.hasOwn(NAMED_RANGES, name) && name !== "perlSpace" ? NAMED_RANGES[name] : undefined;
  if (members === undefined) throw new Re2SyntaxError(`there is no class "${text}"`);
  const group = inRanges(members, options);
  return sign === "^" ? not(group) : group;
}

function readRange(reader: Reader, options: CaseOptions): CharacterTest {
  const first = readClassCharacter(reader);
  const last = reader.match(/-(?!\]|$)/y) === undefined ? first : readClassCharacter(reader);
  if (last < first) {
    const text = `${String.fromCodePoint(first)}-${String.fromCodePoint(last)}`;
    throw new Re2SyntaxError(`the range "${text}" in "[...]" runs backwards`);
  }
  return inRanges([[first, last]], options);
}

function readClassCharacter(reader: Reader): number {
  if (reader.isAtEnd) throw new Re2SyntaxError('a "[" is never closed with "]"');
  return reader.startsWith("\\") ? readEscape(reader) : reader.next().codePointAt(0) ?? 0;
}
