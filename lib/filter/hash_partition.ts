/**
 * `--hash-filter K/N`: one of N parts of all files, by their paths, so that several machines can share the work
 * (observed: rclone v1.76 `parseHashFilter`; the same parts as rclone's).
 */
import { UsageError } from "../errors.ts";
import { md5OfBytes } from "../hash/md5.ts";

export interface HashPartition {
  /** Which part, below `parts`. */
  readonly part: bigint;
  readonly parts: bigint;
}

const MAX_UINT64 = 2n ** 64n - 1n;
const NUMBER_BYTES = 8;

/** The part that `K/N` names, or a random one for `@/N`; `random` is in [0, 1). Throws UsageError. */
export function parseHashPartition(text: string, random: () => number): HashPartition {
  const match = /^(@|\d+)\/(\d+)$/.exec(text);
  const [, part = "", total = "0"] = match ?? [];
  const parts = BigInt(total);
  const isRandom = part === "@";
  if (match === null || parts === 0n || parts > MAX_UINT64 || (!isRandom && BigInt(part) > MAX_UINT64)) {
    throw new UsageError(
      `Cannot use "${text}" for --hash-filter: it has to be K/N or @/N with whole numbers, N greater than 0`,
    );
  }
  if (isRandom) return { part: BigInt(Math.floor(random() * Number(parts))) % parts, parts };
  return { part: BigInt(part) % parts, parts };
}

/** Paths that a service which folds case or Unicode forms takes for one are in the same part. */
export function isInPartition(path: string, { part, parts }: HashPartition): boolean {
  const folded = Array.from(path.normalize("NFC"), lowerCase).join("");
  const digest = Uint8Array.fromHex(md5OfBytes(new TextEncoder().encode(folded)));
  const number = new DataView(digest.buffer, 0, NUMBER_BYTES).getBigUint64(0, true);
  return number % parts === part;
}

/** Each character by itself and as one character, as Go does it: no final sigma, no dot above. */
function lowerCase(character: string): string {
  return String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0);
}
