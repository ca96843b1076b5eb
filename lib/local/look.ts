/** Looks at the disk where nothing may be, and what is said when something else is there. */
import type { FileInfo, FileSystem } from "../edges.ts";
import { ConflictError, DirectoryNotFoundError, FileNotFoundError } from "../errors.ts";

/** What is at `path`, links not followed; undefined for nothing, also where a file stands in place of a parent. */
export async function lookAt(
  fileSystem: Pick<FileSystem, "lstat">,
  path: string,
): Promise<FileInfo | undefined> {
  return await fileSystem.lstat(path).catch(undefinedIfNothingThere);
}

export function undefinedIfNothingThere(error: unknown): undefined {
  if (error instanceof FileNotFoundError) return undefined;
  if (error instanceof ConflictError && error.data.osCode === "ENOTDIR") return undefined;
  throw error;
}

export function wrongKind(verb: string, path: string, state: string): ConflictError {
  return new ConflictError(`Cannot ${verb} "${path}": ${state}`, { data: { path } });
}

export function directoryNotFound(verb: string, path: string, cause?: unknown): DirectoryNotFoundError {
  return new DirectoryNotFoundError(`Cannot ${verb} "${path}": no such directory`, { cause, data: { path } });
}
