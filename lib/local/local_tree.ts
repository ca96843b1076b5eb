/** What only a place on this machine can do. */
import type { CallOptions, Mover, Tree } from "../tree/tree.ts";

/**
 * A file in the making: written under a temporary name beside its target, given its final name by `commit`.
 * Disposing it without a commit removes what was written.
 */
export interface PendingFile extends AsyncDisposable {
  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sets the time, closes, and puts the file in place of whatever file had the final name. */
  commit(times: { readonly modifiedAtMs: number }): Promise<void>;
}

export interface LocalTree extends Tree, Mover {
  readonly side: "local";

  /** Starts a file at `path`; missing parent directories are made. `size` bytes are announced, for early refusal. */
  beginWrite(path: string, size: number, options?: CallOptions): Promise<PendingFile>;

  /** Sets the modification time of a file whose content stays. */
  setTimes(path: string, modifiedAtMs: number, options?: CallOptions): Promise<void>;
}
