/** An unfinished file that a later run finds again by its name and goes on with, whatever became of the one that began it. */
import type { FileSystem, OpenFile } from "../edges.ts";
import { FileNotFoundError, JottashError } from "../errors.ts";
import { claimFile } from "./claimed_file.ts";
import type { Resumption } from "./local_tree.ts";
import { resumableName } from "./temporary_name.ts";

const READ_BYTES = 1024 * 1024;

export interface ResumableOptions {
  /** Of the file, for messages. */
  readonly path: string;
  readonly size: number;
  readonly content: string | undefined;
  /** What its name is made of. */
  readonly parts: { readonly finalName: string; readonly suffix: string | undefined };
  readonly inDirectory: (name: string) => string;
}

export interface ResumableFile {
  readonly file: OpenFile;
  readonly path: string;
  readonly content: Omit<Resumption, "keep">;
}

/**
 * Undefined where the file is to be written as any other: nobody goes on with it, another process is writing it, the disk
 * has no locks, or what has the name is not ours. Throws `FileNotFoundError` where there is no such directory.
 */
export async function openResumable(
  fileSystem: FileSystem,
  { path: shownPath, size, content, parts, inDirectory }: ResumableOptions,
): Promise<ResumableFile | undefined> {
  if (content === undefined) return undefined;
  const path = inDirectory(resumableName({ ...parts, content: `${size} ${content}` }));
  const file = await claimFile(fileSystem, path, shownPath).catch((error: unknown) => {
    if (error instanceof FileNotFoundError || !(error instanceof JottashError)) throw error;
    return undefined;
  });
  if (file === undefined) return undefined;
  try {
    let keptBytes = (await file.stat()).size;
    if (keptBytes > size) {
      await file.truncate(0);
      keptBytes = 0;
    }
    await file.seek(keptBytes);
    const seek = (offset: number) => file.seek(offset);
    return { file, path, content: { keptBytes, read: (offset) => read(file, offset), seek } };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function* read(file: OpenFile, offset: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const buffer = new Uint8Array(READ_BYTES);
  await file.seek(offset);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return;
    yield buffer.subarray(0, count);
  }
}
