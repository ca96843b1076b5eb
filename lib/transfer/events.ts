/** What happens during a run, as data: engines emit, printers render. */
import type { JottashError } from "../errors.ts";

/** What is being done to a file: its MD5 is computed, or its bytes travel. */
export type TransferPhase = "hash" | "transfer";

export type TransferEvent =
  /** The walk found something to do (more may come). */
  | { readonly type: "planned"; readonly path: string; readonly size: number }
  /** The walk is over: the totals are known. */
  | { readonly type: "plan-complete" }
  | { readonly type: "started"; readonly path: string; readonly size: number }
  /** `bytes` more in this phase; negative when bytes have to be sent again. */
  | {
    readonly type: "progressed";
    readonly path: string;
    readonly phase: TransferPhase;
    readonly bytes: number;
    /** An earlier run had brought them over: they say nothing about the speed of the line. */
    readonly isResumed?: boolean | undefined;
  }
  /** The MD5 of a file was known from an earlier reading: `bytes` of it need not be read again. */
  | { readonly type: "hash-known"; readonly path: string; readonly bytes: number }
  /** A download that broke off: `bytes` of it stay on the disk, and the next run goes on from there. */
  | { readonly type: "parked"; readonly path: string; readonly bytes: number }
  | {
    readonly type: "finished";
    readonly path: string;
    readonly size: number;
    /**
     * `deduplicated`: the service had the content, no byte was sent; `direct`: the service or the disk copied by itself.
     * `resumedBytes` were there already.
     */
    readonly how: "transferred" | "deduplicated" | "direct" | "times-only";
    readonly resumedBytes: number;
    /** Where it is known without another look, as with `modifiedAtMs`. */
    readonly md5?: string | undefined;
    readonly modifiedAtMs?: number | undefined;
  }
  | {
    readonly type: "unchanged";
    readonly path: string;
    readonly size: number;
    readonly md5?: string | undefined;
    readonly modifiedAtMs?: number | undefined;
  }
  /** `isExpected`: the user has asked for it, nobody is warned. */
  | {
    readonly type: "skipped";
    readonly path: string;
    readonly reason: string;
    readonly isExpected?: boolean | undefined;
  }
  | { readonly type: "would-transfer"; readonly path: string; readonly size: number }
  | { readonly type: "directory-made"; readonly path: string }
  /** Gone from one side; in a dry run it would be, as with all that follow. `keptAt` says where it is kept. */
  | {
    readonly type: "removed";
    readonly kind: "file" | "directory";
    readonly side: "source" | "target";
    readonly path: string;
    readonly size?: number | undefined;
    readonly keptAt?: string | undefined;
  }
  /** Moved from the source to the target without a transfer; a directory with all that is in it. */
  | {
    readonly type: "moved";
    readonly kind: "file" | "directory";
    /** Below the target; of the root itself its name. */
    readonly path: string;
    readonly isRoot?: true;
    /** Below the source, where it is another path than below the target. */
    readonly from?: string | undefined;
    readonly size?: number | undefined;
  }
  /** Moved within the target, because the source has it under another name. */
  | { readonly type: "renamed"; readonly path: string; readonly from: string; readonly size: number }
  /** Out of the way of a file that takes its name. */
  | { readonly type: "kept-aside"; readonly path: string; readonly keptAt: string }
  | {
    readonly type: "retried";
    readonly path: string;
    readonly error: JottashError;
    readonly attempt: number;
    readonly delayMs: number;
  }
  | { readonly type: "failed"; readonly path: string; readonly error: JottashError };

export type TransferEventSink = (event: TransferEvent) => void;

/** Counts of a run: what the summary line, the exit status and the result for programs are made of. */
export interface TransferTotals {
  /** Files copied in any way: over the line, known to the service, or by the service or the disk itself. */
  readonly files: number;
  /** Their sizes. */
  readonly bytes: number;
  /** What of it went over the line. */
  readonly bytesSent: number;
  /** Files that went on where an earlier run had broken off, and what that saved. */
  readonly resumedFiles: number;
  readonly resumedBytes: number;
  /** Files whose MD5 was known from an earlier reading, and what that saved the disk. */
  readonly hashKnownFiles: number;
  readonly hashKnownBytes: number;
  readonly deduplicatedFiles: number;
  readonly deduplicatedBytes: number;
  readonly directFiles: number;
  readonly directBytes: number;
  /** Files of which only the times were set. */
  readonly timesOnlyFiles: number;
  readonly unchangedFiles: number;
  /** Moved without a transfer. */
  readonly movedFiles: number;
  readonly movedBytes: number;
  /** Each with all that was in it, which is not counted by itself. */
  readonly movedDirectories: number;
  readonly renamedFiles: number;
  readonly keptAsideFiles: number;
  readonly deletedFiles: number;
  readonly deletedBytes: number;
  /** Files of the source that are gone because the target holds them. */
  readonly sourceFilesDeleted: number;
  readonly filesMade: number;
  readonly directoriesMade: number;
  readonly directoriesRemoved: number;
  readonly skippedEntries: number;
  readonly failedEntries: number;
}
