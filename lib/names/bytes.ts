/**
 * Names as bytes and as text.
 *
 * A name is a byte string in truth, and text can hold any of them: each byte that is not part of valid UTF-8
 * (0x80 to 0xFF) is written as the lone surrogate U+DC00 + byte, which no valid text contains ("surrogate
 * escape", as in Python). Other lone surrogates come from no bytes and count as U+FFFD.
 */

/** Code of the escape for the byte 0; only bytes from 0x80 up are escaped. */
export const BYTE_ESCAPE_BASE = 0xdc00;
const FIRST_ESCAPE = 0xdc80;
const LAST_ESCAPE = 0xdcff;

const encoder = new TextEncoder();

/** Whether a UTF-16 unit that is not part of a pair stands for a raw byte (U+DC80 to U+DCFF). */
export function isByteEscape(unit: number): boolean {
  return unit >= FIRST_ESCAPE && unit <= LAST_ESCAPE;
}

/** Whether a name is valid Unicode text, so that it holds neither escaped bytes nor other lone surrogates. */
export function isWellFormedName(name: string): boolean {
  return name.isWellFormed();
}

/** The bytes of a name: UTF-8, escaped bytes as they are, other lone surrogates as U+FFFD. Never throws. */
export function nameToBytes(name: string): Uint8Array {
  if (name.isWellFormed()) return encoder.encode(name);
  const bytes = new Uint8Array(name.length * 3);
  let length = 0;
  for (const character of name) {
    const unit = character.charCodeAt(0);
    if (character.length === 1 && isByteEscape(unit)) {
      bytes[length++] = unit - BYTE_ESCAPE_BASE;
    } else {
      length += encoder.encodeInto(character, bytes.subarray(length)).written;
    }
  }
  return bytes.slice(0, length);
}

/**
 * The name with these bytes; `nameToBytes(bytesToName(bytes))` gives the same bytes, whatever they are.
 * Overlong forms, UTF-8 of surrogates and codes above U+10FFFF are invalid, and each of their bytes is
 * escaped. Never throws.
 */
export function bytesToName(bytes: Uint8Array): string {
  let name = "";
  let index = 0;
  while (index < bytes.length) {
    const length = sequenceLength(bytes, index);
    if (length === 0) {
      name += String.fromCharCode(BYTE_ESCAPE_BASE + (bytes[index] ?? 0));
      index += 1;
    } else {
      name += String.fromCodePoint(codePointAt(bytes, { index, length }));
      index += length;
    }
  }
  return name;
}

/** Writes escaped bytes that form valid UTF-8 together as the character they form. */
export function joinEscapedBytes(name: string): string {
  return name.isWellFormed() ? name : bytesToName(nameToBytes(name));
}

/** Length in bytes of the valid UTF-8 sequence at `index`, 0 if there is none. */
function sequenceLength(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return 1;
  const second = bytes[index + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (!isContinuation(second) || !isContinuation(bytes[index + 2] ?? 0)) return 0;
  if (first >= 0xe0 && first <= 0xef) {
    const overlong = first === 0xe0 && second < 0xa0;
    const surrogate = first === 0xed && second >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const overlong = first === 0xf0 && second < 0x90;
    const beyond = first === 0xf4 && second >= 0x90;
    return overlong || beyond || !isContinuation(bytes[index + 3] ?? 0) ? 0 : 4;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function codePointAt(bytes: Uint8Array, at: { readonly index: number; readonly length: number }): number {
  const first = bytes[at.index] ?? 0;
  let code = at.length === 1 ? first : first & (0x7f >> at.length);
  for (let offset = 1; offset < at.length; offset++) {
    code = (code << 6) | ((bytes[at.index + offset] ?? 0) & 0x3f);
  }
  return code;
}
