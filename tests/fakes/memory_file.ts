/** One node of the disk in memory, and an open file on it. The disk itself is in `memory_file_system.ts`. */
import type { FileInfo, OpenFile } from "../../lib/edges.ts";

export interface Node {
  readonly id: number;
  readonly kind: "file" | "directory" | "symlink";
  /** Of a symbolic link. */
  readonly target: string;
  bytes: Uint8Array<ArrayBuffer>;
  durableBytes: Uint8Array<ArrayBuffer>;
  mode: number;
  modifiedAtMs: number;
  readonly createdAtMs: number;
  /** When anything about it was changed last. */
  changedAtMs: number;
  device: number;
}

/** What an open file asks of its disk. */
interface FileHost {
  runOnFile<T>(name: string, path: string, work: () => T): Promise<T>;
  touch(node: Node, bytes: Uint8Array<ArrayBuffer>): void;
  setTimeOf(node: Node, modifiedAtMs: number): void;
  /** False when another open file has locked the node. */
  lock(node: Node, file: object): boolean;
  unlock(node: Node, file: object): void;
}

export class MemoryFile implements OpenFile {
  readonly #fileSystem: FileHost;
  readonly #node: Node;
  readonly #options: { readonly path: string; readonly append: boolean };
  #position = 0;
  #isOpen = true;

  constructor(
    fileSystem: FileHost,
    node: Node,
    options: { readonly path: string; readonly append: boolean },
  ) {
    this.#fileSystem = fileSystem;
    this.#node = node;
    this.#options = options;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#run("read", () => {
      const part = this.#node.bytes.subarray(this.#position, this.#position + buffer.length);
      buffer.set(part);
      this.#position += part.length;
      return part.length === 0 && buffer.length > 0 ? null : part.length;
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#run("write", () => {
      const node = this.#node;
      if (this.#options.append) this.#position = node.bytes.length;
      const grown = new Uint8Array(Math.max(node.bytes.length, this.#position + bytes.length));
      grown.set(node.bytes);
      grown.set(bytes, this.#position);
      this.#position += bytes.length;
      this.#fileSystem.touch(node, grown);
    });
  }

  seek(offset: number): Promise<void> {
    return this.#run("seek", () => {
      this.#position = offset;
    });
  }

  truncate(length: number): Promise<void> {
    return this.#run("truncate", () => {
      const resized = new Uint8Array(length);
      resized.set(this.#node.bytes.subarray(0, length));
      this.#fileSystem.touch(this.#node, resized);
    });
  }

  sync(): Promise<void> {
    return this.#run("sync", () => {
      this.#node.durableBytes = this.#node.bytes;
    });
  }

  stat(): Promise<FileInfo> {
    return this.#run("fstat", () => infoOf(this.#node));
  }

  setTimes(modifiedAtMs: number): Promise<void> {
    return this.#run("futimes", () => {
      this.#fileSystem.setTimeOf(this.#node, modifiedAtMs);
    });
  }

  tryLock(): Promise<boolean> {
    return this.#run("flock", () => this.#fileSystem.lock(this.#node, this));
  }

  close(): void {
    this.#isOpen = false;
    this.#fileSystem.unlock(this.#node, this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #run<T>(name: string, work: () => T): Promise<T> {
    if (!this.#isOpen) throw new Error(`${name} on a closed file`);
    return this.#fileSystem.runOnFile(name, this.#options.path, work);
  }
}

export function infoOf(node: Node): FileInfo {
  return {
    kind: node.kind,
    size: node.bytes.length,
    modifiedAtMs: node.modifiedAtMs,
    createdAtMs: node.createdAtMs,
    mode: node.mode,
    identity: `${node.device}:${node.id}`,
  };
}

/** With the times to the nanosecond, of which the last ones never change, as a clock that ticks has them. */
export function exactInfoOf(node: Node): FileInfo {
  const toNs = (ms: number) => BigInt(Math.floor(ms)) * 1_000_000n + 1_017n;
  const [modifiedAtNs, changedAtNs] = [toNs(node.modifiedAtMs), toNs(node.changedAtMs)];
  return { ...infoOf(node), modifiedAtNs, changedAtNs };
}
