/** A memory disk, a memory remote, and a transfer context that keeps what is emitted and never really waits. */
import assert from "node:assert/strict";
import { DEFAULT_RETRY_POLICY } from "../../../../lib/async/retry.ts";
import { DiskTree } from "../../../../lib/local/disk_tree.ts";
import { createLocalNames } from "../../../../lib/names/local_name.ts";
import type { TransferContext } from "../../../../lib/transfer/context.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";
import type { FileEntry, Tree } from "../../../../lib/tree/tree.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

export const TIME = 1_600_000_000_000;

export class TransferWorld {
  readonly clock = new FakeClock({ autoAdvance: true });
  readonly disk = new MemoryFileSystem();
  readonly remote = new MemoryRemote();
  readonly events: TransferEvent[] = [];
  readonly stop = new AbortController();
  readonly local: DiskTree = this.tree("/data");
  readonly context: TransferContext = {
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 4 },
    retryContext: { clock: this.clock, random: new SeededRandom(), signal: this.stop.signal },
    emit: (event) => void this.events.push(event),
  };

  tree(root: string): DiskTree {
    return new DiskTree(
      { fileSystem: this.disk, random: new SeededRandom(), platform: { os: "linux" } },
      { root, label: root.slice(1), names: createLocalNames("linux") },
    );
  }

  /** Puts a file on the disk; its path is relative to `/data`. */
  async put(path: string, content: string | Uint8Array, modifiedAtMs = TIME): Promise<FileEntry> {
    this.disk.put(`/data/${path}`, content);
    await this.disk.setTimes(`/data/${path}`, modifiedAtMs);
    return await fileIn(this.local, path);
  }

  /** What is left of unfinished downloads. */
  temporaries(): string[] {
    return this.disk.paths().filter((path) => path.endsWith(".partial"));
  }

  types(): string[] {
    return this.events.map((event) => event.type);
  }

  /** Fails unless the progress of each finished file adds up to its size, or to nothing when no byte travelled. */
  assertProgressAddsUp(): void {
    for (const event of this.events) {
      if (event.type !== "finished") continue;
      const sum = this.events.reduce(
        (total, each) =>
          each.type === "progressed" && each.phase === "transfer" && each.path === event.path
            ? total + each.bytes
            : total,
        0,
      );
      assert.equal(sum, event.how === "transferred" ? event.size : 0, event.path);
    }
  }
}

export async function fileIn(tree: Tree, path: string): Promise<FileEntry> {
  const entry = await tree.stat(path);
  assert.ok(entry?.kind === "file", `no file at ${path}`);
  return entry;
}

/** `length` bytes that differ along the way. */
export function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 251);
}
