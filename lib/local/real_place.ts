/**
 * Places below a root that are reached through no symbolic link: a service (or whoever wrote to it) may send a link
 * `a` that leads anywhere and then a file `a/x`, which must not come out there.
 */
import type { FileInfo, FileSystem } from "../edges.ts";
import { ConflictError, FileNotFoundError } from "../errors.ts";
import type { LocalPaths } from "./local_path.ts";

export interface RealPlace {
  readonly fileSystem: FileSystem;
  readonly paths: LocalPaths;
  /** May itself be reached through links: the user has named it. */
  readonly root: string;
  /** Names of the directories below the root, in the platform's own form. */
  readonly names: readonly string[];
}

/** Throws `ConflictError` when one of the directories is a link; what is not there, or is a file, is not looked into. */
export async function assertRealPlace(place: RealPlace): Promise<void> {
  for (const path of pathsOf(place)) if (!await isRealDirectory(place.fileSystem, path)) return;
}

/** Makes what is missing. Throws `ConflictError` when one of the directories is a link or a file. */
export async function makeRealPlace(place: RealPlace): Promise<void> {
  const { fileSystem, root, names } = place;
  if (names.length === 0) return await fileSystem.makeDirectory(root);
  let isRootThere = false;
  for (const path of pathsOf(place)) {
    if (await isRealDirectory(fileSystem, path)) {
      isRootThere = true;
      continue;
    }
    if (!isRootThere) await fileSystem.makeDirectory(root);
    isRootThere = true;
    await fileSystem.makeDirectory(path);
    await isRealDirectory(fileSystem, path);
  }
}

function pathsOf({ paths, root, names }: RealPlace): string[] {
  let path = root;
  return names.map((name) => path = paths.join(path, name));
}

/** Throws `ConflictError` for a link. */
async function isRealDirectory(fileSystem: FileSystem, path: string): Promise<boolean> {
  let info: FileInfo;
  try {
    info = await fileSystem.lstat(path);
  } catch (error) {
    if (error instanceof FileNotFoundError) return false;
    if (error instanceof ConflictError && error.data.osCode === "ENOTDIR") return false;
    throw error;
  }
  if (info.kind !== "symlink") return info.kind === "directory";
  throw new ConflictError(`Cannot change anything below "${path}": it is a symbolic link`, {
    hint: "Use --copy-links to work where the links lead to",
    data: { path },
  });
}
