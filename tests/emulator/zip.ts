/**
 * Zip archives for public links of folders (API reference 5.10: "download is a zip"; layout and names inside are
 * assumed). Stored, streamed, of known length: every content is read twice, first for its CRC-32. Without zip64, so at
 * most 4 GiB and 65,535 entries.
 */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import type { Blob, BlobStore } from "./blobs.ts";
import type { BodyStream } from "./http_types.ts";
import { currentRevision, FileNode, type FolderNode } from "./nodes.ts";

const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
/** Version 2.0, names in UTF-8, no compression. */
const VERSION = 20;
const UTF8_NAMES = 0x800;
const MAX_ZIP_SIZE = 0xffff_ffff;
const MAX_ZIP_ENTRIES = 0xffff;

interface Entry {
  /** Folders end with a slash and have no content. */
  readonly name: Buffer;
  readonly blob: Blob | null;
  /** Seconds since the epoch. */
  readonly modified: number;
}

interface Written {
  readonly entry: Entry;
  readonly crc: number;
  readonly offset: number;
}

/** The live, complete content of a folder below its own name; undefined when it is too much for a plain zip. */
export function zipOf(blobs: BlobStore, folder: FolderNode): Required<BodyStream> | undefined {
  const entries = Array.from(entriesOf(folder, ""));
  const length = entries.reduce(
    (sum, { name, blob }) => sum + LOCAL_SIZE + CENTRAL_SIZE + 2 * name.length + (blob?.size ?? 0),
    END_SIZE,
  );
  if (length > MAX_ZIP_SIZE || entries.length > MAX_ZIP_ENTRIES) return undefined;
  return { length, chunks: zipChunks(blobs, entries) };
}

function* entriesOf(folder: FolderNode, above: string): Generator<Entry> {
  const path = `${above}${folder.name}/`;
  yield { name: Buffer.from(path), blob: null, modified: 0 };
  for (const child of folder.children()) {
    if (child.deletedAt !== 0) continue;
    if (!(child instanceof FileNode)) {
      yield* entriesOf(child, path);
      continue;
    }
    const current = currentRevision(child);
    if (current === undefined) continue;
    yield { name: Buffer.from(path + child.name), blob: current.blob, modified: current.modified };
  }
}

/** Holds on to all contents until the last one is sent. */
async function* zipChunks(blobs: BlobStore, entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  const held = entries.flatMap(({ blob }) => blob ?? []);
  for (const blob of held) blobs.retain(blob);
  try {
    const written: Written[] = [];
    let offset = 0;
    for (const entry of entries) {
      const crc = await crcOf(blobs, entry.blob);
      written.push({ entry, crc, offset });
      yield localHeader(entry, crc);
      if (entry.blob !== null) yield* blobs.read(entry.blob, 0, entry.blob.size);
      offset += LOCAL_SIZE + entry.name.length + (entry.blob?.size ?? 0);
    }
    const directory = Buffer.concat(written.map(centralHeader));
    yield directory;
    yield endRecord(entries.length, { size: directory.length, offset });
  } finally {
    for (const blob of held) blobs.release(blob);
  }
}

async function crcOf(blobs: BlobStore, blob: Blob | null): Promise<number> {
  let crc = 0;
  if (blob === null) return crc;
  for await (const piece of blobs.read(blob, 0, blob.size)) crc = crc32(piece, crc);
  return crc;
}

/** The fields that local and central headers share, from "version needed" to the length of the extra field. */
function writeFacts(header: Buffer, at: number, { entry, crc }: Pick<Written, "entry" | "crc">): void {
  const size = entry.blob?.size ?? 0;
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(UTF8_NAMES, at + 2);
  header.writeUInt32LE(dosTime(entry.modified), at + 6);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(size, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(entry.name.length, at + 22);
}

function localHeader(entry: Entry, crc: number): Buffer {
  const header = Buffer.alloc(LOCAL_SIZE);
  header.write("PK\x03\x04", "latin1");
  writeFacts(header, 4, { entry, crc });
  return Buffer.concat([header, entry.name]);
}

function centralHeader(written: Written): Buffer {
  const header = Buffer.alloc(CENTRAL_SIZE);
  header.write("PK\x01\x02", "latin1");
  header.writeUInt16LE(VERSION, 4);
  writeFacts(header, 6, written);
  header.writeUInt32LE(written.offset, 42);
  return Buffer.concat([header, written.entry.name]);
}

function endRecord(count: number, directory: { size: number; offset: number }): Buffer {
  const record = Buffer.alloc(END_SIZE);
  record.write("PK\x05\x06", "latin1");
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directory.size, 12);
  record.writeUInt32LE(directory.offset, 16);
  return record;
}

/** MS-DOS time (low half) and date (high half) in UTC; years outside 1980-2107 become its first moment. */
function dosTime(seconds: number): number {
  const at = new Date(seconds * 1000);
  const year = at.getUTCFullYear() - 1980;
  if (year < 0 || year > 127) return 0x0021_0000;
  const date = year << 9 | (at.getUTCMonth() + 1) << 5 | at.getUTCDate();
  return (date << 16 | at.getUTCHours() << 11 | at.getUTCMinutes() << 5 | at.getUTCSeconds() >> 1) >>> 0;
}
