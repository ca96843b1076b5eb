/**
 * The same work on every file of a tree, found while it is walked. One failed file never stops the others; failures are
 * collected. Memory: the walk's, and `QUEUED_FILES` entries.
 */
import { Channel } from "../async/channel.ts";
import { AuthError, CancelledError, type JottashError, toJottashError } from "../errors.ts";
import type { FileEntry, Listable, SpecialEntry } from "../tree/tree.ts";
import { type WalkOptions, walkTree } from "../tree/walk.ts";

const QUEUED_FILES = 1_000;

export interface EachFileOptions extends WalkOptions {
  /** Called for each failure, when it happens, with the path of the entry. */
  readonly onError: (error: JottashError, path: string) => void;
  /** Called for what is there but no file. */
  readonly onSpecial: (entry: SpecialEntry) => void;
}

/**
 * Runs `work` for each file, `checkers` at a time; what cannot be listed is a failure too. Throws only what makes going
 * on pointless: a missing root, a lost sign-in, a stop by the user.
 */
export async function forEachFile(
  tree: Listable,
  options: EachFileOptions,
  work: (file: FileEntry) => Promise<void>,
): Promise<readonly JottashError[]> {
  const files = new Channel<FileEntry>(QUEUED_FILES);
  const errors: JottashError[] = [];
  const collect = (path: string, error: unknown) => {
    const failure = collectable(error, options.signal);
    errors.push(failure);
    options.onError(failure, path);
  };
  const feed = async () => {
    for await (const entry of walkTree(tree, options)) {
      if (entry.kind === "file") await files.send(entry);
      else if (entry.kind === "unreadable") collect(entry.path, entry.error);
      else if (entry.kind === "special") options.onSpecial(entry);
    }
    files.close();
  };
  const takeAll = async () => {
    for await (const file of files) await work(file).catch((error) => collect(file.path, error));
  };
  const stopAll = (error: unknown) => {
    files.fail(error);
    throw error;
  };
  const parts = [feed, ...Array.from({ length: options.checkers }, () => takeAll)];
  const results = await Promise.allSettled(parts.map((part) => part().catch(stopAll)));
  for (const result of results) if (result.status === "rejected") throw toJottashError(result.reason);
  return errors;
}

/** A failure of one item; throws one that would be the failure of all that follow. */
export function collectable(error: unknown, signal: AbortSignal | undefined): JottashError {
  signal?.throwIfAborted();
  const failure = toJottashError(error);
  if (failure instanceof AuthError || failure instanceof CancelledError || failure.code === "bug") {
    throw failure;
  }
  return failure;
}
