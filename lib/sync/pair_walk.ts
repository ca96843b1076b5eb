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
  const firstByKey = new Map<string, Entry>();
  // Only the rare clashes get lists of their own: a directory may hold half a million names.
  const groups = new Map<string, Entry[]>();
  for (const entry of sources) {
    const key = keyOf(entry);
    const first = firstByKey.get(key);
    if (first === undefined) firstByKey.set(key, entry);
    else groups.set(key, [...groups.get(key) ?? [first], entry]);
  }
  const pairs: Pair[] = [];
  for (const [key, source] of firstByKey) {
    if (!groups.has(key)) pairs.push({ source, target: targetByKey.get(key) });
  }
  const clashes = [...groups.values()].flatMap((group) =>
    group.map((entry) => ({ path: entry.path, error: clash(entry, group) }))
  );
  return { pairs, clashes };
}

function clash(entry: Entry, group: readonly Entry[]): JottashError {
  const others = group.filter((each) => each !== entry).map((each) => `"${nameOf(each.path)}"`).join(" and ");
  return new ConflictError(
    `Cannot copy "${entry.path}": at the target it would be the same name as ${others}, which differs only by case`,
    { code: "name-clash", hint: "Rename one of them" },
  );
}
