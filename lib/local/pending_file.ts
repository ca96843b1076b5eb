/** A file that is written under a temporary name and then put in its place; or, when told, in its place from the start. */
import type { FileSystem, OpenFile, Random } from "../edges.ts";
import { ConflictError, FileNotFoundError } from "../errors.ts";
import type { LocalPaths } from "./local_path.ts";
import type { WritingRules } from "./local_rules.ts";
import { createClaimed } from "./claimed_file.ts";
import type { CommitOptions, PendingFile, Resumption } from "./local_tree.ts";
import { openResumable } from "./resumable_file.ts";
import { temporaryName } from "./temporary_name.ts";

interface PendingFileEdges {
  readonly fileSystem: FileSystem;
  readonly random: Random;
}

export interface PendingFileOptions {
  /** Of the file, in the platform's own form. */
  readonly path: string;
  readonly paths: LocalPaths;
  readonly rules: WritingRules;
  /** Makes the directory of the file, should it not be there. */
  readonly prepare: () => Promise<void>;
  /** Throws when the directory of the file is not one that may be written to: asked again once the file is open. */
  readonly assertPlace: () => Promise<void>;
  readonly size: number;
  /** What the whole content is known by; undefined for a file that no later run goes on with. */
  readonly content: string | undefined;
  /** Called when a file is left for a later run. */
  readonly onKept: (temporaryPath: string) => Promise<void>;
}

/** Opens the file that is written to; the parents that are missing are made. */
export async function createPendingFile(
  edges: PendingFileEdges,
  options: PendingFileOptions,
): Promise<PendingFile> {
  const { fileSystem } = edges;
  if (options.rules.isInPlace && await mayWriteInPlace(fileSystem, options.path)) {
    return await openInPlace(fileSystem, options);
  }
  const { path, paths, rules } = options;
  const parts = { finalName: paths.nameOf(path), suffix: rules.partialSuffix };
  const inDirectory = (name: string) => paths.join(paths.parentOf(path), name);
  const resumable = await near(options, () => openResumable(fileSystem, { ...options, parts, inDirectory }));
  const { file, path: temporaryPath } = resumable ?? await near(
    options,
    () => createClaimed(fileSystem, () => inDirectory(temporaryName(edges.random, parts)), path),
  );
  let isKept = false;
  const discard = async () => {
    // Closed last, and its lock with it: nobody else begins with a file that is about to go.
    using _file = file;
    const keptBytes = isKept ? (await file.stat()).size : 0;
    // A leftover is harmless, and the failure that led here matters more than this one.
    if (keptBytes === 0) await fileSystem.remove(temporaryPath).catch(() => {});
    else await options.onKept(temporaryPath);
  };
  try {
    await options.assertPlace();
  } catch (error) {
    isKept = resumable !== undefined;
    await discard();
    throw error;
  }
  const resumption: Resumption | undefined = resumable && {
    ...resumable.content,
    keep: () => {
      isKept = true;
    },
  };
  return wrap(file, { putInPlace: () => fileSystem.rename(temporaryPath, path), discard, resumption });
}

/** What is a link, or nothing to write to, is replaced as ever: nothing is written through it. */
async function mayWriteInPlace(fileSystem: FileSystem, path: string): Promise<boolean> {
  try {
    return (await fileSystem.lstat(path)).kind === "file";
  } catch (error) {
    if (error instanceof FileNotFoundError) return true;
    throw error;
  }
}

async function openInPlace(fileSystem: FileSystem, options: PendingFileOptions): Promise<PendingFile> {
  const { path } = options;
  const file = await near(options, () => fileSystem.open(path, { write: true, create: true }));
  try {
    await options.assertPlace();
    // Looked at before it is emptied: somebody may have put a link there meanwhile.
    const [named, opened] = [await fileSystem.lstat(path), await file.stat()];
    if (named.kind !== "file" || named.identity !== opened.identity) {
      throw new ConflictError(`Cannot write "${path}": it changed meanwhile`, { data: { path } });
    }
    await file.truncate(0);
  } catch (error) {
    file.close();
    throw error;
  }
  const discard = async () => {
    file.close();
    await fileSystem.remove(path).catch(() => {});
  };
  return wrap(file, { putInPlace: () => Promise.resolve(), discard });
}

async function near<T>(options: PendingFileOptions, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof FileNotFoundError)) throw error;
    await options.prepare();
    return await open();
  }
}

function wrap(
  file: OpenFile,
  { putInPlace, discard, resumption }: {
    readonly putInPlace: () => Promise<void>;
    readonly discard: () => Promise<void>;
    readonly resumption?: Resumption | undefined;
  },
): PendingFile {
  let isDone = false;
  return {
    resumption,
    write: (bytes) => file.write(bytes),
    async commit({ modifiedAtMs, createdAtMs }: CommitOptions) {
      // macOS takes a modification time that lies before the file was made for the time of its making (assumed).
      if (createdAtMs !== undefined && createdAtMs < modifiedAtMs) await file.setTimes(createdAtMs);
      await file.setTimes(modifiedAtMs);
      // Its lock keeps it from being taken for a leftover until it has its name.
      await putInPlace();
      file.close();
      isDone = true;
    },
    async [Symbol.asyncDispose]() {
      if (isDone) return;
      isDone = true;
      await discard();
    },
  };
}
