/**
 * MD5s of local files, kept for later runs: what has not changed is not read again. It is only a cache: a disk that
 * is full or cannot be written, a damaged line, a killed process cost time, never an error and never a wrong MD5.
 *
 * A file is known by device, inode, size and both of its times to the nanosecond: the time of the last change of
 * anything about it can be set by no program. Nothing is kept of a file that was changed while it was hashed or shortly
 * before, as two changes within one tick of the clock of the disk have the same time.
 *
 * On the disk it is 256 small files that are read when they are needed. New lines are appended, by any number of
 * processes without a lock; each line carries a check of its own. A file that gets long is written anew without its
 * oldest lines: some 60 MB for a million files, 80 MB at most.
 */
import type { Clock, FileSystem } from "../edges.ts";
import { decodeRecord, encodeRecord, type FileLook, fingerprintOf, LINE_LENGTH } from "./hash_record.ts";
import { HashTable } from "./hash_table.ts";

/** Longer than a tick of any clock, small steps of a clock that is set, and a virtual machine that stood still. */
const RACY_MS = 2_000;
const DAY_MS = 86_400_000;
/** What nobody asked for that long is forgotten. */
const MAX_AGE_DAYS = 400;
/** What is asked for is as if written anew, but not on every day. */
const RENEW_DAYS = 40;
/** Lines of one file: more are cut down to the latest of them. */
const MAX_LINES = 6_144;
const KEPT_LINES = 4_096;
/** Nothing of ours: it is replaced. */
const MAX_FILE_BYTES = 4 * MAX_LINES * (LINE_LENGTH + 1);
/** What a killed process may lose: so many lines, or what took so many bytes of reading. */
const FLUSH_LINES = 1_000;
const FLUSH_HASHED_BYTES = 16 * 1024 * 1024;
/** More does not wait for a slow disk. */
const MAX_PENDING_LINES = 10_000;

export interface HashCacheEdges {
  readonly fileSystem: FileSystem;
  readonly clock: Pick<Clock, "now">;
}

/** A file whose MD5 is being computed. */
export interface Hashing {
  /** To be called with another look at the same file when its MD5 is known. */
  keep(after: FileLook, md5: string): void;
}

interface Shard {
  readonly path: string;
  readonly table: HashTable;
  /** Lines that are not on the disk yet. */
  pending: string[];
  /** Lines of the file, those included that nobody can use. */
  lines: number;
}

export class HashCache {
  readonly #edges: HashCacheEdges;
  readonly #directory: string;
  readonly #shards = new Map<number, Promise<Shard>>();
  readonly #changed = new Set<Shard>();
  #pendingLines = 0;
  #pendingHashedBytes = 0;
  #writing: Promise<void> | undefined;
  #isWritable: boolean;

  /** `directory` is of the cache alone and need not exist. In a dry run nothing is written. */
  constructor(edges: HashCacheEdges, directory: string, { dryRun = false } = {}) {
    this.#edges = edges;
    this.#directory = directory;
    this.#isWritable = !dryRun;
  }

  /** Lower-case hex MD5 of the file that looks like this; undefined where it is not known. Never throws. */
  async find(look: FileLook): Promise<string | undefined> {
    const fingerprint = fingerprintOf(look);
    if (fingerprint === undefined) return undefined;
    const shard = await this.#shardOf(fingerprint);
    const bytes = shard.table.get(fingerprint);
    const record = bytes === undefined ? undefined : decodeRecord(bytes);
    const today = this.#today();
    if (record === undefined || record.day < today - MAX_AGE_DAYS) return undefined;
    if (record.day < today - RENEW_DAYS) this.#set(shard, { ...record, day: today });
    return record.md5;
  }

  /** To be called with a look at a file right before it is read for its MD5. */
  begin(look: FileLook): Hashing | undefined {
    const fingerprint = fingerprintOf(look);
    const { changedAtNs } = look;
    if (fingerprint === undefined || changedAtNs === undefined) return undefined;
    const ageMs = this.#edges.clock.now() - Number(changedAtNs / 1_000_000n);
    if (ageMs < RACY_MS) return undefined;
    return {
      keep: (after, md5) => {
        if (isSame(look, after)) this.#keep(fingerprint, md5, look.size);
      },
    };
  }

