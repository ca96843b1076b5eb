/**
 * The real disk. Errors are translated by `os_failure.ts`.
 *
 * What only touches names and times is done at once: such a call takes microseconds, asking a thread for it up to a
 * hundred (measured with small files: a sixth of the time of a copy). What moves bytes or waits for the disk
 * (`sync`, large reads) never blocks.
 */
import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DirectoryItem, DiskSpace, FileInfo, FileSystem, ListedItem, OpenMode } from "../edges.ts";
import { createChangeTimes } from "./change_times.ts";
import { createExactTimes, type ExactTimes } from "./exact_times.ts";
import { setLinkTime } from "./link_times.ts";
import { createOpenFile, toDate, toFileInfo } from "./deno_file.ts";
import { osFailure } from "./os_failure.ts";

const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";
const LIST_BATCH = 500;
/** Longest stretch of synchronous listing; then everything else gets its turn. */
const LIST_TURN_MS = 8;

export function createDenoFileSystem(): FileSystem {
  const exactTimes = createExactTimes();
  const changeTimes = createChangeTimes();
  return {
    async open(path, mode) {
      const { shownPath = path, ...options } = mode;
      const file = await attempt(openVerb(mode), shownPath, () => Deno.openSync(path, options));
      return createOpenFile(file, shownPath);
    },
    stat: (path, options = {}) =>
      attempt("read", path, () => {
        const found = Deno.statSync(path);
        const info = toFileInfo(found);
        if (options.nanoseconds !== true && options.changeTime !== true) return info;
        const exact = exactTimes(path, { followsLinks: true });
        const { modifiedAtNs } = exact ?? {};
        if (options.changeTime !== true) return { ...info, modifiedAtNs };
        return { ...info, modifiedAtNs, changedAtNs: changeTimes(path, found, exact) };
      }),
    lstat: (path) => attempt("read", path, () => toFileInfo(Deno.lstatSync(path))),
    readDirectory: (path) =>
      attempt("list", path, async () => {
        const items: DirectoryItem[] = [];
        for await (const entry of Deno.readDir(path)) items.push({ name: entry.name, kind: kindOf(entry) });
        return items;
      }),
    listDirectory: (path, { nanoseconds = false } = {}) =>
      listDirectory(path, nanoseconds ? exactTimes : undefined),
    makeDirectory: (path, options = {}) =>
      attempt("make the directory", path, () => Deno.mkdirSync(path, { ...options, recursive: true })),
    readText: (path) => attempt("read", path, () => Deno.readTextFile(path)),
    readLink: (path) => attempt("read", path, () => Deno.readLinkSync(path)),
    makeLink: (path, target) => attempt("make the symbolic link", path, () => makeLink(path, target)),
    rename: (from, to) => attempt("write", to, () => Deno.renameSync(from, to)),
    remove: (path, options = {}) => attempt("remove", path, () => Deno.remove(path, options)),
    setMode: (path, mode) =>
      attempt("set the permissions of", path, async () => {
        if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
      }),
    copyOwner: (example, path) => Promise.resolve(copyOwner(example, path)),
    setTimes: (path, modifiedAtMs) =>
      attempt("set the time of", path, () => {
        const at = toDate(modifiedAtMs);
        return Deno.utimeSync(path, at, at);
      }),
    setLinkTimes: (path, modifiedAtMs) =>
      attempt("set the time of", path, () => setLinkTime(path, modifiedAtMs)),
    realPath: (path) => attempt("read", path, () => Deno.realPath(path)),
    space: (path) => attempt("tell the space of", path, () => spaceOf(path)),
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

/** Windows wants to know what a link leads to; one that leads to nothing is one to a file there. */
function makeLink(path: string, target: string): void {
  if (Deno.build.os !== "windows") return Deno.symlinkSync(target, path);
  const type = isDirectoryFrom(path, target) ? "dir" : "file";
  Deno.symlinkSync(target, path, { type });
}

function isDirectoryFrom(path: string, target: string): boolean {
  try {
    return Deno.statSync(resolve(dirname(path), target)).isDirectory;
  } catch {
    return false;
  }
}

/** Synchronous calls in short turns: asking a thread for each name takes five times as long (stack.md J). */
async function* listDirectory(
  path: string,
  exactTimes: ExactTimes | undefined,
): AsyncGenerator<readonly ListedItem[]> {
  const base = path.endsWith(SEPARATOR) ? path : `${path}${SEPARATOR}`;
  const names = await attempt("list", path, () => {
    return Array.from(Deno.readDirSync(path), (entry) => entry.name);
  });
  let turnStartedAt = performance.now();
  for (let start = 0; start < names.length; start += LIST_BATCH) {
    yield names.slice(start, start + LIST_BATCH).map((name) => ({
      name,
      info: lstatOf(`${base}${name}`, exactTimes),
    }));
    if (performance.now() - turnStartedAt < LIST_TURN_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    turnStartedAt = performance.now();
  }
}

function lstatOf(path: string, exactTimes: ExactTimes | undefined): ListedItem["info"] {
  try {
    const info = toFileInfo(Deno.lstatSync(path));
    return exactTimes === undefined
      ? info
      : { ...info, modifiedAtNs: exactTimes(path, { followsLinks: false })?.modifiedAtNs };
  } catch (error) {
    return osFailure(error, { verb: "read", path });
  }
}

/** Root on a network disk may not be allowed to: then the file is root's. */
function copyOwner(example: string, path: string): void {
  if (Deno.build.os === "windows" || Deno.uid() !== 0) return;
  try {
    const { uid, gid } = Deno.statSync(example);
    if (uid === null || gid === null) return;
    // Not what a link leads to, which somebody may have put there meanwhile.
    globalThis.process.getBuiltinModule("node:fs").lchownSync(path, uid, gid);
  } catch {
    // The content matters more.
  }
}

/** What network disks and some others say of a directory that is to be flushed: they cannot. */
const CANNOT_SYNC: ReadonlySet<unknown> = new Set(["EINVAL", "EBADF", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

function spaceOf(path: string): DiskSpace {
  const { bsize, blocks, bfree, bavail } = statfsSync(path);
  return { totalBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize, freeBytes: bavail * bsize };
}

/** Only Linux lets a directory be opened and flushed; elsewhere this does nothing. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os !== "linux") return;
  await attempt("write", path, async () => {
    using directory = await Deno.open(path, { read: true });
    try {
      await directory.sync();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && CANNOT_SYNC.has(error.code))) throw error;
    }
  });
}

/** The lock file stays when the lock is given back: removing it would let two processes lock different files. */
async function tryLock(path: string): Promise<Disposable | undefined> {
  return await attempt("lock", path, async () => {
    const file = await openLock(path);
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

/** One that another user has made, root above all, can be locked without the right to write it. */
async function openLock(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { read: true, write: true, create: true });
  } catch (error) {
    const isDenied = error instanceof Deno.errors.PermissionDenied;
    const found = isDenied ? await Deno.open(path, { read: true }).catch(() => undefined) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}
