/** What only a place on this machine can do. */
import type { CallOptions, Mover, Tree } from "../tree/tree.ts";

export interface CommitOptions {
  readonly modifiedAtMs: number;
  /** Set where the system lets it be set (macOS). */
  readonly createdAtMs?: number | undefined;
}

export interface WriteOptions extends CallOptions {
  /** What the whole content is known by; what an earlier run has left of it is gone on with where the disk allows. */
  readonly content?: string | undefined;
}

/** What a file in the making has that a later run can go on with. */
export interface Resumption {
  /** Bytes that an earlier run has left, at most those of the whole. They may be anything: whoever uses them proves them. */
  readonly keptBytes: number;
  /** What is in the file, from `offset` to the end as it is by then. */
  read(offset: number): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** The next bytes go to `offset`; those behind them stay. */
  seek(offset: number): Promise<void>;
  /** From now on disposing leaves the file where it is. */
  keep(): void;
}

/**
 * A file in the making: written under a temporary name beside its target, given its final name by `commit`.
 * Disposing it without a commit removes what was written.
 */
export interface PendingFile extends AsyncDisposable {
  /** Undefined for a file that every run begins anew. Where there are kept bytes, the first write goes behind them. */
  readonly resumption?: Resumption | undefined;
  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sets the time, closes, and puts the file in place of whatever file had the final name. */
  commit(options: CommitOptions): Promise<void>;
}

export interface LocalTree extends Tree, Mover {
  readonly side: "local";

  /** Starts a file at `path`; missing parent directories are made. `size` bytes are announced, for early refusal. */
  beginWrite(path: string, size: number, options?: WriteOptions): Promise<PendingFile>;

  /**
   * Removes an unfinished file unless some run is writing it, or it is one that a later run can go on with: that only
   * where `withResumable`. Resolves with whether it is gone; never fails.
   */
  removeUnfinished(path: string, options: { readonly withResumable: boolean }): Promise<boolean>;

  /**
   * Content and name of the file are on the disk when this resolves, whoever has written it: for whoever removes the
   * source afterwards. Costs a wait for the disk, which `commit` does not take (measured: a third of a millisecond for
   * each small file on a fast disk).
   */
  flush(path: string, options?: CallOptions): Promise<void>;

  /** What tells the file (or link) at `path` from all others, whatever it is called; undefined where nothing does. */
  identityOf(path: string): Promise<string | undefined>;

  /** The same for all paths of one place: through links that are followed, and where a disk is mounted twice. */
  placeOf(path: string): Promise<string>;

  /** Whether a link that is followed leads from `path` out of this tree and into the other: what is there is not this tree's. */
  leadsInto(path: string, other: Tree): Promise<boolean>;

  /** Sets the modification time of a file whose content stays. */
  setTimes(path: string, modifiedAtMs: number, options?: CallOptions): Promise<void>;
}
