/** The orders of `tree`: what stands first among the entries of one directory. */
import { compareNames } from "../names/compare.ts";
import { type DirectoryEntry, type FileEntry, nameOf } from "../tree/tree.ts";
import { modifiedAtNsOf } from "./item.ts";

export const TREE_SORTS = ["name", "version", "size", "mtime", "ctime"] as const;
export type TreeSort = typeof TREE_SORTS[number];

export interface TreeOrder {
  /** `none` is the order of names, which costs nothing here. */
  readonly sort: TreeSort | "none";
  readonly isReversed: boolean;
  readonly hasDirectoriesFirst: boolean;
}

type TreeEntry = FileEntry | DirectoryEntry;
type Compare = (left: TreeEntry, right: TreeEntry) => number;

const COMPARISONS: Readonly<Record<TreeSort, Compare>> = {
  name: (left, right) => compareNames(nameOf(left.path), nameOf(right.path)),
  version: (left, right) => compareVersions(nameOf(left.path), nameOf(right.path)),
  size: (left, right) => sizeOf(left) - sizeOf(right),
  mtime: compareTimes,
  // Nobody knows the time of the last change of status: as in rclone, that of the content stands for it.
  ctime: compareTimes,
};

/** What puts entries in order, equal ones by name whatever the direction; undefined where that is all. */
export function comparisonOf({ sort, isReversed, hasDirectoriesFirst }: TreeOrder): Compare | undefined {
  if (sort === "none") return undefined;
  const sign = isReversed ? -1 : 1;
  return (left, right) => {
    const byKind = hasDirectoriesFirst ? rankOf(left) - rankOf(right) : 0;
    return sign * (byKind || COMPARISONS[sort](left, right)) || COMPARISONS.name(left, right);
  };
}

function rankOf(entry: TreeEntry): number {
  return entry.kind === "directory" ? 0 : 1;
}

function sizeOf(entry: TreeEntry): number {
  return entry.kind === "file" ? entry.size : -1;
}

function compareTimes(left: TreeEntry, right: TreeEntry): number {
  const difference = modifiedAtNsOf(left) - modifiedAtNsOf(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Digits count as numbers: `a9` before `a10`. */
export function compareVersions(left: string, right: string): number {
  const leftChunks = left.match(/\d+|\D+/g) ?? [];
  const rightChunks = right.match(/\d+|\D+/g) ?? [];
  for (const [index, chunk] of leftChunks.entries()) {
    const other = rightChunks[index];
    if (other === undefined) return 1;
    const isNumeric = /^\d/.test(chunk) && /^\d/.test(other);
    const difference = isNumeric ? compareNumbers(chunk, other) : compareNames(chunk, other);
    if (difference !== 0) return difference;
  }
  return leftChunks.length - rightChunks.length || left.length - right.length;
}

function compareNumbers(left: string, right: string): number {
  const [leftDigits, rightDigits] = [left.replace(/^0+/, ""), right.replace(/^0+/, "")];
  return leftDigits.length - rightDigits.length || compareNames(leftDigits, rightDigits);
}
