/**
 * Names on the local disk and in the program (standard form), one to one.
 *
 * A raw name that the disk cannot hold (`a/b`, `.`, bytes that are not UTF-8) is written as its look-alike,
 * and a look-alike found on the disk is read as what it stands for. rclone reads every look-alike and every
 * quote so, and thereby sees the files `‛` and `‛‛` as one. Here a name is read as encoded only if it is
 * exactly what we would write for a raw name that needs encoding; every other name stands for itself. A raw
 * name that equals such an encoded name needs encoding in turn. So no two files meet, and no two standard
 * names either. Names without `‛` are read as rclone reads them, but for `.．` on Windows, which it takes for
 * `..`.
 *
 * Device names of Windows (`NUL`, `COM1`) are not handled, as in rclone.
 */
import { decodeName, encodeName, isPlainName } from "./encode.ts";
import { isWellFormedName } from "./bytes.ts";
import { LOCAL_MASKS, type LocalPlatform, STANDARD_MASK } from "./mask.ts";

/** Both directions between names of the local disk and standard names. */
export interface LocalNames {
  /** The standard name of a name read from the disk; different names stay different. */
  toStandard(localName: string): string;
  /** The name to write to the disk for a standard name, always one it can hold; undoes `toStandard`. */
  fromStandard(standardName: string): string;
}

/** What one platform does with raw names. */
interface Spelling {
  readonly isRepresentable: (rawName: string) => boolean;
  readonly encode: (rawName: string) => string;
  readonly decode: (localName: string) => string;
}

/** The mapping for the disks of a platform. Its functions never throw; empty names stay empty. */
export function createLocalNames(platform: LocalPlatform): LocalNames {
  const mask = LOCAL_MASKS[platform];
  const isWindows = platform === "windows";
  const spelling: Spelling = {
    isRepresentable: isWindows ? isRepresentableOnWindows : isRepresentableOnUnix,
    encode: isWindows ? encodeOnWindows : (rawName) => encodeName(rawName, mask),
    decode: isWindows ? decodeOnWindows : (localName) => decodeName(localName, mask),
  };
  return {
    toStandard(localName) {
      if (isPlainName(localName, STANDARD_MASK)) return localName;
      return encodeName(readEncoded(localName, spelling) ?? localName, STANDARD_MASK);
    },
    fromStandard(standardName) {
      if (isPlainName(standardName, mask)) return standardName;
      const rawName = decodeName(standardName, STANDARD_MASK);
      return needsEncoding(rawName, spelling) ? spelling.encode(rawName) : rawName;
    },
  };
}

/** The raw name that is written as `localName`; undefined if `localName` stands for itself. */
function readEncoded(localName: string, spelling: Spelling): string | undefined {
  const rawName = decodeWritten(localName, spelling);
  return rawName !== undefined && needsEncoding(rawName, spelling) ? rawName : undefined;
}

/**
 * Whether a raw name cannot stand for itself: the disk cannot hold it, or it reads as the encoded form of one
 * that needs encoding. Each round halves the quotes, so there are only a few.
 */
function needsEncoding(rawName: string, spelling: Spelling): boolean {
  let name: string | undefined = rawName;
  while (name !== undefined) {
    if (!spelling.isRepresentable(name)) return true;
    name = decodeWritten(name, spelling);
  }
  return false;
}

/**
 * Decodes a name that `encode` can have written; undefined for any other and for one it would leave as it is.
 */
function decodeWritten(localName: string, spelling: Spelling): string | undefined {
  const rawName = spelling.decode(localName);
  return rawName !== localName && spelling.encode(rawName) === localName ? rawName : undefined;
}

/**
 * The raw name for which rclone on Windows writes the same as for `..`, and what is written instead:
 * something that no other name is encoded as.
 */
const WINDOWS_TWIN = { raw: "．.", local: "‛．．" };

/** `encodeName`, but one to one. */
function encodeOnWindows(rawName: string): string {
  return rawName === WINDOWS_TWIN.raw ? WINDOWS_TWIN.local : encodeName(rawName, LOCAL_MASKS.windows);
}

/**
 * Undoes `encodeOnWindows`. `decodeName` does not: as rclone, it takes the `‛` before a trailing `␠` or `．`
 * for the quote even if it is the second half of a quoted `‛`, and so reads the encoded form of `x‛ ` as that
 * of `x‛␠`.
 */
function decodeOnWindows(localName: string): string {
  if (localName === WINDOWS_TWIN.local) return WINDOWS_TWIN.raw;
  const [ending, quotes, last] = /(‛+)([␠．])$/.exec(localName) ?? ["", "", ""];
  if (quotes.length % 2 === 1 || ending === "") return decodeName(localName, LOCAL_MASKS.windows);
  const rest = localName.slice(0, -last.length);
  return decodeName(rest, LOCAL_MASKS.windows) + (last === "␠" ? " " : ".");
}

function isRepresentableOnUnix(rawName: string): boolean {
  return isFileName(rawName) && !/[/\0]/.test(rawName);
}

function isRepresentableOnWindows(rawName: string): boolean {
  // deno-lint-ignore no-control-regex
  return isFileName(rawName) && !/[\x00-\x1f/<>":?*|\\]|[ .]$/.test(rawName);
}

function isFileName(rawName: string): boolean {
  return rawName !== "" && rawName !== "." && rawName !== ".." && isWellFormedName(rawName);
}
