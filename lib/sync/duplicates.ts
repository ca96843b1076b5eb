/**
 * Files of a tree that have the same content, found in one walk. Only sizes that several files have are looked into: on
 * this machine nothing else is read for its MD5.
 *
 * Memory: path, size, time and MD5 of each file until the walk is over.
 */
import { type JottashError } from "../errors.ts";
import { compareNames } from "../names/compare.ts";
import type { FileEntry, Listable, Tree } from "../tree/tree.ts";
import { inParallel } from "./each_item.ts";
import { collectable, type EachFileOptions, forEachFile } from "./each_file.ts";

export interface DuplicateGroup {
  /** Lower-case hex. */
  readonly md5: string;
  readonly size: number;
  /** Two or more, in the order of listings: those of a directory before those below it. */
  readonly files: readonly FileEntry[];
  /** Paths of those that were not read for it: their MD5 is that of an earlier reading. */
  readonly unread: ReadonlySet<string>;
}

export interface Duplicates {
  readonly groups: readonly DuplicateGroup[];
  /** What could not be listed or read; each has been told. */
  readonly errors: readonly JottashError[];
}

/** The groups in the order of their first files; empty files are of one content, too. Throws as `forEachFile`. */
export async function findDuplicates(
  { listed, tree }: { readonly listed: Listable; readonly tree: Pick<Tree, "md5"> },
  options: EachFileOptions,
): Promise<Duplicates> {
  const bySize = new Map<number, FileEntry[]>();
  const walkErrors = await forEachFile(listed, options, (file) => {
    const others = bySize.get(file.size);
    if (others === undefined) bySize.set(file.size, [slim(file)]);
    else others.push(slim(file));
    return Promise.resolve();
  });
  const candidates = [...bySize.values()].filter((files) => files.length > 1).flat();
  const { known, unread, errors } = await withMd5(tree, candidates, options);
  const byContent = Map.groupBy(known, ({ md5, size }) => `${md5} ${size}`).values();
  const groups = [...byContent].filter((files) => files.length > 1).map((files) => groupOf(files, unread));
  groups.sort(({ files: [a] }, { files: [b] }) => compareListed(a?.path ?? "", b?.path ?? ""));
  return { groups, errors: [...walkErrors, ...errors] };
}

/** What a group needs of a file, in memory of its own. */
function slim({ kind, path, size, modifiedAtMs, modifiedAtNs, md5 }: FileEntry): FileEntry {
  return { kind, path, size, modifiedAtMs, modifiedAtNs, md5 };
}

interface WithMd5 {
  readonly known: readonly FileEntry[];
  readonly unread: ReadonlySet<string>;
  readonly errors: readonly JottashError[];
}

async function withMd5(
  tree: Pick<Tree, "md5">,
  files: readonly FileEntry[],
  { checkers, signal, onError }: EachFileOptions,
): Promise<WithMd5> {
  const known: FileEntry[] = [];
  const unread = new Set<string>();
  const errors: JottashError[] = [];
  await inParallel(files, checkers, async (file) => {
    try {
      const onKnown = () => void unread.add(file.path);
      known.push({ ...file, md5: file.md5 ?? await tree.md5(file, { signal, onKnown }) });
    } catch (error) {
      const failure = collectable(error, signal);
      errors.push(failure);
      onError(failure, file.path);
    }
  });
  return { known, unread, errors };
}

function groupOf(files: FileEntry[], unread: ReadonlySet<string>): DuplicateGroup {
  files.sort((a, b) => compareListed(a.path, b.path));
  return { md5: files[0]?.md5 ?? "", size: files[0]?.size ?? 0, files, unread };
}

/** Files of a directory come before those below it, otherwise names decide. */
function compareListed(left: string, right: string): number {
  const [a, b] = [left.split("/"), right.split("/")];
  for (let level = 0;; level++) {
    const [isLastOfA, isLastOfB] = [level === a.length - 1, level === b.length - 1];
    const [nameOfA = "", nameOfB = ""] = [a[level], b[level]];
    if (isLastOfA !== isLastOfB) return isLastOfA ? -1 : 1;
    const order = compareNames(nameOfA, nameOfB);
    if (order !== 0 || isLastOfA) return order;
  }
}
