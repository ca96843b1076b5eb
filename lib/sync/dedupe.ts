/**
 * Removes all but one of files that have the same content. Nothing is taken from the listing: right before each removal
 * the file that is kept and the one that goes are looked at again, so that a content never loses its last file.
 */
import { ConflictError, type JottashError } from "../errors.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { CallOptions, FileEntry } from "../tree/tree.ts";
import type { DuplicateGroup } from "./duplicates.ts";
import { collectable } from "./each_file.ts";

/** Which file of a group stays. By content all sizes are the same: the two names of rclone for that are kept. */
export type KeepRule = "first" | "newest" | "oldest" | "largest" | "smallest";

/** Of files that a rule finds equal, rclone keeps the last for `newest` and `largest`, the first for the others. */
export function keptOf(files: readonly FileEntry[], rule: KeepRule): FileEntry | undefined {
  const at = ({ modifiedAtMs = -Infinity, modifiedAtNs }: FileEntry) => modifiedAtNs ?? modifiedAtMs * 1e6;
  switch (rule) {
    case "first":
    case "smallest":
      return files[0];
    case "largest":
      return files.at(-1);
    case "newest":
      return files.reduce((best, file) => at(file) >= at(best) ? file : best);
    case "oldest":
      return files.reduce((best, file) => at(file) < at(best) ? file : best);
  }
}

export interface RemoveOthersOptions extends CallOptions {
  readonly dryRun: boolean;
  readonly onRemoved: (file: FileEntry) => Promise<void>;
  /** Two names of one file: there is nothing to be gained. */
  readonly onSame: (file: FileEntry) => Promise<void>;
  readonly onError: (error: JottashError, path: string) => void;
}

/** Removes all files of the group but `kept`. Resolves with the failures; throws what makes going on pointless. */
export async function removeOthers(
  tree: TargetTree,
  { group, kept }: { readonly group: DuplicateGroup; readonly kept: FileEntry },
  options: RemoveOthersOptions,
): Promise<readonly JottashError[]> {
  const errors: JottashError[] = [];
  const removal = new Removal(tree, { group, kept }, options);
  for (const file of group.files) {
    if (file === kept) continue;
    try {
      await removal.remove(file);
    } catch (error) {
      const failure = collectable(error, options.signal);
      errors.push(failure);
      options.onError(failure, file.path);
    }
  }
  return errors;
}

class Removal {
  readonly #tree: TargetTree;
  readonly #kept: FileEntry;
  readonly #unread: ReadonlySet<string>;
  readonly #options: RemoveOthersOptions;
  /** Whether the content that is kept has been read again, where that takes reading. */
  #isRead = false;

  constructor(
    tree: TargetTree,
    { group, kept }: { readonly group: DuplicateGroup; readonly kept: FileEntry },
    options: RemoveOthersOptions,
  ) {
    this.#tree = tree;
    this.#unread = group.unread;
    this.#kept = kept;
    this.#options = options;
  }

  async remove(file: FileEntry): Promise<void> {
    const { signal, dryRun, onRemoved, onSame } = this.#options;
    const now = await this.#lookAt(file);
    if (now === undefined) throw changed(file, "it");
    await this.#requireKept(file);
    if (await this.#isOneFile(file)) return await onSame(file);
    if (!dryRun) {
      // No MD5 of an earlier reading is enough to delete something for.
      const isRead = now.md5 !== undefined || !this.#unread.has(file.path);
      if (!isRead && await this.#tree.md5(now, { signal, fresh: true }) !== file.md5) {
        throw changed(file, "it");
      }
      await this.#tree.removeFile(file.path, { signal });
    }
    await onRemoved(file);
  }

  /** Two names of one file, or one place that is reached in two ways. */
  async #isOneFile(file: FileEntry): Promise<boolean> {
    if (this.#tree.side !== "local") return false;
    const kept = await this.#tree.identityOf(this.#kept.path);
    return kept !== undefined && kept === await this.#tree.identityOf(file.path);
  }

  async #requireKept(file: FileEntry): Promise<void> {
    const { signal, dryRun } = this.#options;
    const now = await this.#lookAt(this.#kept);
    const state = `"${this.#kept.path}", which is kept,`;
    if (now === undefined) throw changed(file, state);
    // Where the service knows the MD5, it has just been told; a dry run removes nothing that would be worth the reading.
    if (now.md5 !== undefined || this.#isRead || dryRun) return;
    if (await this.#tree.md5(now, { signal, fresh: true }) !== this.#kept.md5) throw changed(file, state);
    this.#isRead = true;
  }

  /** The file, if it is what was listed; undefined otherwise. */
  async #lookAt(file: FileEntry): Promise<FileEntry | undefined> {
    const { signal } = this.#options;
    const now = await this.#tree.stat(file.path, { signal, nanoseconds: file.modifiedAtNs !== undefined });
    if (now?.kind !== "file" || now.size !== file.size) return undefined;
    if (now.md5 !== undefined) return now.md5 === file.md5 ? now : undefined;
    return now.modifiedAtMs === file.modifiedAtMs && now.modifiedAtNs === file.modifiedAtNs ? now : undefined;
  }
}

function changed(file: FileEntry, which: string): ConflictError {
  return new ConflictError(`Cannot delete "${file.path}": ${which} has changed meanwhile`, {
    hint: "Run the same command again",
  });
}
