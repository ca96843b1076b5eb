/**
 * Names of files that are being written: `.jottash-<random>.partial`, or `NAME.<random><suffix>` as rclone has them.
 * A name of the second form could be anybody's file; so half of its random letters are a check of the rest, and it is
 * taken for a leftover only when they fit (one file in a million that merely looks like it would fit too).
 */
import type { Random } from "../edges.ts";

const OWN_PREFIX = ".jottash-";
const OWN_LETTERS = 12;
const OWN_NAME = /^\.jottash-[a-z2-7]{12}\.partial$/;

/** rclone's default. */
export const RCLONE_SUFFIX = ".partial";
const SEED_LETTERS = 4;
const CHECK_LETTERS = 4;
const MAX_NAME_BYTES = 255;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** A new name for the time in which the file `finalName` is written; with a suffix, rclone's form. */
export function temporaryName(
  random: Random,
  { finalName, suffix }: { readonly finalName: string; readonly suffix: string | undefined },
): string {
  if (suffix === undefined) return `${OWN_PREFIX}${letters(random, OWN_LETTERS)}${RCLONE_SUFFIX}`;
  const added = 1 + SEED_LETTERS + CHECK_LETTERS + byteLength(suffix);
  const start = `${cut(finalName, MAX_NAME_BYTES - added)}.${letters(random, SEED_LETTERS)}`;
  return start + checkOf(start) + suffix;
}

/** Is this certainly the name of a file that some process is writing, or has left half written? */
export function isTemporaryName(name: string, suffix?: string): boolean {
  if (OWN_NAME.test(name)) return true;
  return hasCheckedForm(name, RCLONE_SUFFIX) || suffix !== undefined && hasCheckedForm(name, suffix);
}

function hasCheckedForm(name: string, suffix: string): boolean {
  if (!name.endsWith(suffix)) return false;
  const form = /^.*\.[a-z2-7]{8}$/s.exec(name.slice(0, name.length - suffix.length));
  if (form === null) return false;
  const [text] = form;
  return checkOf(text.slice(0, -CHECK_LETTERS)) === text.slice(-CHECK_LETTERS);
}

/** FNV-1a over the UTF-16 units, as letters. */
function checkOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return Array.from({ length: CHECK_LETTERS }, (_, index) => ALPHABET[(hash >>> (5 * index + 7)) & 31]).join(
    "",
  );
}

function letters(random: Random, count: number): string {
  return Array.from(random.bytes(count), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** As many whole characters as fit. */
function cut(name: string, maxBytes: number): string {
  let bytes = 0;
  let text = "";
  for (const character of name) {
    bytes += byteLength(character);
    if (bytes > maxBytes) break;
    text += character;
  }
  return text;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
