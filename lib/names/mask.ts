/**
 * The flags of a name encoding and their text form: the one table from which `encode.ts` builds its look-ups.
 *
 * A mask is the OR of flags; every flag names characters that a file system or service cannot hold and that
 * are therefore stored as a look-alike. Bits, names and the text form are those of rclone's `encoding`
 * option, because users move that option, and the names written under it, over from rclone.
 *
 * Source of fact: jottacloud-api.md 8.1 to 8.3 (computed from rclone v1.75 and HEAD 64ab1ac3); observed.
 */
import { UsageError } from "../errors.ts";

/** OR of flag bits, an unsigned 32-bit number; bits without a flag are kept and do nothing. */
export type NameMask = number;

/** Where in a name a flag's characters are replaced. */
export type FlagScope =
  /** Every occurrence. */
  | "anywhere"
  /** Only as the first character. */
  | "leading"
  /** Only as the last character. */
  | "trailing"
  /** Not a set of characters; `encode.ts` knows what to do. */
  | "special";

/** One row of the flag table. */
export interface MaskFlag {
  /** Name in the text form, case-sensitive. */
  readonly name: string;
  /** The single bit, or 0 for `None`. */
  readonly bit: NameMask;
  readonly scope: FlagScope;
  /** The characters it replaces; all ASCII. Empty for scope `special`. */
  readonly characters: string;
}

const CONTROLS = String.fromCharCode(...Array.from({ length: 0x1f }, (_, index) => index + 1));

/** The whole table, in bit order. */
export const MASK_FLAGS: readonly MaskFlag[] = [
  { name: "None", bit: 0, scope: "special", characters: "" },
  { name: "Raw", bit: 0x1, scope: "special", characters: "" },
  { name: "Slash", bit: 0x2, scope: "anywhere", characters: "/" },
  { name: "LtGt", bit: 0x4, scope: "anywhere", characters: "<>" },
  { name: "DoubleQuote", bit: 0x8, scope: "anywhere", characters: '"' },
  { name: "SingleQuote", bit: 0x10, scope: "anywhere", characters: "'" },
  { name: "BackQuote", bit: 0x20, scope: "anywhere", characters: "`" },
  { name: "Dollar", bit: 0x40, scope: "anywhere", characters: "$" },
  { name: "Colon", bit: 0x80, scope: "anywhere", characters: ":" },
  { name: "Question", bit: 0x100, scope: "anywhere", characters: "?" },
  { name: "Asterisk", bit: 0x200, scope: "anywhere", characters: "*" },
  { name: "Pipe", bit: 0x400, scope: "anywhere", characters: "|" },
  { name: "Hash", bit: 0x800, scope: "anywhere", characters: "#" },
  { name: "Percent", bit: 0x1000, scope: "anywhere", characters: "%" },
  { name: "BackSlash", bit: 0x2000, scope: "anywhere", characters: "\\" },
  { name: "CrLf", bit: 0x4000, scope: "anywhere", characters: "\r\n" },
  { name: "Del", bit: 0x8000, scope: "anywhere", characters: "\x7f" },
  { name: "Ctl", bit: 0x10000, scope: "anywhere", characters: CONTROLS },
  { name: "LeftSpace", bit: 0x20000, scope: "leading", characters: " " },
  { name: "LeftPeriod", bit: 0x40000, scope: "leading", characters: "." },
  { name: "LeftTilde", bit: 0x80000, scope: "leading", characters: "~" },
  { name: "LeftCrLfHtVt", bit: 0x100000, scope: "leading", characters: "\r\n\t\v" },
  { name: "RightSpace", bit: 0x200000, scope: "trailing", characters: " " },
  { name: "RightPeriod", bit: 0x400000, scope: "trailing", characters: "." },
  { name: "RightCrLfHtVt", bit: 0x800000, scope: "trailing", characters: "\r\n\t\v" },
  { name: "InvalidUtf8", bit: 0x1000000, scope: "special", characters: "" },
  { name: "Dot", bit: 0x2000000, scope: "special", characters: "" },
  { name: "SquareBracket", bit: 0x4000000, scope: "anywhere", characters: "[]" },
  { name: "Semicolon", bit: 0x8000000, scope: "anywhere", characters: ";" },
  { name: "Exclamation", bit: 0x10000000, scope: "anywhere", characters: "!" },
];

