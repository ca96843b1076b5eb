/**
 * Where files go that would be overwritten or deleted at the target (--backup-dir, --suffix): into another directory of
 * the same account or machine, under the same path, or beside themselves under another name. What was kept there under
 * that name before makes way (on the service into the trash), as in rclone.
 */
import { LocalError, UsageError } from "../errors.ts";
import type { TransferContext } from "../transfer/context.ts";
import { copyFile, type TargetTree } from "../transfer/copy_file.ts";
import { type FileEntry, joinPath, nameOf, parentOf } from "../tree/tree.ts";
import { isKeptName, keptName, type Suffix } from "./kept_name.ts";
import type { KeepAside } from "./sync_options.ts";

export interface KeepAsideOptions {
  readonly target: TargetTree;
  /** Of the same account or machine, apart from the target; files stay beside themselves without it. */
  readonly directory?: TargetTree | undefined;
  /** Added to the name; needed where there is no directory. */
  readonly suffix?: string | undefined;
  /** Puts the suffix before the ending of the name. */
  readonly suffixKeepExtension?: boolean | undefined;
  readonly context: TransferContext;
}

/** Throws `UsageError` for what cannot keep anything: a directory of another account, a suffix that is no part of a name. */
export function createKeepAside(options: KeepAsideOptions): KeepAside {
  const { target, directory, suffix = "", suffixKeepExtension = false, context } = options;
  const home = directory ?? target;
  if (!canTake(home, target) || !canTake(target, home)) {
    throw new UsageError(
      `Cannot keep files of "${target.label}" in "${home.label}": it is another account or machine`,
      {
        hint: "--backup-dir takes a place beside the target",
      },
    );
  }
  if (suffix.includes("/")) throw new UsageError(`Cannot use the suffix "${suffix}": it holds a slash`);
  if (home === target && suffix === "") {
    throw new UsageError(`Cannot keep files in "${home.label}": neither a directory nor a suffix is given`);
  }
  return new Keeper({ target, home, suffix: { text: suffix, keepsExtension: suffixKeepExtension }, context });
}

function canTake(to: TargetTree, from: TargetTree): boolean {
  return to.side === from.side && to.canTakeFrom(from);
}

interface KeeperParts {
  readonly target: TargetTree;
  readonly home: TargetTree;
  readonly suffix: Suffix;
  readonly context: TransferContext;
}

class Keeper implements KeepAside {
  readonly #parts: KeeperParts;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  isKept(path: string): boolean {
    const { home, target, suffix } = this.#parts;
    return home === target && isKeptName(nameOf(path), suffix);
  }

  placeOf(path: string): string {
    const { label } = this.#parts.home;
    return `${label}${/[:/]$/.test(label) ? "" : "/"}${this.#keptPath(path)}`;
  }

  pathInTarget(path: string): string | undefined {
    const { home, target } = this.#parts;
    return home === target ? this.#keptPath(path) : undefined;
  }

  async keep(file: FileEntry): Promise<string> {
    const { home, target, context } = this.#parts;
    const { signal } = context.retryContext;
    const work = { source: target, from: file.path, to: this.#keptPath(file.path), overwrite: true };
    try {
      await home.moveFile(work, { signal });
    } catch (error) {
      if (!(error instanceof LocalError) || error.code !== "other-disk") throw error;
      await this.#moveAcrossDisks(file);
    }
    return this.placeOf(file.path);
  }

  #keptPath(path: string): string {
    return joinPath(parentOf(path), keptName(nameOf(path), this.#parts.suffix));
  }

  /** The file is whole at the other disk before it goes from this one. */
  async #moveAcrossDisks(file: FileEntry): Promise<void> {
    const { home, target, context } = this.#parts;
    const { signal } = context.retryContext;
    const before = await target.stat(file.path, { signal });
    if (before?.kind !== "file") throw changed(file);
    // What is kept is no transfer of the run: it counts nowhere.
    const quiet = { ...context, emit: () => {} };
    const job = { source: target, file: before, target: home, targetPath: this.#keptPath(file.path) };
    await copyFile(job, quiet);
    const after = await target.stat(file.path, { signal });
    if (after?.kind !== "file" || after.size !== before.size || after.modifiedAtMs !== before.modifiedAtMs) {
      throw changed(file);
    }
    await target.removeFile(file.path, { signal });
  }
}

function changed({ path }: FileEntry): LocalError {
  return new LocalError(`Cannot keep "${path}": it is being changed by another program`, {
    code: "source-changed",
    data: { path },
  });
}
