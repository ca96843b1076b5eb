/**
 * Keys and order of names: which names the service takes for one, which ones look alike, which comes first.
 *
 * Source of fact: jottacloud-api.md 6.1 (case, Unicode form; by whom it was observed is told there).
 */
import { nameToBytes } from "./bytes.ts";

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;
/** Below it no character changes under NFC, alone or with its neighbours. */
const FIRST_COMPOSING = 0x300;

/**
 * The key under which the service keeps a name: two names of one folder with the same key are the same entry.
 * Simple lower case, code point by code point: what has no single lower-case code point stays (`İ`), a final
 * `Σ` becomes `σ` as any other, `ß` and `ss` differ. No Unicode normalisation. Idempotent, never throws.
 */
export function foldName(name: string): string {
  let isAsciiOrLower = true;
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    if (unit >= 0x80) return foldUnicode(name);
    if (unit >= 0x41 && unit <= 0x5a) isAsciiOrLower = false;
  }
  return isAsciiOrLower ? name : name.toLowerCase();
}

/**
 * `toLowerCase` of a whole text differs from that of its code points only at `İ` (two code points) and a
 * final `Σ`.
 */
function foldUnicode(name: string): string {
  if (!name.includes("İ") && !name.includes("Σ")) return name.toLowerCase();
  return name.split(/([İΣ])/).map((part) => part === "İ" ? part : part === "Σ" ? "σ" : part.toLowerCase())
    .join("");
}

/**
 * The composed form (NFC) of a name: names that only differ in how accents are written, as between macOS and
 * the rest, have the same key. Idempotent, never throws.
 */
export function nfcKey(name: string): string {
  for (let index = 0; index < name.length; index++) {
    if (name.charCodeAt(index) >= FIRST_COMPOSING) return name.normalize("NFC");
  }
  return name;
}

/**
 * Order of names by their UTF-8 bytes, which is that of code points and of rclone's listings: negative if the
 * first comes first, 0 if they are the same, positive otherwise. (The order of `<` differs: it puts U+1F600
 * before U+FF01.)
 */
export function compareNames(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const leftUnit = left.charCodeAt(index);
    const rightUnit = right.charCodeAt(index);
    if (leftUnit === rightUnit) continue;
    if (leftUnit < FIRST_SURROGATE && rightUnit < FIRST_SURROGATE) return leftUnit - rightUnit;
    if (left.isWellFormed() && right.isWellFormed()) return rankOf(leftUnit) - rankOf(rightUnit);
    return compareBytes(nameToBytes(left), nameToBytes(right));
  }
  return left.length - right.length;
}

/** Puts the halves of pairs, all beyond U+FFFF, behind the other units. */
function rankOf(unit: number): number {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
