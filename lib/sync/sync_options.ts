/**
 * What a run over two trees is told: how files are compared, what becomes of files that are in the way or are not in the
 * source, when it has to stop. Types only; `cli/` makes them from flags, `sync.ts` goes by them.
 */
import type { JottashError } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { FileEntry } from "../tree/tree.ts";

export interface CompareOptions {
  /**
   * When two files are the same. `time`: size and modification time; `checksum`: size and MD5; `size`: size alone;
   * `never`: every file is transferred (--ignore-times).
   */
  readonly by: "time" | "checksum" | "size" | "never";
  /** Times that differ by less are the same; at least the whole second that the service keeps (API reference 6.5). */
  readonly modifyWindowMs: number;
  /** What the target has is left alone, whatever it is (--ignore-existing). */
  readonly ignoreExisting: boolean;
  /** What is newer at the target is left alone (--update). */
  readonly update: boolean;
  /** A file that is there and differs is a failure, never replaced (--immutable). */
  readonly immutable: boolean;
}

/** What `sync` does with what the source does not have. */
export interface DeleteOptions {
  readonly when: "before" | "during" | "after";
  /** What the filter leaves out is deleted too (--delete-excluded). */
  readonly deleteExcluded: boolean;
  /** Delete although something failed (--ignore-errors). */
  readonly ignoreErrors: boolean;
  /** A source without any file empties the target (--allow-empty-source). */
  readonly allowEmptySource: boolean;
  /** No more than so many files, so many bytes; undefined for no limit. More is a `ConflictError` "max-delete". */
  readonly maxFiles: number | undefined;
  readonly maxBytes: number | undefined;
}

/**
 * What `move` does with the source once the target holds it. A file of the same size and time is compared by content
 * before it goes, unless sizes alone are to count.
 */
export interface MoveOptions {
  readonly deleteEmptySourceDirectories: boolean;
}

/** Where files go that would be overwritten or deleted at the target (--backup-dir, --suffix). */
export interface KeepAside {
  /** Whether a file that only the target has at this path is a kept one itself, and no business of the run. */
  isKept(path: string): boolean;
  /**
   * Moves the file of the target out of the way, without a transfer where that can be. Resolves with where it is then,
   * as a user would write it. In a dry run nobody calls it.
   */
  keep(file: FileEntry): Promise<string>;
  /** Where `keep` would put it. */
  placeOf(path: string): string;
  /** The same as a path of the target; undefined where it is elsewhere. */
  pathInTarget(path: string): string | undefined;
}

/** Other trees that may hold a file already (--compare-dest, --copy-dest). */
export interface Alternatives {
  /**
   * `skip`: an equal file is there, nothing is to be done; `copy`: it is there and is to be taken from there instead of
   * from the source; undefined: no other tree has it.
   */
  find(
    file: FileEntry,
    isSame: (file: FileEntry, other: FileEntry, tree: TargetTree) => Promise<boolean>,
  ): Promise<
    | { readonly act: "skip" }
    | { readonly act: "copy"; readonly tree: TargetTree; readonly file: FileEntry }
    | undefined
  >;
}

/** Which of the files that are ready goes first (--order-by). */
export interface JobOrder {
  /** As a sort function; the first goes first. */
  readonly compare: (left: FileEntry, right: FileEntry) => number;
  /** Percent of the transfers that take from the other end (mixed), 0-100. */
  readonly fromOtherEndPercent: number;
}

/** Files that have only moved or changed their names since the last run (--track-renames). */
export interface TrackRenames {
  /** What two files must have in common besides the size. */
  readonly by: readonly ("hash" | "modtime" | "leaf")[];
}

/** One file that counts; disposed when it is done or has failed. */
export interface Admission extends Disposable {
  /**
   * Bytes of it that have gone over the wire (phase `transfer`); negative when they have to go again. Throws `LimitError`
   * once what is under way has to break off: a small file could be complete before anybody looks at the signal.
   */
  note(bytes: number): void;
}

/** When a run ends before it is done (--max-transfer, --max-duration, --cutoff-mode). */
export interface Budget {
  /** Begins a file of this size. Throws `LimitError` when it may not be begun any more. */
  admit(size: number): Admission;
  /** Aborted with a `LimitError` when what is under way has to break off too. */
  readonly signal: AbortSignal;
}

/** Asks the user before each change (--interactive). One question at a time. */
export type Approve = (
  question: {
    readonly verb: "copy" | "move" | "delete" | "rename";
    readonly path: string;
    readonly size?: number;
  },
) => Promise<boolean>;

export interface SyncOptions {
  /** Files on their way at the same time. */
  readonly transfers: number;
  /** Directories looked at at the same time. */
  readonly checkers: number;
  readonly dryRun: boolean;
  /** Make directories at the target also where they hold no file. */
  readonly createEmptyDirectories: boolean;
  /** What is dealt with of the source; all of it without one. What it leaves out is not compared either. */
  readonly filter?: Filter | undefined;
  readonly compare: CompareOptions;
  /** Look at each file of the target by itself instead of listing its directories (--no-traverse). */
  readonly noTraverse: boolean;
  /** Find all that is to be done before the first transfer (--check-first). */
  readonly checkFirst: boolean;
  readonly deletes?: DeleteOptions | undefined;
  readonly move?: MoveOptions | undefined;
  readonly keepAside?: KeepAside | undefined;
  readonly alternatives?: Alternatives | undefined;
  readonly order?: JobOrder | undefined;
  readonly trackRenames?: TrackRenames | undefined;
  readonly budget?: Budget | undefined;
  readonly approve?: Approve | undefined;
}

/** What a run failed at; empty when all went well. Each has been told as an event, too. */
export type SyncFailures = readonly JottashError[];
