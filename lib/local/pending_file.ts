/** A file that is written under a temporary name and then put in its place. */
import type { FileSystem, OpenFile, Random } from "../edges.ts";
import { FileNotFoundError } from "../errors.ts";
import type { PendingFile } from "./local_tree.ts";
import type { LocalPaths } from "./local_path.ts";

const TEMPORARY_PREFIX = ".jottash-";
const TEMPORARY_SUFFIX = ".partial";
const RANDOM_LETTERS = 12;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Is this the name of a file that a `PendingFile` of some process is (or was) writing? */
export function isTemporaryName(name: string): boolean {
  return /^\.jottash-[a-z2-7]{12}\.partial$/.test(name);
}

/** Opens a temporary file beside `path`, with the parents that are missing. */
export async function createPendingFile(
  edges: { readonly fileSystem: FileSystem; readonly random: Random },
  options: { readonly path: string; readonly paths: LocalPaths },
): Promise<PendingFile> {
  const { fileSystem, random } = edges;
  const { path, paths } = options;
  const directory = paths.parentOf(path);
  const temporaryPath = paths.join(directory, temporaryName(random));
  const open = () => fileSystem.open(temporaryPath, { write: true, createNew: true, shownPath: path });
  const file = await open().catch(async (error: unknown) => {
    if (!(error instanceof FileNotFoundError)) throw error;
    await fileSystem.makeDirectory(directory);
    return await open();
  });
  return wrap(file, { fileSystem, path, temporaryPath });
}

function temporaryName(random: Random): string {
  const letters = Array.from(random.bytes(RANDOM_LETTERS), (byte) => ALPHABET[byte % ALPHABET.length]);
  return TEMPORARY_PREFIX + letters.join("") + TEMPORARY_SUFFIX;
}

function wrap(
  file: OpenFile,
  place: { readonly fileSystem: FileSystem; readonly path: string; readonly temporaryPath: string },
): PendingFile {
  const { fileSystem, path, temporaryPath } = place;
  let isDone = false;
  return {
    write: (bytes) => file.write(bytes),
    async commit({ modifiedAtMs }) {
      await file.setTimes(modifiedAtMs);
      file.close();
      await fileSystem.rename(temporaryPath, path);
      isDone = true;
    },
    async [Symbol.asyncDispose]() {
      if (isDone) return;
      isDone = true;
      file.close();
      // A leftover is harmless, and the failure that led here matters more than this one.
      await fileSystem.remove(temporaryPath).catch(() => {});
    },
  };
}
