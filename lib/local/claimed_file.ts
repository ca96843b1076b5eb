/**
 * Temporary files that belong to one process at a time. Each is locked while it is written; so one that can be locked is
 * a leftover, whatever became of the process that wrote it. The lock goes with the file, not with its name: after locking
 * one looks whether the name still stands for it.
 */
import type { FileInfo, FileSystem, OpenFile } from "../edges.ts";
import { ConflictError, FileNotFoundError, JottashError, LocalError } from "../errors.ts";
import { lookAt } from "./look.ts";

/** Somebody else has to be at the same file at the same moment for a second one to be needed. */
const MAX_ATTEMPTS = 10;

/** Whether a lock was had; `unknown` where the disk has none. */
type Claim = "own" | "foreign" | "unknown";

/** Makes a file under a name of `newName`, locked where the disk has locks. */
export async function createClaimed(
  fileSystem: FileSystem,
  newName: () => string,
  shownPath: string,
): Promise<{ readonly file: OpenFile; readonly path: string }> {
  for (let attempt = 1;; attempt++) {
    const path = newName();
    const file = await fileSystem.open(path, { write: true, createNew: true, shownPath }).catch(
      async (error: unknown) => {
        const isTaken = error instanceof ConflictError && await lookAt(fileSystem, path) !== undefined;
        if (!isTaken || attempt === MAX_ATTEMPTS) throw error;
        return undefined;
      },
    );
    if (file === undefined) continue;
    const claim = await claimOf(fileSystem, file, path).catch((error: unknown) => {
      file.close();
      throw error;
    });
    // Taken for a leftover between the two calls, and removed.
    if (claim !== "foreign") return { file, path };
    file.close();
    if (attempt === MAX_ATTEMPTS) {
      throw new LocalError(`Cannot write "${shownPath}": its temporary file is taken away each time`, {
        data: { path: shownPath },
      });
    }
  }
}

/** Opens the file at `path`, made when missing, for this process alone; undefined where that cannot be had. */
export async function claimFile(
  fileSystem: FileSystem,
  path: string,
  shownPath: string,
): Promise<OpenFile | undefined> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const found = await lookAt(fileSystem, path);
    // Nothing is opened through a link that somebody has put there.
    if (found !== undefined && found.kind !== "file") return undefined;
    const file = await openOrMake(fileSystem, path, { shownPath, isNew: found === undefined });
    if (file === undefined) continue;
    const claim = await claimOf(fileSystem, file, path).catch((error: unknown) => {
      file.close();
      throw error;
    });
    if (claim === "own") return file;
    file.close();
    // Made just now, and of no use without a lock.
    if (claim === "unknown" && found === undefined) await fileSystem.remove(path).catch(() => {});
    if (claim === "unknown" || await lookAt(fileSystem, path) !== undefined) return undefined;
  }
  return undefined;
}

/** Removes a temporary file unless some process is writing it, or that cannot be told. Never fails. */
export async function removeAbandoned(fileSystem: FileSystem, path: string): Promise<boolean> {
  try {
    const found = await lookAt(fileSystem, path);
    if (found?.kind !== "file") return false;
    using file = await fileSystem.open(path, { write: true });
    if (await claimOf(fileSystem, file, path) !== "own") return false;
    await fileSystem.remove(path);
    return true;
  } catch {
    return false;
  }
}

/** Undefined when the file came or went in between. */
async function openOrMake(
  fileSystem: FileSystem,
  path: string,
  { shownPath, isNew }: { readonly shownPath: string; readonly isNew: boolean },
): Promise<OpenFile | undefined> {
  try {
    return await fileSystem.open(path, { read: true, write: true, createNew: isNew, shownPath });
  } catch (error) {
    if (isNew ? error instanceof ConflictError : error instanceof FileNotFoundError) return undefined;
    throw error;
  }
}

async function claimOf(fileSystem: FileSystem, file: OpenFile, path: string): Promise<Claim> {
  const isLocked = await file.tryLock().catch((error: unknown) => {
    if (error instanceof JottashError) return undefined;
    throw error;
  });
  if (isLocked === undefined) return "unknown";
  if (!isLocked) return "foreign";
  const [named, opened] = [await lookAt(fileSystem, path), await file.stat()];
  return named?.kind === "file" && isSame(named, opened) ? "own" : "foreign";
}

/** Where the system tells no identities (Windows), size and time have to do. */
function isSame(named: FileInfo, opened: FileInfo): boolean {
  if (named.identity !== undefined) return named.identity === opened.identity;
  return named.size === opened.size && named.modifiedAtMs === opened.modifiedAtMs;
}