/** The flag `Raw`: a mask of exactly this bit changes nothing at all. */
export const RAW_BIT: NameMask = 0x1;
/** The flag `InvalidUtf8`: bytes that are not UTF-8 become `‛` and two hex digits. */
export const INVALID_UTF8_BIT: NameMask = 0x1000000;
/** The flag `Dot`: the whole names `.` and `..`. */
export const DOT_BIT: NameMask = 0x2000000;

const HIGHEST_MASK = 0xffff_ffff;

/**
 * Prefix decides the base, a bare leading 0 means octal, and `_` may stand before a digit, as in Go and so in
 * rclone.
 */
const NUMBER_PATTERN =
  /^(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?[0-9])*)$/;

/**
 * The mask a text such as `Slash,LtGt,Dot` stands for.
 *
 * Names are separated by commas and case-sensitive, blanks around them do not count. A number (decimal, `0x`,
 * `0o`, `0b`, up to 2^32 - 1) may stand for flags too; all parts are OR-ed.
 *
 * @throws {UsageError} naming the first part that is neither, the empty one included; the hint lists the
 * names.
 */
export function parseMask(text: string): NameMask {
  let mask = 0;
  for (const part of text.split(",")) {
    mask |= parsePart(part.trim());
  }
  return mask >>> 0;
}

/**
 * The canonical text of a mask: its names in bit order, `None` for 0, `0x…` for a bit without a name.
 * `parseMask(formatMask(mask))` is `mask`.
 */
export function formatMask(mask: NameMask): string {
  if (mask === 0) return "None";
  const names: string[] = [];
  for (let position = 0; position < 32; position++) {
    const bit = (1 << position) >>> 0;
    if ((mask & bit) === 0) continue;
    const flag = MASK_FLAGS.find((candidate) => candidate.bit === bit);
    names.push(flag?.name ?? `0x${bit.toString(16).toUpperCase()}`);
  }
  return names.join(",");
}

function parsePart(part: string): NameMask {
  const flag = MASK_FLAGS.find((candidate) => candidate.name === part);
  if (flag !== undefined) return flag.bit;
  const value = parseNumber(part);
  if (value !== undefined && value <= HIGHEST_MASK) return value;
  throw new UsageError(`Cannot use "${part}" in an encoding: it is not the name of a flag`, {
    hint: `Separate names by commas, out of: ${MASK_FLAGS.map((known) => known.name).sort().join(", ")}`,
    data: { flag: part },
  });
}

function parseNumber(text: string): number | undefined {
  if (!NUMBER_PATTERN.test(text)) return undefined;
  const digits = text.replaceAll("_", "");
  return /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
}

/** The form names have inside the program and in its output, the same as rclone's. */
export const STANDARD_MASK: NameMask = parseMask("Slash,Ctl,Del,Dot");

/** What names on Jottacloud are stored with: rclone's default since v1.74.0. */
export const JOTTACLOUD_MASK: NameMask = parseMask(
  "Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Percent,Del,Ctl,InvalidUtf8,Dot",
);

/** The systems whose disks spell names in their own way. */
export type LocalPlatform = "linux" | "darwin" | "windows";

/**
 * What names on a local disk are stored with. As in rclone, but for `InvalidUtf8` on Linux: the runtime hands
 * over names as text, so bytes that are not UTF-8 cannot be written there raw.
 */
export const LOCAL_MASKS: Readonly<Record<LocalPlatform, NameMask>> = {
  linux: parseMask("Slash,InvalidUtf8,Dot"),
  darwin: parseMask("Slash,InvalidUtf8,Dot"),
  windows: parseMask(
    "Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,BackSlash,Ctl,RightSpace,RightPeriod,InvalidUtf8,Dot",
  ),
};
