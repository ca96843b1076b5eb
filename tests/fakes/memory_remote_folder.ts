/** A folder of a remote in memory as a remote of its own. */
import type { Remote } from "../../lib/remote/remote.ts";
import { type DirectWork, type Entry, joinPath, type Tree } from "../../lib/tree/tree.ts";
import type { MemoryRemote } from "./memory_remote.ts";

/** Verbs whose first argument is a path. */
const BY_PATH: ReadonlySet<PropertyKey> = new Set([
  "makeDirectory",
  "removeFile",
  "removeDirectory",
  "purge",
  "refusedReason",
  "makeLink",
  "removeLink",
]);
/** Verbs whose first argument is, or holds, an entry or a request with a path. */
const BY_ENTRY: ReadonlySet<PropertyKey> = new Set(["open", "md5", "allocate", "setTimes"]);
const MOVES: ReadonlySet<PropertyKey> = new Set(["moveFile", "copyFile", "moveDirectory"]);

interface Folder {
  readonly remote: MemoryRemote;
  readonly root: string;
}

const FOLDERS = new WeakMap<Tree, Folder>();

export function folderOf(remote: MemoryRemote, root: string): Remote {
  const at = (path: string) => joinPath(root, path);
  const below = <Found extends Entry>(entry: Found): Found => ({
    ...entry,
    path: entry.path.slice(root === "" ? 0 : root.length + 1),
  });
  const call = (key: string, first: unknown, rest: readonly unknown[]): unknown =>
    (remote as unknown as Record<string, (...all: unknown[]) => unknown>)[key]?.(first, ...rest);
  const folder = new Proxy(remote as Remote, {
    get(_target, key) {
      if (key === "identity") return `${remote.identity}${root === "" ? "" : `${root}/`}`;
      if (key === "list") {
        return (path: string, options?: object) =>
          remote.list(at(path), options).then((entries) => entries.map(below));
      }
      if (key === "stat") {
        return (path: string, options?: object) =>
          remote.stat(at(path), options).then((entry) => entry === undefined ? undefined : below(entry));
      }
      if (key === "canTakeFrom") return (source: Tree) => ownerOf(source).remote === remote;
      if (BY_PATH.has(key)) {
        return (path: string, ...rest: unknown[]) => call(String(key), at(path), rest);
      }
      if (BY_ENTRY.has(key)) {
        return (entry: { readonly path: string }, ...rest: unknown[]) =>
          call(String(key), { ...entry, path: at(entry.path) }, rest);
      }
      if (MOVES.has(key)) {
        return (work: DirectWork, ...rest: unknown[]) => {
          const from = joinPath(ownerOf(work.source).root, work.from);
          return call(String(key), { ...work, source: remote, from, to: at(work.to) }, rest);
        };
      }
      const value: unknown = Reflect.get(remote, key, remote);
      return typeof value === "function" ? value.bind(remote) : value;
    },
  });
  FOLDERS.set(folder, { remote, root });
  return folder;
}

function ownerOf(tree: Tree): Folder {
  return FOLDERS.get(tree) ?? { remote: tree as MemoryRemote, root: "" };
}
