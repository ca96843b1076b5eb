/**
 * Lines of a journal: eight hex digits of the MD5 of the rest, a space, JSON. A line counts only with its line end, and
 * only when its checksum is right: what a crash has torn and what a disk has damaged is never taken for a record.
 */
import { md5OfBytes } from "../hash/md5.ts";

const CHECKSUM_LENGTH = 8;
const encoder = new TextEncoder();

export interface JournalContent {
  /** What the lines say, in their order. */
  readonly values: readonly unknown[];
  /** Whole lines that cannot be read. */
  readonly damagedLines: number;
  /** Bytes up to the end of the last whole line: what follows was never written to its end. */
  readonly wholeBytes: number;
}

/** The line for a value, with its line end. */
export function journalLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksumOf(json)} ${json}\n`;
}

/** All that can be read. Throws nothing, whatever the bytes are. */
export function readJournalLines(bytes: Uint8Array): JournalContent {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const values: unknown[] = [];
  let damagedLines = 0;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, wholeBytes));
  for (const line of text.split("\n").slice(0, -1)) {
    const value = valueOf(line);
    if (value === undefined) damagedLines++;
    else values.push(value);
  }
  return { values, damagedLines, wholeBytes };
}

function valueOf(line: string): unknown {
  const json = line.slice(CHECKSUM_LENGTH + 1);
  if (line !== `${checksumOf(json)} ${json}`) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function checksumOf(json: string): string {
  return md5OfBytes(encoder.encode(json)).slice(0, CHECKSUM_LENGTH);
}
