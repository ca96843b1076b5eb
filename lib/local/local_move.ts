/** Moves within this machine: a rename, which only a second disk refuses. */
import type { FileInfo, FileSystem } from "../edges.ts";
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  JottashError,
  LocalError,
  UsageError,
} from "../errors.ts";
import type { CallOptions } from "../tree/tree.ts";
import type { LocalPaths } from "./local_path.ts";

export interface LocalMove extends CallOptions {
  /** In the platform's own form. */
  readonly from: string;
  readonly to: string;
  readonly paths: LocalPaths;
  readonly overwrite?: boolean | undefined;
}

export async function moveLocalFile(fileSystem: FileSystem, move: LocalMove): Promise<void> {
  const { from, to, overwrite, signal } = move;
  signal?.throwIfAborted();
  const source = await fileSystem.lstat(from);
  if (source.kind === "directory") throw new ConflictError(`Cannot move "${from}": it is a directory`);
  const target = await lookAt(fileSystem, to);
  if (target !== undefined && !isSameThing(source, target)) {
    const what = target.kind === "directory" ? "a directory" : overwrite === true ? undefined : "a file";
    if (what !== undefined) {
      throw new ConflictError(`Cannot move "${from}" to "${to}": ${what} of that name is in the way`);
    }
  }
  await rename(fileSystem, move);
}

export async function moveLocalDirectory(fileSystem: FileSystem, move: LocalMove): Promise<void> {
  const { from, to, paths, signal } = move;
  signal?.throwIfAborted();
  const source = await lookAt(fileSystem, from);
  if (source === undefined) throw new DirectoryNotFoundError(`Cannot move "${from}": no such directory`);
  if (source.kind !== "directory") throw new ConflictError(`Cannot move "${from}": it is not a directory`);
  const target = await lookAt(fileSystem, to);
  if (target !== undefined && !isSameThing(source, target)) {
    throw new ConflictError(`Cannot move "${from}" to "${to}": something of that name is in the way`);
  }
  if (target === undefined && to.startsWith(paths.join(from, ""))) {
    throw new UsageError(`Cannot move "${from}" to "${to}": the target lies inside of it`);
  }
  await rename(fileSystem, move);
}

function isSameThing(a: FileInfo, b: FileInfo): boolean {
  return a.identity !== undefined && a.identity === b.identity;
}

async function lookAt(fileSystem: FileSystem, path: string): Promise<FileInfo | undefined> {
  try {
    return await fileSystem.lstat(path);
  } catch (error) {
    if (error instanceof FileNotFoundError) return undefined;
    throw error;
  }
}

async function rename(fileSystem: FileSystem, { from, to, paths }: LocalMove): Promise<void> {
  await fileSystem.makeDirectory(paths.parentOf(to));
  try {
    await fileSystem.rename(from, to);
  } catch (error) {
    if (!(error instanceof JottashError) || error.data.osCode !== "EXDEV") throw error;
    throw new LocalError(`Cannot move "${from}" to "${to}": they are on two disks`, {
      code: "other-disk",
      cause: error,
    });
  }
}
