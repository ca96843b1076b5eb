/**
 * What is kept of one file whose MD5 is known: 36 bytes, as a line of 48 characters. The file stands there as a
 * fingerprint of its identity, size and times; so no line tells what a user has on his disk.
 *
 * | Bytes | What |
 * |---|---|
 * | 0-11 | fingerprint |
 * | 12-27 | MD5 |
 * | 28-29 | day on which it was written, counted from 1970, big-endian |
 * | 30-35 | check of all before |
 */
import type { FileInfo } from "../edges.ts";
import { md5OfBytes } from "../hash/md5.ts";

export const RECORD_BYTES = 36;
/** Of a record as text, without the line end. */
export const LINE_LENGTH = 48;
export const FINGERPRINT_BYTES = 12;

const MD5_AT = FINGERPRINT_BYTES;
const DAY_AT = 28;
const CHECK_AT = 30;
/** Goes up when fingerprints are made in another way. */
const FORMAT = 1;
/** Disks whose times have no finer parts may give two changes the same time, and two files the same inode in turn. */
const COARSE_NS = 10_000_000n;

const encoder = new TextEncoder();

/** All that says whether a file is still the same; from `stat` with `changeTime`. */
export type FileLook = Pick<FileInfo, "identity" | "size" | "modifiedAtNs" | "changedAtNs">;

export interface HashRecord {
  readonly fingerprint: Uint8Array;
  /** Lower-case hex. */
  readonly md5: string;
  readonly day: number;
}

/** Undefined for a file of which nobody could say later that it is still the same, and for an empty one. */
export function fingerprintOf(look: FileLook): Uint8Array | undefined {
  const { identity, size, modifiedAtNs, changedAtNs } = look;
  if (identity === undefined || modifiedAtNs === undefined || changedAtNs === undefined || size === 0) {
    return undefined;
  }
  if (changedAtNs % COARSE_NS === 0n) return undefined;
  const text = [FORMAT, identity, size, modifiedAtNs, changedAtNs].join(" ");
  return Uint8Array.fromHex(md5OfBytes(encoder.encode(text))).subarray(0, FINGERPRINT_BYTES);
}

export function encodeRecord({ fingerprint, md5, day }: HashRecord): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(RECORD_BYTES);
  bytes.set(fingerprint);
  bytes.set(Uint8Array.fromHex(md5), MD5_AT);
  new DataView(bytes.buffer).setUint16(DAY_AT, day);
  bytes.set(checkOf(bytes), CHECK_AT);
  return bytes;
}

/** Undefined when it is not what was written. */
export function decodeRecord(bytes: Uint8Array): HashRecord | undefined {
  if (checkOf(bytes).some((byte, index) => byte !== bytes[CHECK_AT + index])) return undefined;
  return {
    fingerprint: bytes.subarray(0, FINGERPRINT_BYTES),
    md5: bytes.subarray(MD5_AT, DAY_AT).toHex(),
    day: dayOf(bytes),
  };
}

/** Of a record that may be damaged. */
export function dayOf(record: Uint8Array): number {
  return (record[DAY_AT] ?? 0) * 256 + (record[DAY_AT + 1] ?? 0);
}

function checkOf(record: Uint8Array): Uint8Array {
  return Uint8Array.fromHex(md5OfBytes(record.subarray(0, CHECK_AT))).subarray(0, RECORD_BYTES - CHECK_AT);
}
