/**
 * The real disk. Errors are translated by `os_failure.ts`.
 *
 * What only touches names and times is done at once: such a call takes microseconds, asking a thread for it up to a
 * hundred (measured with small files: a sixth of the time of a copy). What moves bytes or waits for the disk
 * (`sync`, large reads) never blocks.
 */
import type { DirectoryItem, FileInfo, FileSystem, ListedItem, OpenMode } from "../edges.ts";
import { createOpenFile, toDate, toFileInfo } from "./deno_file.ts";
import { osFailure } from "./os_failure.ts";

const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";
const LIST_BATCH = 500;
/** Longest stretch of synchronous listing; then everything else gets its turn. */
const LIST_TURN_MS = 8;

export function createDenoFileSystem(): FileSystem {
  return {
    async open(path, mode) {
      const { shownPath = path, ...options } = mode;
      const file = await attempt(openVerb(mode), shownPath, () => Deno.openSync(path, options));
      return createOpenFile(file, shownPath);
    },
    stat: (path) => attempt("read", path, () => toFileInfo(Deno.statSync(path))),
    lstat: (path) => attempt("read", path, () => toFileInfo(Deno.lstatSync(path))),
    readDirectory: (path) =>
      attempt("list", path, async () => {
        const items: DirectoryItem[] = [];
        for await (const entry of Deno.readDir(path)) items.push({ name: entry.name, kind: kindOf(entry) });
        return items;
      }),
    listDirectory,
    makeDirectory: (path, options = {}) =>
      attempt("make the directory", path, () => Deno.mkdirSync(path, { ...options, recursive: true })),
    readText: (path) => attempt("read", path, () => Deno.readTextFile(path)),
    rename: (from, to) => attempt("write", to, () => Deno.renameSync(from, to)),
    remove: (path, options = {}) => attempt("remove", path, () => Deno.remove(path, options)),
    setMode: (path, mode) =>
      attempt("set the permissions of", path, async () => {
        if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
      }),
    setTimes: (path, modifiedAtMs) =>
      attempt("set the time of", path, () => {
        const at = toDate(modifiedAtMs);
        return Deno.utimeSync(path, at, at);
      }),
    realPath: (path) => attempt("read", path, () => Deno.realPath(path)),
    syncDirectory,
    tryLock,
  };
}

async function attempt<T>(verb: string, path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw osFailure(error, { verb, path });
  }
}

function openVerb(mode: OpenMode): string {
  return mode.write || mode.append ? "write" : "read";
}

function kindOf(entry: Deno.DirEntry): FileInfo["kind"] {
  return entry.isFile ? "file" : entry.isDirectory ? "directory" : entry.isSymlink ? "symlink" : "other";
}

/** Synchronous calls in short turns: asking a thread for each name takes five times as long (stack.md J). */
async function* listDirectory(path: string): AsyncGenerator<readonly ListedItem[]> {
  const base = path.endsWith(SEPARATOR) ? path : `${path}${SEPARATOR}`;
  const names = await attempt("list", path, () => {
    return Array.from(Deno.readDirSync(path), (entry) => entry.name);
  });
  let turnStartedAt = performance.now();
  for (let start = 0; start < names.length; start += LIST_BATCH) {
    yield names.slice(start, start + LIST_BATCH).map((name) => ({ name, info: lstatOf(`${base}${name}`) }));
    if (performance.now() - turnStartedAt < LIST_TURN_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    turnStartedAt = performance.now();
  }
}

function lstatOf(path: string): ListedItem["info"] {
  try {
    return toFileInfo(Deno.lstatSync(path));
  } catch (error) {
    return osFailure(error, { verb: "read", path });
  }
}

/** Only Linux lets a directory be opened and flushed; elsewhere this does nothing. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os !== "linux") return;
  await attempt("write", path, async () => {
    using directory = await Deno.open(path, { read: true });
    await directory.sync();
  });
}

/** The lock file stays when the lock is given back: removing it would let two processes lock different files. */
async function tryLock(path: string): Promise<Disposable | undefined> {
  return await attempt("lock", path, async () => {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    let isLocked = false;
    try {
      isLocked = await file.tryLock(true);
    } finally {
      if (!isLocked) file.close();
    }
    // Closing unlocks.
    return isLocked ? file : undefined;
  });
}
