/** What the disk in memory holds, and what its tests are told. The disk itself is in `memory_file_system.ts`. */
import type { Node } from "./memory_file.ts";

export interface Operation {
  readonly name: string;
  readonly path: string;
  /** Counts from 1 over the life of the disk. */
  readonly index: number;
}

/** What several processes share. */
export interface Disk {
  entries: Map<string, Node>;
  durable: Map<string, Node>;
  locks: Set<string>;
  /** Who has locked an open file. */
  fileLocks: Map<Node, object>;
  nextId: number;
  operations: number;
  beforeOperation: (operation: Operation) => void;
  nowMs: () => number;
  /** Names that differ only by case are one name, listed as it was given first. */
  readonly foldsCase: boolean;
}
