/**
 * Moves within this machine: a rename, which only a second disk refuses. A symbolic link moves itself, not what it leads
 * to. Two names of one file (hard links) are two files here: the system's own rename would do nothing.
 */
import type { FileInfo, FileSystem } from "../edges.ts";
import { ConflictError, DirectoryNotFoundError, JottashError, LocalError, UsageError } from "../errors.ts";
import { foldName } from "../names/compare.ts";
import type { CallOptions } from "../tree/tree.ts";
import type { LocalPaths } from "./local_path.ts";
import { lookAt, undefinedIfNothingThere } from "./look.ts";

export interface LocalMove extends CallOptions {
  /** In the platform's own form. */
  readonly from: string;
  readonly to: string;
  readonly paths: LocalPaths;
  readonly overwrite?: boolean | undefined;
}

/** Throws what `Mover.moveFile` does. */
export async function moveLocalFile(fileSystem: FileSystem, move: LocalMove): Promise<void> {
  const { from, to, overwrite, signal } = move;
  signal?.throwIfAborted();
  const source = await fileSystem.lstat(from);
  if (source.kind === "directory") throw refusal(move, "it is a directory");
  const target = await lookAt(fileSystem, to);
  if (target === undefined) return await rename(fileSystem, move);
  if (await isRespelled(fileSystem, { ...move, source, target })) return await rename(fileSystem, move);
  if (target.kind === "directory") throw refusal(move, "a directory of that name is in the way");
  if (overwrite !== true) throw refusal(move, "a file of that name is in the way");
  if (!isSame(source, target)) return await rename(fileSystem, move);
  if (await isOnePlace(fileSystem, move)) throw refusal(move, "source and target are the same file");
  await fileSystem.remove(from);
}

/** Throws what `Mover.moveDirectory` does. */
export async function moveLocalDirectory(fileSystem: FileSystem, move: LocalMove): Promise<void> {
  const { from, to, signal } = move;
  signal?.throwIfAborted();
  const source = await lookAt(fileSystem, from);
  if (source === undefined) {
    throw new DirectoryNotFoundError(`Cannot move "${from}": no such directory`, { data: { path: from } });
  }
  if (source.kind !== "directory") throw refusal(move, "it is not a directory");
  const target = await lookAt(fileSystem, to);
  if (target !== undefined && await isRespelled(fileSystem, { ...move, source, target })) {
    return await rename(fileSystem, { ...move, isDirectory: true });
  }
  if (await isInside(fileSystem, move.paths, { path: to, directory: from, info: source })) {
    throw new UsageError(`Cannot move "${from}" to "${to}": the target lies inside of it`);
  }
  if (target !== undefined) {
    if (await isInside(fileSystem, move.paths, { path: from, directory: to, info: target })) {
      throw new UsageError(`Cannot move "${from}" to "${to}": it lies inside of the target`);
    }
    throw refusal(move, "something of that name is in the way");
  }
  await rename(fileSystem, { ...move, isDirectory: true });
}

function isSame(a: FileInfo, b: FileInfo): boolean {
  return a.identity !== undefined && a.identity === b.identity;
}

/** One name in one directory, which is reached in two ways: through a link, or because it is mounted twice. */
async function isOnePlace(fileSystem: FileSystem, { from, to, paths }: LocalMove): Promise<boolean> {
  if (paths.nameOf(from) !== paths.nameOf(to)) return false;
  return isSame(await fileSystem.stat(paths.parentOf(from)), await fileSystem.stat(paths.parentOf(to)));
}

interface Found extends LocalMove {
  readonly source: FileInfo;
  readonly target: FileInfo;
}

/**
 * Is what was found at the target only the source, by another spelling of its name? A disk without case finds it under
 * either, but lists one; where the system tells no identities (Windows), the spelling has to do.
 */
async function isRespelled(
  fileSystem: FileSystem,
  { from, to, paths, source, target }: Found,
): Promise<boolean> {
  if (from === to) return true;
  if (source.identity === undefined) return foldName(from) === foldName(to);
  if (!isSame(source, target)) return false;
  const [there, here] = [paths.parentOf(to), paths.parentOf(from)];
  if (!isSame(await fileSystem.stat(there), await fileSystem.stat(here))) return false;
  const names = new Set((await fileSystem.readDirectory(here)).map(({ name }) => name));
  return !names.has(paths.nameOf(from)) || !names.has(paths.nameOf(to));
}

/** Does `path` lie somewhere below the directory, whatever either is spelled like? */
export async function isInside(
  fileSystem: FileSystem,
  paths: LocalPaths,
  { path, directory, info }: { readonly path: string; readonly directory: string; readonly info: FileInfo },
): Promise<boolean> {
  for (let above = path; above !== paths.parentOf(above);) {
    above = paths.parentOf(above);
    if (info.identity === undefined && foldName(above) === foldName(directory)) return true;
    const found = await fileSystem.stat(above).catch(undefinedIfNothingThere);
    if (found !== undefined && isSame(found, info)) return true;
  }
  return false;
}

/** With the parents that are missing; where the rename is refused, those are taken away again. */
async function rename(
  fileSystem: FileSystem,
  { isDirectory = false, ...move }: LocalMove & { readonly isDirectory?: boolean },
): Promise<void> {
  const { from, to, paths } = move;
  const made = await missingParents(fileSystem, move);
  try {
    if (made.length > 0) await fileSystem.makeDirectory(paths.parentOf(to));
    await fileSystem.rename(from, to);
  } catch (error) {
    // What somebody has put something into meanwhile stays.
    for (const path of made) await fileSystem.remove(path).catch(() => {});
    // A directory that is busy is one where another disk begins (or, on Windows, with files that are open).
    const codes = isDirectory ? ["EXDEV", "EBUSY"] : ["EXDEV"];
    if (!(error instanceof JottashError) || !codes.includes(String(error.data.osCode))) throw error;
    throw new LocalError(`Cannot move "${from}" to "${to}": they are on two disks`, {
      code: "other-disk",
      cause: error,
      data: { path: from },
    });
  }
}

/** The deepest first. */
async function missingParents(fileSystem: FileSystem, { to, paths }: LocalMove): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let path = paths.parentOf(to); await lookAt(fileSystem, path) === undefined;) {
    missing.push(path);
    path = paths.parentOf(path);
  }
  return missing;
}

function refusal({ from, to }: LocalMove, state: string): ConflictError {
  return new ConflictError(`Cannot move "${from}" to "${to}": ${state}`, { data: { path: from } });
}
