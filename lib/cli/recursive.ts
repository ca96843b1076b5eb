/** Work over a whole tree: where the service tells it all with one request, folders are not listed one by one. */
import type { Filter } from "../filter/filter.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { CommandContext } from "./context.ts";

export interface RecursiveWork {
  /** Unlimited when not given. */
  readonly maxDepth?: number | undefined;
  readonly filter?: Filter | undefined;
  /** Media types are shown, which only listings of single folders tell. */
  readonly needsMimeType?: boolean;
}

/**
 * The tree for one walk over all of it, by the user's choice of `--fast-list`. Its listings are those of one moment: for
 * a second walk, after changes, call it again with the first tree.
 */
export function forRecursiveWork(
  context: CommandContext,
  tree: TargetTree,
  { maxDepth = Infinity, filter, needsMimeType = false }: RecursiveWork = {},
): TargetTree {
  const { settings: { fastList, checkers }, log } = context;
  if (tree.side === "local" || fastList === "never" || needsMimeType) return tree;
  if (maxDepth !== Infinity || filter !== undefined && !isForWholeTree(filter)) return tree;
  return tree.fastListed({
    mode: fastList,
    checkers,
    wants: filter === undefined ? undefined : (path) => filter.entersDirectory(path),
    onFallback: ({ message }) => log.info("not all could be listed with one request", { reason: message }),
  });
}

/** Filters that look at a part of a tree, at each folder by itself, or at what the one request does not tell. */
function isForWholeTree(filter: Filter): boolean {
  return filter.maxDepth === Infinity && filter.listedFiles === undefined &&
    filter.markerNames.length === 0 &&
    !filter.usesMetadata;
}
