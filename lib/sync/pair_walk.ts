/**
 * One directory of two trees side by side: which names belong together, which clash. Knows nothing of copying.
 */
import { ConflictError, type JottashError } from "../errors.ts";
import { foldName, nfcKey } from "../names/compare.ts";
import { type Entry, nameOf, type TreeFeatures } from "../tree/tree.ts";

export interface Pair {
  readonly source: Entry;
  /** What the target has under that name, whatever its kind. */
  readonly target: Entry | undefined;
}

export interface PairedDirectory {
  readonly pairs: readonly Pair[];
  /** Source entries that cannot be paired, each with the reason. */
  readonly clashes: readonly { readonly path: string; readonly error: JottashError }[];
  /** What only the target has; neither what a clash is about nor what belongs to an entry that cannot be read. */
  readonly alone: readonly Entry[];
}

/**
 * Pairs the entries of one source directory with those of the target directory: by the name as the target knows it, and
 * else by what differs only in how accents are written. Source names that would meet at the target are all left out:
 * none may silently become the other.
 */
export function pairEntries(
  sources: readonly Entry[],
  targets: readonly Entry[],
  target: Pick<TreeFeatures, "caseInsensitive" | "foldsUnicode">,
): PairedDirectory {
  const keyOf = (entry: Entry) => keyAt(target, nameOf(entry.path));
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
  const alone = new Set<Entry>();
  const others = new Map<string, Entry>();
  for (const [key, entry] of targetByKey) {
    if (firstByKey.has(key)) continue;
    alone.add(entry);
    others.set(nfcKey(key), entry);
  }
  const takeOther = (key: string, isWanted: (entry: Entry) => boolean) => {
    const other = others.get(nfcKey(key));
    if (other === undefined || !isWanted(other)) return undefined;
    others.delete(nfcKey(key));
    alone.delete(other);
    return other;
  };
  const pairs: Pair[] = [];
  for (const [key, source] of firstByKey) {
    if (groups.has(key)) {
      takeOther(key, () => true);
      continue;
    }
    let target = targetByKey.get(key);
    if (source.kind !== "special") target ??= takeOther(key, (entry) => isOneKind(source, entry));
    // What is left out at the source is missing there, as in rclone.
    else if (target !== undefined) alone.add(target);
    pairs.push({ source, target });
  }
  const clashes = [...groups.values()].flatMap((group) =>
    group.map((entry) => ({ path: entry.path, error: clash(entry, group) }))
  );
  return { pairs, clashes, alone: [...alone] };
}

function isOneKind(source: Entry, target: Entry): boolean {
  return source.kind === target.kind || source.kind === "unreadable" || target.kind === "unreadable";
}

function keyAt(
  { caseInsensitive, foldsUnicode }: Pick<TreeFeatures, "caseInsensitive" | "foldsUnicode">,
  name: string,
): string {
  const composed = foldsUnicode ? nfcKey(name) : name;
  // Once more: lower case may have a composed form where upper case has none.
  return caseInsensitive ? foldsUnicode ? nfcKey(foldName(composed)) : foldName(composed) : composed;
}

function clash(entry: Entry, group: readonly Entry[]): JottashError {
  const others = group.filter((each) => each !== entry).map((each) => `"${nameOf(each.path)}"`).join(" and ");
  return new ConflictError(
    `Cannot copy "${entry.path}": at the target it would be the same name as ${others}`,
    { code: "name-clash", hint: "Rename one of them" },
  );
}
