/**
 * Moves what is in a folder of the service into another one that is there already, without a transfer: a folder that
 * is missing at the target goes as a whole, others are looked into, files take the place of files. Memory: one listing
 * for each worker, and what is still to be moved of the folders that are open.
 */
import { WorkStack } from "../async/work_stack.ts";
import { ConflictError, type JottashError } from "../errors.ts";
import type { Remote } from "../remote/remote.ts";
import { type CallOptions, joinPath, nameOf, type Tree } from "../tree/tree.ts";
import { collectable } from "./each_file.ts";
import { removeEmptyDirectories } from "./remove_empty.ts";

export interface MoveIntoOptions extends CallOptions {
  /** Files and folders moved at the same time. */
  readonly workers: number;
  /** Called for each file and folder that has been moved as a whole. */
  readonly onMoved: (path: string) => void;
  /** Called for each failure, when it happens. */
  readonly onError: (error: JottashError) => void;
}

interface Item {
  readonly kind: "file" | "directory";
  /** The same below both roots. */
  readonly path: string;
}

/**
 * Moves all of `source` into `target`, then removes the folders that have become empty, the root too. Resolves with the
 * failures; what failed is where it was. Throws on a missing source, a lost sign-in and a stop by the user.
 */
export async function moveInto(
  source: Tree,
  target: Remote,
  options: MoveIntoOptions,
): Promise<readonly JottashError[]> {
  const { signal, workers } = options;
  const errors: JottashError[] = [];
  const collect = (error: unknown) => {
    const failure = collectable(error, signal);
    errors.push(failure);
    options.onError(failure);
  };
  const stack = new WorkStack<Item>([]);
  const open = async (path: string) => {
    await target.makeDirectory(path, { signal });
    for (const entry of await source.list(path, { signal })) {
      if (entry.kind === "unreadable") collect(entry.error);
      else if (entry.kind !== "special") {
        stack.push({ kind: entry.kind, path: joinPath(path, nameOf(entry.path)) });
      }
    }
  };
  const move = async ({ kind, path }: Item) => {
    const work = { source, from: path, to: path };
    if (kind === "file") await target.moveFile({ ...work, overwrite: true }, { signal });
    else {
      try {
        await target.moveDirectory(work, { signal });
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        return await open(path); // there already, or its name is held by the trash
      }
    }
    options.onMoved(path);
  };
  await open("");
  await stack.run(workers, (item) => move(item).catch(collect));
  const remove = (path: string) => source.removeDirectory(path, { signal, toTrash: true });
  const isRootFree = errors.length === 0;
  const more = await removeEmptyDirectories(source, {
    ...options,
    checkers: workers,
    keepRoot: !isRootFree,
    remove,
  });
  return [...errors, ...more];
}
