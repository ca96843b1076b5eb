/** Do two files of the same size hold the same bytes? By their MD5, which is read where it is not known. */
import { FileNotFoundError, JottashError, LocalError } from "../errors.ts";
import type { TransferContext } from "../transfer/context.ts";
import { untilSecondIsOver } from "../transfer/second_over.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";

interface FileOf {
  readonly tree: Tree;
  readonly file: FileEntry;
}

interface ContentAnswer {
  readonly isSame: boolean;
  /** The file of the source, with its MD5 where that is known now. */
  readonly source: FileEntry;
}

/**
 * A source that changes meanwhile, and a target that changes or cannot be read, is another one. Throws what makes the
 * source unreadable.
 */
export async function compareContent(
  source: FileOf,
  target: FileOf,
  context: TransferContext,
): Promise<ContentAnswer> {
  const { signal } = context.retryContext;
  const options = (path: string) => ({
    signal,
    fresh: context.readsAfresh,
    onKnown: (bytes: number) => context.emit({ type: "hash-known", path, bytes }),
  });
  const ofTarget = await target.tree.md5(target.file, options(target.file.path)).catch((error) => {
    signal?.throwIfAborted();
    if (error instanceof LocalError || error instanceof FileNotFoundError) return undefined;
    throw error;
  });
  if (ofTarget === undefined) return { isSame: false, source: source.file };
  try {
    if (source.tree.side === "local") await untilSecondIsOver(source.file, context);
    const md5 = await source.tree.md5(source.file, options(source.file.path));
    return { isSame: md5 === ofTarget, source: { ...source.file, md5 } };
  } catch (error) {
    if (!(error instanceof JottashError) || error.code !== "source-changed") throw error;
    return { isSame: false, source: source.file };
  }
}
