/**
 * What the source does not have and the target does: collected while the trees are walked, counted, and removed when it
 * is certain that it may be: files first, then directories that are empty by then, from the inside out. Nothing is
 * removed after a failure, for an entry that could not be read looks like one that is missing.
 *
 * Memory: the entries that are to be removed.
 */
import { Channel } from "../async/channel.ts";
import { WorkStack } from "../async/work_stack.ts";
import { ConflictError, FileNotFoundError, type JottashError } from "../errors.ts";
import type { FileEntry } from "../tree/tree.ts";
import { formatQuantity } from "../units.ts";
import { DeleteLimit } from "./delete_limit.ts";
import { removeEmptied } from "./emptied.ts";
import type { Run } from "./run.ts";
import type { DeleteOptions } from "./sync_options.ts";
import { requireOutsideSource, requireOwnKeptName } from "./target_guard.ts";

/** Found but not deleted yet, where deleting goes on during the walk. */
const QUEUED_FILES = 1_000;

/** A directory that only the target has. */
export interface GoneDirectory {
  readonly path: string;
  readonly parent: GoneDirectory | undefined;
  /** Something in it is kept, so it is too. */
  stays: boolean;
}

interface GoneFile {
  readonly file: FileEntry;
  /** Undefined in a directory that the source has too. */
  readonly directory: GoneDirectory | undefined;
}

export class Deletions {
  readonly #run: Run;
  readonly #options: DeleteOptions;
  readonly #limit: DeleteLimit;
  readonly #underWay = new Channel<GoneFile>(QUEUED_FILES);
  readonly #directories: GoneDirectory[] = [];
  #files: GoneFile[] = [];
  #hasSourceFile = false;
  /** Something was left alone because of a failure. */
  #isHeldBack = false;

  constructor(run: Run, options: DeleteOptions) {
    this.#run = run;
    // A file that has only moved is known when the walk is over.
    this.#options = run.options.trackRenames === undefined ? options : { ...options, when: "after" };
    this.#limit = new DeleteLimit(options);
    run.onStop((reason) => this.#underWay.fail(reason));
  }

  get when(): DeleteOptions["when"] {
    return this.#options.when;
  }

  /** What the filter leaves out goes too. */
  get takesExcluded(): boolean {
    return this.#options.deleteExcluded;
  }

  /** Files that wait to be deleted. */
  get files(): readonly GoneFile[] {
    return this.#files;
  }

  /** The source holds a file, so that what it does not hold may be deleted. */
  noteSourceFile(): void {
    this.#hasSourceFile = true;
  }

  async addFile(gone: GoneFile): Promise<void> {
    if (this.when === "during" && this.#hasSourceFile) await this.#underWay.send(gone);
    else this.#files.push(gone);
  }

  addDirectory(path: string, parent: GoneDirectory | undefined): GoneDirectory {
    const directory = { path, parent, stays: false };
    this.#directories.push(directory);
    return directory;
  }

  /** Something in the directory stays. */
  keep(directory: GoneDirectory | undefined): void {
    for (let each = directory; each !== undefined && !each.stays; each = each.parent) each.stays = true;
  }

  /** These files are not to be deleted any more. */
  drop(files: ReadonlySet<GoneFile>): void {
    this.#files = this.#files.filter((each) => !files.has(each));
  }

  /** The walk is over: nothing more is added. */
  close(): void {
    this.#underWay.close();
  }

  /** Deletes while the walk goes on, until it is over or may not go on. */
  async deleteUnderWay(): Promise<void> {
    for await (const gone of this.#underWay) {
      if (this.#mustHoldBack) this.#isHeldBack = true;
      else if (this.#limit.admits(gone.file)) await this.#deleteFile(gone);
    }
  }

  /**
   * Deletes what is left. Throws `ConflictError` without having deleted any of it when the source holds no file at all
   * ("empty-source"), or when it would be more than is allowed ("max-delete").
   */
  async finish(): Promise<void> {
    const { options, target } = this.#run;
    if (this.#files.length > 0 || this.#directories.length > 0 || this.#isHeldBack) {
      this.#run.throwIfStopped();
      if (this.#mustHoldBack) return this.#run.collect("", heldBack(this.#run));
    }
    if (this.#files.length > 0 && !this.#hasSourceFile && !this.#options.allowEmptySource) {
      throw emptySource(this.#run);
    }
    for (const { file } of this.#files) this.#limit.admits(file);
    this.#limit.throwIfReached(target.label);
    await new WorkStack(this.#files).run(options.checkers, (gone) => this.#deleteFile(gone));
    const paths = this.#directories.filter(({ stays }) => !stays).map(({ path }) => path);
    await removeEmptied(this.#run, "target", paths);
  }

  get #mustHoldBack(): boolean {
    return this.#run.errors.length > 0 && !this.#options.ignoreErrors;
  }

  async #deleteFile({ file, directory }: GoneFile): Promise<void> {
    const { path, size } = file;
    const { options, options: { approve }, context } = this.#run;
    try {
      await context.ready?.();
      this.#run.throwIfStopped();
      if (approve !== undefined && !await approve({ verb: "delete", path, size })) {
        this.keep(directory);
        return context.emit({ type: "skipped", path, reason: "you said no", isExpected: true });
      }
      const keptAt = await this.#remove(file);
      // It stays in the directory, under another name.
      if (keptAt !== undefined && options.keepAside?.isKept(keptAt)) this.keep(directory);
      context.emit({ type: "removed", kind: "file", side: "target", path, size, keptAt });
    } catch (error) {
      this.keep(directory);
      this.#run.collect(path, error);
    }
  }

  /** Resolves with where it is kept, if it is. */
  async #remove(file: FileEntry): Promise<string | undefined> {
    const { options: { keepAside, dryRun }, target, context } = this.#run;
    await requireOutsideSource(this.#run, file.path);
    requireOwnKeptName(this.#run, file.path);
    if (keepAside !== undefined) return dryRun ? keepAside.placeOf(file.path) : await keepAside.keep(file);
    if (dryRun) return undefined;
    try {
      await target.removeFile(file.path, { signal: context.retryContext.signal, expected: file });
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error; // somebody was faster
    }
    return undefined;
  }
}

function heldBack({ errors }: Run): JottashError {
  const failed = formatQuantity(errors.length, "entry", "entries");
  return new ConflictError(`Cannot delete what is not in the source: ${failed} failed before`, {
    hint: "When that is settled, run the same command again; --ignore-errors deletes all the same",
  });
}

function emptySource({ source, target }: Run): JottashError {
  return new ConflictError(
    `Cannot sync "${source.label}" to "${target.label}": the source holds no files, and everything at the target would be deleted`,
    { code: "empty-source", hint: "If that is what you want, say --allow-empty-source" },
  );
}
