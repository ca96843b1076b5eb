/** A folder of a remote in memory as a remote of its own, with as much as a move needs. */
import type { DirectFileWork, DirectWork } from "../../lib/tree/tree.ts";
import type { Remote } from "../../lib/remote/remote.ts";
import { joinPath, type Tree } from "../../lib/tree/tree.ts";
import type { MemoryRemote } from "./memory_remote.ts";

export function folderOf(remote: MemoryRemote, root: string): Remote {
  const at = (path: string) => joinPath(root, path);
  const inner = (work: DirectWork | DirectFileWork) => ({
    ...work,
    source: remote,
    from: (work.source as Tree & { at: (path: string) => string }).at(work.from),
    to: at(work.to),
  });
  return {
    at,
    list: (path: string) =>
      remote.list(at(path)).then((entries) =>
        entries.map((entry) => ({ ...entry, path: entry.path.slice(root.length + 1) }))
      ),
    makeDirectory: (path: string) => remote.makeDirectory(at(path)),
    removeDirectory: (path: string) => remote.removeDirectory(at(path)),
    moveFile: (work: DirectFileWork) => remote.moveFile(inner(work)),
    moveDirectory: (work: DirectWork) => remote.moveDirectory(inner(work)),
  } as unknown as Remote;
}
