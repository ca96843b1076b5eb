/**
 * Removes empty directories of a tree, from the inside out: one that holds nothing but such directories is empty in its
 * turn. Memory: the names of directories that are open or still to be looked at.
 */
import { WorkStack } from "../async/work_stack.ts";
import type { JottashError } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { type CallOptions, nameOf, type Tree } from "../tree/tree.ts";
import { collectable } from "./each_file.ts";

export interface RemoveEmptyOptions extends CallOptions {
  /** Directories looked at at the same time. */
  readonly checkers: number;
  readonly keepRoot: boolean;
  /** A directory that it leaves out is not looked into, one whose path with a `/` it leaves out as that of a file stays. */
  readonly filter?: Filter;
  /** Removes one directory, or says that it would. */
  readonly remove: (path: string) => Promise<void>;
  /** Called for each failure, when it happens, with the path of the directory. */
  readonly onError: (error: JottashError, path: string) => void;
}

interface Visit {
  readonly path: string;
  readonly parent: Visit | undefined;
  /** Directories in it that are not decided yet. */
  undecided: number;
  isEmpty: boolean;
}

/** Resolves with the failures. Throws when the root cannot be listed, on a lost sign-in and on a stop by the user. */
export async function removeEmptyDirectories(
  tree: Tree,
  options: RemoveEmptyOptions,
): Promise<readonly JottashError[]> {
  const { signal, checkers, keepRoot, filter } = options;
  const errors: JottashError[] = [];
  const collect = (path: string, error: unknown) => {
    const failure = collectable(error, signal);
    errors.push(failure);
    options.onError(failure, path);
  };
  const root: Visit = { path: "", parent: undefined, undecided: 0, isEmpty: true };
  const stack = new WorkStack<Visit>([root]);

  const look = async (visit: Visit) => {
    const entries = await tree.list(visit.path, { signal });
    const directories = entries.filter((entry) => entry.kind === "directory");
    if (filter?.isMarked(entries.map(({ path }) => nameOf(path)))) {
      visit.isEmpty = false;
      return;
    }
    const entered = directories.filter(({ path }) => filter?.entersDirectory(path) ?? true);
    visit.isEmpty = entered.length === entries.length;
    visit.undecided = entered.length;
    for (const { path } of entered) stack.push({ path, parent: visit, undecided: 0, isEmpty: true });
  };
  const removeOne = async (visit: Visit): Promise<boolean> => {
    if (!visit.isEmpty || keepRoot && visit === root) return false;
    // As rclone has it: with --include *.jpg no directory is one of those to be removed.
    if (filter?.explain(`${visit.path}/`, "file").isIncluded === false) return false;
    try {
      await options.remove(visit.path);
      return true;
    } catch (error) {
      collect(visit.path, error);
      return false;
    }
  };
  await stack.run(checkers, async (visit) => {
    try {
      await look(visit);
    } catch (error) {
      if (visit === root) throw error;
      collect(visit.path, error);
      visit.isEmpty = false;
    }
    // The last directory that is decided decides the one around it.
    for (let each: Visit | undefined = visit; each !== undefined && each.undecided === 0;) {
      const isRemoved = await removeOne(each);
      each = each.parent;
      if (each === undefined) break;
      each.undecided--;
      each.isEmpty &&= isRemoved;
    }
  });
  return errors;
}
