/** Two trees in memory for the engine, in each of the ways in which it goes from one to the other. */
import type { TargetTree } from "../../../../lib/transfer/copy_file.ts";
import { folderOf } from "../../../fakes/memory_remote_folder.ts";
import { TransferWorld } from "../transfer/world.ts";

export const DIRECTIONS = ["up", "down", "local", "remote"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface FileState {
  readonly content: string;
  /** Whole seconds since 1970. */
  readonly second: number;
}

/** One end, and how a test looks at it and changes it behind the engine's back. */
export class SyncEnd {
  readonly tree: TargetTree;
  readonly #world: TransferWorld;
  readonly #root: string;

  constructor(world: TransferWorld, side: "local" | "remote", root: string) {
    this.#world = world;
    this.#root = root;
    this.tree = side === "local" ? world.tree(`/${root}`) : folderOf(world.remote, root);
  }

  async put(path: string, { content, second }: FileState): Promise<void> {
    const { disk, remote } = this.#world;
    const modifiedAtMs = second * 1_000;
    if (this.tree.side === "remote") return remote.put(`${this.#root}/${path}`, content, { modifiedAtMs });
    disk.put(`/${this.#root}/${path}`, content);
    await disk.setTimes(`/${this.#root}/${path}`, modifiedAtMs);
  }

  /** Content of a live file; undefined when there is none. */
  peek(path: string): string | undefined {
    const { disk, remote } = this.#world;
    if (this.tree.side === "local") return disk.peek(`/${this.#root}/${path}`);
    const bytes = remote.peek(`${this.#root}/${path}`);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  /** All files, by path. */
  async files(): Promise<ReadonlyMap<string, FileState>> {
    const found = new Map<string, FileState>();
    for (const entry of await this.#entries("")) {
      if (entry.kind !== "file") continue;
      const content = this.peek(entry.path) ?? "";
      found.set(entry.path, { content, second: Math.floor((entry.modifiedAtMs ?? NaN) / 1_000) });
    }
    return new Map([...found].sort(([left], [right]) => left < right ? -1 : 1));
  }

  /** Paths of all directories. */
  async directories(): Promise<readonly string[]> {
    const entries = await this.#entries("");
    return entries.filter(({ kind }) => kind === "directory").map(({ path }) => path).sort();
  }

  async #entries(path: string): Promise<Awaited<ReturnType<TargetTree["list"]>>> {
    const entries = await this.tree.list(path);
    const below = entries.filter(({ kind }) => kind === "directory").map((entry) =>
      this.#entries(entry.path)
    );
    return [...entries, ...(await Promise.all(below)).flat()];
  }
}

export interface SyncEnds {
  readonly world: TransferWorld;
  readonly source: SyncEnd;
  readonly target: SyncEnd;
}

/** Both roots are there and empty. */
export async function createEnds(direction: Direction): Promise<SyncEnds> {
  const world = new TransferWorld();
  const [from, to] = direction === "up"
    ? ["local", "remote"] as const
    : direction === "down"
    ? ["remote", "local"] as const
    : [direction, direction] as const;
  const source = new SyncEnd(world, from, "source");
  const target = new SyncEnd(world, to, "target");
  for (const { tree } of [source, target]) await tree.makeDirectory("");
  world.remote.calls.length = 0;
  return { world, source, target };
}