  /** All that was kept is on the disk when this resolves, if that can be. Never throws. */
  async flush(): Promise<void> {
    // Those that are being read for the first time have not got their lines yet.
    await Promise.all(this.#shards.values());
    while (this.#changed.size > 0 || this.#writing !== undefined) await (this.#writing ??= this.#write());
  }

  #keep(fingerprint: Uint8Array, md5: string, size: number): void {
    if (this.#pendingLines >= MAX_PENDING_LINES) return;
    this.#pendingHashedBytes += size;
    this.#shardOf(fingerprint).then((shard) => {
      this.#set(shard, { fingerprint, md5, day: this.#today() });
    });
  }

  #set(shard: Shard, record: Parameters<typeof encodeRecord>[0]): void {
    const bytes = encodeRecord(record);
    shard.table.set(bytes);
    if (!this.#isWritable) return;
    shard.pending.push(bytes.toBase64());
    this.#changed.add(shard);
    this.#pendingLines++;
    const isEnough = this.#pendingLines >= FLUSH_LINES || this.#pendingHashedBytes >= FLUSH_HASHED_BYTES;
    if (isEnough) this.#writing ??= this.#write();
  }

  /** One for each first byte of a fingerprint. */
  #shardOf(fingerprint: Uint8Array): Promise<Shard> {
    const number = fingerprint[0] ?? 0;
    const found = this.#shards.get(number);
    if (found !== undefined) return found;
    const shard = this.#load(number);
    this.#shards.set(number, shard);
    return shard;
  }

  async #load(number: number): Promise<Shard> {
    const path = `${this.#directory}/md5-${number.toString(16).padStart(2, "0")}`;
    const text = await this.#read(path);
    if (text === undefined) return { path, table: new HashTable(), pending: [], lines: MAX_LINES };
    return {
      path,
      table: HashTable.parse(text),
      pending: [],
      lines: Math.ceil(text.length / (LINE_LENGTH + 1)),
    };
  }

  /** Empty for a file that is not there; undefined for one that is to be replaced. */
  async #read(path: string): Promise<string | undefined> {
    const { fileSystem } = this.#edges;
    try {
      return (await fileSystem.stat(path)).size > MAX_FILE_BYTES
        ? undefined
        : await fileSystem.readText(path);
    } catch {
      return "";
    }
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#pendingLines = 0;
    this.#pendingHashedBytes = 0;
    try {
      await this.#edges.fileSystem.makeDirectory(this.#directory, { mode: 0o700 });
      for (const shard of changed) await this.#writeShard(shard);
    } catch {
      // This run does without; a later one may find room.
      this.#isWritable = false;
      for (const shard of [...changed, ...this.#changed]) shard.pending = [];
      this.#changed.clear();
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeShard(shard: Shard): Promise<void> {
    const { pending, path } = shard;
    shard.pending = [];
    const { fileSystem } = this.#edges;
    if (shard.lines + pending.length <= MAX_LINES) {
      // An empty line first: a line that was cut off spoils no other.
      await this.#writeText(path, { lines: ["", ...pending], mode: { append: true } });
      shard.lines += pending.length;
      return;
    }
    const records = shard.table.latest({ most: KEPT_LINES, fromDay: this.#today() - MAX_AGE_DAYS });
    const lines = records.map((record) => record.toBase64());
    await this.#writeText(`${path}.new`, { lines, mode: { write: true, truncate: true } });
    await fileSystem.rename(`${path}.new`, path);
    shard.lines = lines.length;
  }

  async #writeText(
    path: string,
    { lines, mode }: { readonly lines: readonly string[]; readonly mode: Readonly<Record<string, true>> },
  ): Promise<void> {
    using file = await this.#edges.fileSystem.open(path, { ...mode, create: true, mode: 0o600 });
    await file.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
  }

  #today(): number {
    return Math.floor(this.#edges.clock.now() / DAY_MS);
  }
}

function isSame(before: FileLook, after: FileLook): boolean {
  return before.identity === after.identity && before.size === after.size &&
    before.modifiedAtNs === after.modifiedAtNs && before.changedAtNs === after.changedAtNs;
}
