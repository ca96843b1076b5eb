/**
 * Names of files that are being written: `.jottash-<random>.partial`, or `NAME.<random><suffix>` as rclone has them.
 * A name of the second form could be anybody's file; so half of its random letters are a check of the rest, and it is
 * taken for a leftover only when they fit (two files in a million that merely look like it would fit too).
 *
 * What a later run may go on with is found again by its name: it comes from the final name and from the content,
 * `.jottash-<name>-<content>.partial`, or in rclone's form with a check of its own.
 */
import type { Random } from "../edges.ts";
import { cryptoModule } from "../hash/md5.ts";

const OWN_PREFIX = ".jottash-";
const OWN_LETTERS = 12;
const OWN_NAME = /^\.jottash-[a-z2-7]{12}\.partial$/;
const NAME_LETTERS = 8;
const CONTENT_LETTERS = 12;
const OWN_RESUMABLE_NAME = /^\.jottash-[a-z2-7]{8}-[a-z2-7]{12}\.partial$/;
/** Makes the check of a file that can be gone on with another one. */
const RESUMABLE_SALT = "resumable ";

/** rclone's default. */
export const RCLONE_SUFFIX = ".partial";
const SEED_LETTERS = 4;
const CHECK_LETTERS = 4;
const MAX_NAME_BYTES = 255;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

interface NameParts {
  readonly finalName: string;
  readonly suffix: string | undefined;
}

/** `resumable`: a later run may go on with it. */
export type TemporaryKind = "plain" | "resumable";

/** A new name for the time in which the file `finalName` is written; with a suffix, rclone's form. */
export function temporaryName(
  random: Random,
  { finalName, suffix }: NameParts,
): string {
  if (suffix === undefined) return `${OWN_PREFIX}${letters(random, OWN_LETTERS)}${RCLONE_SUFFIX}`;
  const start = startOf({ finalName, suffix }, letters(random, SEED_LETTERS));
  return start + checkOf(start) + suffix;
}

/** The name that every run gives to the unfinished file of this final name and this content. */
export function resumableName(
  { finalName, suffix, content }: NameParts & { readonly content: string },
): string {
  const key = hashLetters(`${finalName}\n${content}`);
  if (suffix === undefined) return `${ownStart(finalName)}${key.slice(0, CONTENT_LETTERS)}${RCLONE_SUFFIX}`;
  const start = startOf({ finalName, suffix }, key.slice(0, SEED_LETTERS));
  return start + checkOf(RESUMABLE_SALT + start) + suffix;
}

/** Is `name`, which is resumable, one for this final name, whatever the content? */
export function isResumableNameOf(name: string, { finalName, suffix }: NameParts): boolean {
  if (OWN_RESUMABLE_NAME.test(name)) return name.startsWith(ownStart(finalName));
  const start = startOf({ finalName, suffix: suffix ?? RCLONE_SUFFIX }, "");
  const rest = name.length - start.length - SEED_LETTERS - CHECK_LETTERS;
  return name.startsWith(start) && rest === (suffix ?? RCLONE_SUFFIX).length;
}

/** Is this certainly the name of a file that some process is writing, or has left half written? */
export function isTemporaryName(name: string, suffix?: string): boolean {
  return temporaryKindOf(name, suffix) !== undefined;
}

/** Undefined for every name that is not certainly one of this program's. */
export function temporaryKindOf(name: string, suffix?: string): TemporaryKind | undefined {
  if (OWN_NAME.test(name)) return "plain";
  if (OWN_RESUMABLE_NAME.test(name)) return "resumable";
  return checkedKindOf(name, RCLONE_SUFFIX) ??
    (suffix === undefined ? undefined : checkedKindOf(name, suffix));
}

function checkedKindOf(name: string, suffix: string): TemporaryKind | undefined {
  if (!name.endsWith(suffix)) return undefined;
  const form = /^.*\.[a-z2-7]{8}$/s.exec(name.slice(0, name.length - suffix.length));
  if (form === null) return undefined;
  const [text] = form;
  const [start, check] = [text.slice(0, -CHECK_LETTERS), text.slice(-CHECK_LETTERS)];
  if (checkOf(start) === check) return "plain";
  return checkOf(RESUMABLE_SALT + start) === check ? "resumable" : undefined;
}

/** As much of the final name as leaves room for the rest. */
function startOf({ finalName, suffix }: NameParts & { readonly suffix: string }, seed: string): string {
  const added = 1 + SEED_LETTERS + CHECK_LETTERS + byteLength(suffix);
  return `${cut(finalName, MAX_NAME_BYTES - added)}.${seed}`;
}

function ownStart(finalName: string): string {
  return `${OWN_PREFIX}${hashLetters(finalName).slice(0, NAME_LETTERS)}-`;
}

function hashLetters(text: string): string {
  return lettersOf(cryptoModule().createHash("sha256").update(text).digest());
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
  return lettersOf(random.bytes(count));
}

function lettersOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
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
