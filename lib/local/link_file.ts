/**
 * A symbolic link as a file: `NAME.rclonelink`, whose content is where the link leads, in UTF-8 and without a line end.
 * Source of fact: rclone 1.60.1 and its documentation of --links (observed, documented).
 */
import type { FileInfo, FileSystem, Random } from "../edges.ts";
import { ConflictError, FileNotFoundError, LocalError } from "../errors.ts";
import type { FileEntry } from "../tree/tree.ts";
import type { LocalPaths } from "./local_path.ts";
import type { PendingFile } from "./local_tree.ts";
import { temporaryName } from "./temporary_name.ts";

const LINK_SUFFIX = ".rclonelink";
/** Longest path that a link can lead to on the systems there are. */
const MAX_TARGET_BYTES = 4_095;

/** The path of the file that stands for a link. */
export function linkFilePath(path: string): string {
  return path + LINK_SUFFIX;
}

/** The path of the link that a file stands for; undefined for the name of any other file. */
export function linkPathOf(path: string): string | undefined {
  const isLink = path.endsWith(LINK_SUFFIX) && !/(?:^|\/)$/.test(path.slice(0, -LINK_SUFFIX.length));
  return isLink ? path.slice(0, -LINK_SUFFIX.length) : undefined;
}

/** What a real file says whose name is that of a link file: it would come back as a link. */
export function takenForLink(localPath: string): LocalError {
  return new LocalError(`Cannot read "${localPath}": with --links, its name stands for a symbolic link`, {
    code: "name-clash",
    hint: "Rename it, or work without --links",
    data: { path: localPath },
  });
}

export interface LinkContent {
  readonly info: FileInfo;
  /** Where the link leads. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Throws `FileNotFoundError` where nothing is or no link, `LocalError` for a target that is not UTF-8. */
export async function readLinkFile(
  fileSystem: Pick<FileSystem, "lstat" | "readLink">,
  path: string,
  known?: FileInfo,
): Promise<LinkContent> {
  const info = known ?? await fileSystem.lstat(path);
  if (info.kind !== "symlink") {
    throw new FileNotFoundError(`Cannot read "${path}": it is no symbolic link`, { data: { path } });
  }
  const target = await fileSystem.readLink(path);
  // The runtime shows each byte that is not UTF-8 as U+FFFD; the size then differs, where the system tells one.
  const bytes = new TextEncoder().encode(target);
  if (target.includes("\ufffd") && info.size !== bytes.length) {
    throw new LocalError(`Cannot read "${path}": where it leads is not valid UTF-8`, { data: { path } });
  }
  return { info: { ...info, kind: "file", size: bytes.length }, bytes };
}

/** Throws what a file that changed says. */
export function assertSameLink({ info }: LinkContent, entry: FileEntry, path: string): void {
  if (info.size === entry.size && (entry.modifiedAtMs ?? info.modifiedAtMs) === info.modifiedAtMs) return;
  throw new LocalError(`Cannot read "${path}": it changed while it was read`, {
    code: "source-changed",
    retry: "now",
    data: { path },
  });
}

/** A link in the making, at `path`: its text is collected, the link made under another name and renamed. */
export function createPendingLink(
  edges: { readonly fileSystem: FileSystem; readonly random: Random },
  { path, paths, prepare }: {
    readonly path: string;
    readonly paths: LocalPaths;
    /** Makes the parents; called once more right before the link is made. */
    readonly prepare: () => Promise<void>;
  },
): PendingFile {
  const { fileSystem, random } = edges;
  const bytes: number[] = [];
  return {
    write(chunk) {
      if (bytes.length + chunk.length > MAX_TARGET_BYTES) {
        return Promise.reject(badTarget(path, `it is longer than ${MAX_TARGET_BYTES} bytes`));
      }
      bytes.push(...chunk);
      return Promise.resolve();
    },
    async commit({ modifiedAtMs }) {
      const target = decodeTarget(path, Uint8Array.from(bytes));
      await prepare();
      const temporaryPath = paths.join(
        paths.parentOf(path),
        temporaryName(random, { finalName: "", suffix: undefined }),
      );
      await fileSystem.makeLink(temporaryPath, target);
      try {
        await fileSystem.setLinkTimes(temporaryPath, modifiedAtMs);
        await fileSystem.rename(temporaryPath, path);
      } catch (error) {
        await fileSystem.remove(temporaryPath).catch(() => {});
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function decodeTarget(path: string, bytes: Uint8Array): string {
  let target: string;
  try {
    target = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badTarget(path, "it is not valid UTF-8");
  }
  if (target === "") throw badTarget(path, "it is empty");
  if (target.includes("\0")) throw badTarget(path, "it has a zero byte");
  return target;
}

function badTarget(path: string, state: string): ConflictError {
  return new ConflictError(
    `Cannot make the symbolic link "${path}" of the file that stands for it: ${state}`,
    {
      hint: "Work without --links to get the file as it is",
      data: { path },
    },
  );
}
