/** The second half of a move: the source goes once the target holds the file, and only if it is still that file. */
import { ConflictError, LocalError } from "../errors.ts";
import { foldName } from "../names/compare.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { CallOptions, FileEntry, Tree } from "../tree/tree.ts";
import type { Run } from "./run.ts";

/**
 * Removes a file of the source (into the trash, where there is one) and tells it. Throws when it has changed since it
 * was looked at, and when it is the very file of the target.
 */
export async function removeSource(
  run: Run,
  { file, targetPath }: { readonly file: FileEntry; readonly targetPath: string },
): Promise<void> {
  const { source, target, context, options } = run;
  const { path, size } = file;
  const { signal } = context.retryContext;
  const action = `remove "${path}" from "${source.label}"`;
  if (await isSameFile(source, path, { target, targetPath })) {
    throw new ConflictError(`Cannot ${action}: source and target are the same file`);
  }
  if (!options.dryRun) {
    await requireUnchanged(source, file, { action, signal });
    if (target.side === "local") await target.flush(targetPath);
    await source.removeFile(path, { signal });
  }
  context.emit({ type: "removed", kind: "file", side: "source", path, size });
}

/** Throws `LocalError` "source-changed" when the tree holds another file than `file`, or none. */
export async function requireUnchanged(
  tree: Tree,
  file: FileEntry,
  { action, signal }: CallOptions & { readonly action: string },
): Promise<void> {
  const now = await tree.stat(file.path, { signal });
  const isUnchanged = now?.kind === "file" && now.size === file.size &&
    now.modifiedAtMs === file.modifiedAtMs &&
    (!tree.features.knowsMd5 || now.md5 === file.md5);
  if (isUnchanged) return;
  throw new LocalError(`Cannot ${action}: another program changes it`, {
    code: "source-changed",
    hint: "Run the same command again when that is over",
    data: { path: file.path },
  });
}

async function isSameFile(
  source: TargetTree,
  path: string,
  { target, targetPath }: { readonly target: TargetTree; readonly targetPath: string },
): Promise<boolean> {
  const isSame = (here: string, there: string) =>
    here === there || target.features.caseInsensitive && foldName(here) === foldName(there);
  if (isSame(source.identity + path, target.identity + targetPath)) return true;
  if (source.side !== "local" || target.side !== "local") return false;
  // Below the roots, links that are followed may lead to one place.
  return isSame(await source.placeOf(path), await target.placeOf(targetPath));
}
