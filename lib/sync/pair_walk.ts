/**
 * One directory of two trees side by side: which names belong together, which clash. Knows nothing of copying.
 */
import { ConflictError, type JottashError } from "../errors.ts";
import { foldName } from "../names/compare.ts";
import { type Entry, nameOf } from "../tree/tree.ts";

export interface Pair {
  readonly source: Entry;
  /** What the target has under that name, whatever its kind. */
  readonly target: Entry | undefined;
}

export interface PairedDirectory {
  readonly pairs: readonly Pair[];
  /** Source entries that cannot be paired, each with the reason. */
  readonly clashes: readonly { readonly path: string; readonly error: JottashError }[];
}

/**
 * Pairs the entries of one source directory with those of the target directory. On a target that folds case,
 * two source names that would meet there are both left out: neither may silently become the other.
 */
export function pairEntries(
  sources: readonly Entry[],
  targets: readonly Entry[],
  targetFoldsCase: boolean,
): PairedDirectory {
  const keyOf = (entry: Entry) => targetFoldsCase ? foldName(nameOf(entry.path)) : nameOf(entry.path);
  const targetByKey = new Map(targets.map((entry) => [keyOf(entry), entry]));
  const sourcesByKey = Map.groupBy(sources, keyOf);
  const pairs: Pair[] = [];
  const clashes: { path: string; error: JottashError }[] = [];
  for (const [key, group] of sourcesByKey) {
    const [first] = group;
    if (first !== undefined && group.length === 1) {
      pairs.push({ source: first, target: targetByKey.get(key) });
    } else clashes.push(...group.map((entry) => ({ path: entry.path, error: clash(entry, group) })));
  }
  return { pairs, clashes };
}

function clash(entry: Entry, group: readonly Entry[]): JottashError {
  const others = group.filter((each) => each !== entry).map((each) => `"${nameOf(each.path)}"`).join(" and ");
  return new ConflictError(
    `Cannot copy "${entry.path}": at the target it would be the same name as ${others}, which differs only by case`,
    { code: "name-clash", hint: "Rename one of them" },
  );
}
