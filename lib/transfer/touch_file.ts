/** Times of one file, and empty files, on either side. */
import { ServiceError } from "../errors.ts";
import { md5OfBytes } from "../hash/md5.ts";
import type { CallOptions, FileEntry } from "../tree/tree.ts";
import type { TargetTree } from "./copy_file.ts";

/** Sets the modification time of a file; its time of creation and its content stay. */
export async function touchFile(
  tree: TargetTree,
  file: FileEntry,
  options: CallOptions & { readonly modifiedAtMs: number },
): Promise<void> {
  const { modifiedAtMs } = options;
  if (tree.side === "local") return await tree.setTimes(file.path, modifiedAtMs, options);
  await tree.setTimes(file, { modifiedAtMs, createdAtMs: file.createdAtMs ?? modifiedAtMs }, options);
}

/** Makes an empty file at a path where nothing is; missing parents are made. */
export async function createEmptyFile(
  tree: TargetTree,
  path: string,
  options: CallOptions & { readonly modifiedAtMs: number },
): Promise<void> {
  const { modifiedAtMs, signal } = options;
  if (tree.side === "local") {
    await using file = await tree.beginWrite(path, 0, options);
    return await file.commit({ modifiedAtMs });
  }
  const md5 = md5OfBytes(new Uint8Array());
  const request = { path, size: 0, md5, modifiedAtMs, createdAtMs: modifiedAtMs };
  const slot = await tree.allocate(request, options);
  if (slot.state === "wanted") await slot.send(ReadableStream.from([]), { signal });
  const made = await tree.stat(path, options);
  if (made?.kind === "file" && made.size === 0) return;
  throw new ServiceError(`Cannot make the file "${path}": the service has something else there afterwards`);
}
