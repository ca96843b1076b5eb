/**
 * One directory of two trees side by side, for comparing: both sides count alike, every entry comes up exactly once.
 * (For copying, where two names may not become one, there is `pair_walk.ts`.)
 */
import { compareNames, foldName, nfcKey } from "../names/compare.ts";
import { type Entry, nameOf, type TreeFeatures } from "../tree/tree.ts";

/** Two entries of the same kind that belong together, or one that is alone; an unreadable one is of any kind. */
export interface Couple {
  readonly source: Entry | undefined;
  readonly target: Entry | undefined;
}

export type Folding = Pick<TreeFeatures, "caseInsensitive">;

/**
 * The key of a name or a path under which it is looked for at the other side: accents however they are written, and
 * case where the target knows none, as rclone has it.
 */
export function nameKey(name: string, { caseInsensitive }: Folding): string {
  const composed = nfcKey(name);
  // Once more: lower case may have a composed form where upper case has none.
  return caseInsensitive ? nfcKey(foldName(composed)) : composed;
}

/**
 * Joins what has the very same name, then of the rest what has the same key; the first by name where several could. A
 * file and a directory of one name are two that are alone.
 */
export function coupleEntries(
  sources: readonly Entry[],
  targets: readonly Entry[],
  target: Folding,
): readonly Couple[] {
  const keyOf = (entry: Entry) => nameKey(nameOf(entry.path), target);
  const exact = joinBy(sources, targets, (entry) => nameOf(entry.path));
  const folded = joinBy(exact.sources, exact.targets, keyOf);
  return [
    ...exact.couples,
    ...folded.couples,
    ...folded.sources.map((source) => ({ source, target: undefined })),
    ...folded.targets.map((target) => ({ source: undefined, target })),
  ];
}

interface Joined {
  readonly couples: readonly Couple[];
  /** Left alone. */
  readonly sources: readonly Entry[];
  readonly targets: readonly Entry[];
}

function joinBy(
  sources: readonly Entry[],
  targets: readonly Entry[],
  keyOf: (entry: Entry) => string,
): Joined {
  const waiting = Map.groupBy(inOrder(targets), keyOf);
  const couples: Couple[] = [];
  const alone: Entry[] = [];
  const taken = new Set<Entry>();
  for (const source of inOrder(sources)) {
    const target = waiting.get(keyOf(source))?.find((each) => !taken.has(each) && isOneKind(source, each));
    if (target === undefined) alone.push(source);
    else {
      taken.add(target);
      couples.push({ source, target });
    }
  }
  return { couples, sources: alone, targets: targets.filter((each) => !taken.has(each)) };
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((left, right) => compareNames(left.path, right.path));
}

function isOneKind(source: Entry, target: Entry): boolean {
  return source.kind === target.kind || source.kind === "unreadable" || target.kind === "unreadable";
}
