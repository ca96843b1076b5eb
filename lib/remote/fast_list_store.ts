/**
 * A whole tree in little memory: entries as a stream brings them, in any order, until their folders are asked for. Some
 * 70 bytes a file: packed into large blocks, the entries of a folder chained backwards.
 */
import { ProtocolError } from "../errors.ts";
import type { JfsFile, JfsFolder } from "../jfs/types.ts";
import { foldName } from "../names/compare.ts";
import { joinPath } from "../tree/tree.ts";

type StoredItem = JfsFile | JfsFolder;

const BLOCK_BYTES = 1 << 20;
/** Longer than any name of the service; bounds what one entry takes. */
const MAX_NAME_BYTES = 4096;
/** Place of the entry before in the same folder, kind, length of the name. */
const HEAD_BYTES = 8 + 1 + 2;
/** Size and both times; an MD5 of 16 bytes where there is one. */
const FILE_BYTES = 3 * 8 + 16;
/** What a folder costs besides its entry, here and where the stream is counted; its path comes to it twice. */
const FOLDER_BYTES = 250;

/** Kinds of entries. */
const FOLDER = 0;
const FILE = 1;
const FILE_WITH_MD5 = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class ListingStore {
  readonly #blocks: DataView[] = [];
  /** Where the last entry of a folder is, by its folded path; -1 for an empty one. */
  readonly #folders = new Map<string, number>([["", -1]]);
  #used = BLOCK_BYTES;
  #folderBytes = 0;

  /** About how much memory it takes. */
  get bytes(): number {
    return this.#blocks.length * BLOCK_BYTES + this.#folderBytes;
  }

  /** Adds an entry of the folder with this stored path. Throws `ProtocolError` for one that cannot be kept. */
  add(folder: string, item: StoredItem): void {
    const key = foldName(folder);
    const previous = this.#folders.get(key) ?? -1;
    this.#folders.set(key, this.#write(item, previous));
    if (item.kind === "folder") this.#addFolder(foldName(joinPath(folder, item.name)));
  }

  /** The entries of a folder, which are forgotten here; undefined for a folder that is unknown or was taken already. */
  take(folder: string): StoredItem[] | undefined {
    const key = foldName(folder);
    let place = this.#folders.get(key);
    if (place === undefined) return undefined;
    this.#folders.delete(key);
    const items: StoredItem[] = [];
    while (place >= 0) {
      const { item, previous } = this.#read(place);
      items.push(item);
      place = previous;
    }
    return items.reverse();
  }

  #addFolder(key: string): void {
    if (this.#folders.has(key)) return;
    this.#folders.set(key, -1);
    this.#folderBytes += FOLDER_BYTES + 2 * key.length;
  }

  #write(item: StoredItem, previous: number): number {
    const name = encoder.encode(item.name);
    if (name.length > MAX_NAME_BYTES || !item.name.isWellFormed()) {
      throw new ProtocolError(`the service sent a name of ${name.length} bytes that cannot be kept`);
    }
    const { block, at, place } = this.#room(HEAD_BYTES + name.length + FILE_BYTES);
    block.setFloat64(at, previous);
    block.setUint16(at + 9, name.length);
    new Uint8Array(block.buffer).set(name, at + HEAD_BYTES);
    const end = at + HEAD_BYTES + name.length;
    const kind = item.kind === "folder" ? FOLDER : writeFile(block, end, item);
    block.setUint8(at + 8, kind);
    this.#used = end + (kind === FOLDER ? 0 : FILE_BYTES);
    return place;
  }

  #room(bytes: number): { readonly block: DataView; readonly at: number; readonly place: number } {
    if (this.#used + bytes > BLOCK_BYTES) {
      this.#blocks.push(new DataView(new ArrayBuffer(BLOCK_BYTES)));
      this.#used = 0;
    }
    const index = this.#blocks.length - 1;
    return { block: this.#block(index), at: this.#used, place: index * BLOCK_BYTES + this.#used };
  }

  #read(place: number): { readonly item: StoredItem; readonly previous: number } {
    const block = this.#block(Math.floor(place / BLOCK_BYTES));
    const at = place % BLOCK_BYTES;
    const start = at + HEAD_BYTES;
    const end = start + block.getUint16(at + 9);
    const name = decoder.decode(new Uint8Array(block.buffer, start, end - start));
    const kind = block.getUint8(at + 8);
    const item: StoredItem = kind === FOLDER
      ? { kind: "folder", name, isDeleted: false }
      : readFile(block, end, { name, hasMd5: kind === FILE_WITH_MD5 });
    return { item, previous: block.getFloat64(at) };
  }

  #block(index: number): DataView {
    const block = this.#blocks[index];
    if (block === undefined) throw new RangeError(`no block ${index}`);
    return block;
  }
}

function writeFile(block: DataView, at: number, { current }: JfsFile): number {
  const { size, createdAtMs, modifiedAtMs, md5 } = current ?? {};
  block.setFloat64(at, size ?? NaN);
  block.setFloat64(at + 8, createdAtMs ?? NaN);
  block.setFloat64(at + 16, modifiedAtMs ?? NaN);
  if (md5 === undefined) return FILE;
  if (!/^[0-9a-f]{32}$/.test(md5)) throw new ProtocolError("the service sent an MD5 that is none");
  for (let index = 0; index < 16; index += 4) {
    block.setUint32(at + 24 + index, Number.parseInt(md5.slice(2 * index, 2 * index + 8), 16));
  }
  return FILE_WITH_MD5;
}

function readFile(
  block: DataView,
  at: number,
  { name, hasMd5 }: { readonly name: string; readonly hasMd5: boolean },
): JfsFile {
  const known = (value: number) => Number.isNaN(value) ? undefined : value;
  return {
    kind: "file",
    name,
    isDeleted: false,
    current: {
      state: "COMPLETED",
      number: undefined,
      size: known(block.getFloat64(at)),
      md5: hasMd5 ? new Uint8Array(block.buffer, at + 24, 16).toHex() : undefined,
      createdAtMs: known(block.getFloat64(at + 8)),
      modifiedAtMs: known(block.getFloat64(at + 16)),
      updatedAtMs: undefined,
      mimeType: undefined,
    },
    latest: undefined,
    revisions: [],
    publicUri: undefined,
  };
}
