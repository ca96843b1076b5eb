/** What says how files have to be: the files of another place, read afresh, or the manifest of an earlier run. */
import { filterTree } from "../listing/filtered_tree.ts";
import type { Filter } from "../filter/filter.ts";
import { isPlainPath, treeOfPaths } from "../listing/sum_tree.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { FileEntry, Listable, Tree } from "../tree/tree.ts";
import { type Content, readAfresh } from "../verify/verify_file.ts";
import type { CommandContext } from "./context.ts";
import { requireNoRules } from "./filters.ts";
import { forRecursiveWork } from "./recursive.ts";
import { readManifest } from "./verify_manifest_read.ts";

export interface Reference {
  /** As messages and state files call it. */
  readonly label: string;
  readonly files: Listable;
  /** Where the reference is one file and no folder. */
  readonly single: FileEntry | undefined;
  /** What a walk cannot come to, as no place can have it. */
  readonly unreachable: readonly string[];
  readonly sizeOf: (file: FileEntry) => number;
  /** What the file has to be. Throws what reading throws. */
  readonly expected: (file: FileEntry, context: TransferContext) => Promise<Content>;
}

export async function openReference(
  context: CommandContext,
  place: string,
  filter: Filter,
): Promise<Reference> {
  const source = await context.source(place);
  requireNoRules(source, filter);
  const { tree, file } = source;
  return {
    label: context.labelOf(place),
    files: filterTree(forRecursiveWork(context, tree, { filter }), filterUse(context, filter)),
    single: file,
    unreachable: [],
    sizeOf: ({ size }) => size,
    expected: (each, transfer) => readAfresh({ tree: tree as Tree, file: each }, transfer),
  };
}

/** Throws `UsageError` for what is no manifest. */
export async function openManifestReference(
  context: CommandContext,
  place: string,
  filter: Filter,
): Promise<Reference> {
  const { files, isWhole } = await readManifest(context, place);
  const label = context.labelOf(place);
  if (!isWhole) {
    context.printer.warning(`"${label}" is of a run that did not do all its work: it has not all files`);
  }
  const isWanted = ([path, { size }]: readonly [string, Content]) =>
    filter.explain(path, "file").isIncluded &&
    filter.includes({ kind: "file", path, size, modifiedAtMs: undefined } as FileEntry);
  const paths = [...files].filter(isWanted).map(([path]) => path);
  const contentOf = ({ path }: FileEntry): Content => files.get(path) ?? { size: 0, md5: "" };
  return {
    label,
    files: treeOfPaths(paths.filter(isPlainPath)),
    single: undefined,
    unreachable: paths.filter((path) => !isPlainPath(path)),
    sizeOf: (file) => contentOf(file).size,
    expected: (file) => Promise.resolve(contentOf(file)),
  };
}

export function filterUse({ settings: { checkers } }: CommandContext, filter: Filter) {
  return { filter, checkers };
}
