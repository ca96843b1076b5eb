/** A disk whose clock ticks, files whose MD5 is asked for, and a cache of MD5s on the same disk. */
import assert from "node:assert/strict";
import { DiskTree } from "../../../../lib/local/disk_tree.ts";
import { createLocalNames } from "../../../../lib/names/local_name.ts";
import { HashCache } from "../../../../lib/store/hash_cache.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

/** Of the clock that disks take their times from. */
const TICK_MS = 10;
export const CACHE = "/cache/hashes";

export class HashWorld {
  readonly clock = new FakeClock({ autoAdvance: true });
  readonly disk = new MemoryFileSystem({
    nowMs: () => Math.floor(this.clock.now() / TICK_MS) * TICK_MS,
  });
  cache = new HashCache({ fileSystem: this.disk, clock: this.clock }, CACHE);
  tree = this.#tree();
  /** Bytes that were read for the last MD5. */
  hashedBytes = 0;

  async put(path: string, content: string | Uint8Array): Promise<void> {
    this.disk.put(`/data/${path}`, content);
    await this.later(3_000);
  }

  /** Writes into the file that is there. */
  async write(path: string, content: string): Promise<void> {
    using file = await this.disk.open(`/data/${path}`, { write: true, truncate: true });
    await file.write(new TextEncoder().encode(content));
  }

  async later(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  async entry(path: string): Promise<FileEntry> {
    const entry = await this.tree.stat(path);
    assert.ok(entry?.kind === "file", path);
    return entry;
  }

  async md5(path: string, options: { readonly fresh?: boolean } = {}): Promise<string> {
    this.hashedBytes = 0;
    const onBytes = (count: number) => this.hashedBytes += count;
    return await this.tree.md5(await this.entry(path), { ...options, onBytes });
  }

  /** What the next process finds; without `flush` as after kill -9. */
  async restart({ flush = true }: { readonly flush?: boolean } = {}): Promise<void> {
    if (flush) await this.cache.flush();
    this.cache = new HashCache({ fileSystem: this.disk, clock: this.clock }, CACHE);
    this.tree = this.#tree();
  }

  cacheFiles(): string[] {
    return this.disk.paths().filter((path) => path.startsWith(`${CACHE}/`));
  }

  #tree(): DiskTree {
    return new DiskTree(
      { fileSystem: this.disk, random: new SeededRandom(), platform: { os: "linux" } },
      { root: "/data", label: "data", names: createLocalNames("linux"), hashes: this.cache },
    );
  }
}
