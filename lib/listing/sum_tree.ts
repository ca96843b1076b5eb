/** A list of hash sums as a tree, so that it can be compared with one: no bytes, only names. */
import { DirectoryNotFoundError } from "../errors.ts";
import { type Entry, type Listable, parentOf } from "../tree/tree.ts";

/** Whether a walk can come to the path: no `/a`, `./a`, `a//b`. */
export function isPlainPath(path: string): boolean {
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

/** The tree of plain paths to files; all their sizes are 0, and nobody knows the times. */
export function treeOfPaths(paths: Iterable<string>): Listable {
  const entriesOf = new Map<string, Entry[]>([["", []]]);
  const directory = (path: string): Entry[] => {
    const known = entriesOf.get(path);
    if (known !== undefined) return known;
    const entries: Entry[] = [];
    entriesOf.set(path, entries);
    directory(parentOf(path)).push({ kind: "directory", path, modifiedAtMs: undefined });
    return entries;
  };
  for (const path of paths) {
    directory(parentOf(path)).push({ kind: "file", path, size: 0, modifiedAtMs: undefined });
  }
  return {
    list: (path) => {
      const entries = entriesOf.get(path);
      return entries === undefined
        ? Promise.reject(new DirectoryNotFoundError(`Cannot list "${path}": no path of the list is below it`))
        : Promise.resolve([...entries]);
    },
  };
}
