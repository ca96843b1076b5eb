/**
 * Masks made ready for use: look-ups by UTF-16 unit, and the scans by which most names pass without a look-up.
 *
 * Part of `encode.ts`, which knows how a name is put together; only that file imports this one.
 */
import { DOT_BIT, INVALID_UTF8_BIT, MASK_FLAGS, type NameMask, RAW_BIT } from "./mask.ts";

/** Put in front of a look-alike that is meant as itself (U+201B). */
export const QUOTE = "‛";
/** `QUOTE` as a UTF-16 unit. */
export const QUOTE_UNIT = 0x201b;
const NUL_PICTURE = "␀";

/**
 * Look-ups from one UTF-16 unit to what takes its place; nothing that is replaced or replaces lies outside
 * the BMP.
 */
export interface UnitTable {
  readonly encode: ReadonlyMap<number, string>;
  readonly decode: ReadonlyMap<number, string>;
}

/** A mask made ready for use. */
export interface Codec {
  readonly raw: boolean;
  readonly escapesBytes: boolean;
  readonly dot: boolean;
  readonly anywhere: UnitTable;
  readonly leading: UnitTable;
  readonly trailing: UnitTable;
  /** 1 for each ASCII code that may need a change at some place in a name. */
  readonly suspectAscii: Uint8Array;
}

interface GrowingTable extends UnitTable {
  readonly encode: Map<number, string>;
  readonly decode: Map<number, string>;
}

const codecs = new Map<NameMask, Codec>();

/** The codec of a mask, built on first use and kept: a program meets a handful of masks. */
export function codecOf(mask: NameMask): Codec {
  let codec = codecs.get(mask);
  if (codec === undefined) {
    codec = compile(mask);
    codecs.set(mask, codec);
  }
  return codec;
}

function compile(mask: NameMask): Codec {
  const anywhere = createTable();
  const leading = createTable();
  const trailing = createTable();
  const tables = { anywhere, leading, trailing };
  const suspectAscii = new Uint8Array(0x80);

  addReplacement(anywhere, "\0");
  suspectAscii[0] = 1;
  anywhere.encode.set(QUOTE_UNIT, QUOTE + QUOTE);
  for (const flag of MASK_FLAGS) {
    if (flag.scope === "special" || (mask & flag.bit) === 0) continue;
    for (const character of flag.characters) {
      addReplacement(tables[flag.scope], character);
      suspectAscii[character.charCodeAt(0)] = 1;
    }
  }
  return {
    raw: mask === RAW_BIT,
    escapesBytes: (mask & INVALID_UTF8_BIT) !== 0,
    dot: (mask & DOT_BIT) !== 0,
    anywhere,
    leading,
    trailing,
    suspectAscii,
  };
}

function createTable(): GrowingTable {
  return { encode: new Map(), decode: new Map() };
}

function addReplacement(table: GrowingTable, character: string): void {
  const replacement = replacementOf(character.charCodeAt(0));
  table.encode.set(character.charCodeAt(0), replacement);
  table.encode.set(replacement.charCodeAt(0), QUOTE + replacement);
  table.decode.set(replacement.charCodeAt(0), character);
}

/** Control pictures for what has one, fullwidth forms for the rest. */
function replacementOf(asciiCode: number): string {
  if (asciiCode === 0x7f) return "␡";
  return asciiCode <= 0x20
    ? String.fromCharCode(NUL_PICTURE.charCodeAt(0) + asciiCode)
    : String.fromCharCode(0xfee0 + asciiCode);
}

/**
 * Whether a unit above ASCII may be the quote or a replacement under some mask, by the blocks they lie in.
 */
function isSuspectUnit(unit: number): boolean {
  return unit === QUOTE_UNIT || (unit >= 0x2400 && unit <= 0x2421) || (unit >= 0xff01 && unit <= 0xff5e);
}

/** `isPlainName` of `encode.ts`, for a codec. */
export function isPlain(name: string, codec: Codec): boolean {
  const length = name.length;
  for (let index = 0; index < length; index++) {
    const unit = name.charCodeAt(index);
    if (unit < 0x80) {
      if (codec.suspectAscii[unit] === 1) return false;
    } else if (unit >= 0x201b) {
      if (isSuspectUnit(unit)) return false;
      if (unit >= 0xd800 && unit <= 0xdfff) {
        if (!isPairAt(name, index)) return false;
        index++;
      }
    }
  }
  return length > 2 || !codec.dot || (name !== "." && name !== "..");
}

/** Whether no mask can change a name in decoding, told by one scan. */
export function isUndecodable(name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    if (unit >= 0x201b && isSuspectUnit(unit)) return false;
  }
  return true;
}

/** Whether a surrogate pair starts at `index`. */
export function isPairAt(name: string, index: number): boolean {
  return (name.charCodeAt(index) & 0xfc00) === 0xd800 && (name.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}
