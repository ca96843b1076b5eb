/** The sum of a run's changes: what the summary line, the exit status and the result for programs are made of. */
import type { Change } from "../transfer/change.ts";
import type { TransferTotals } from "../transfer/events.ts";

type Counts = { -readonly [key in keyof TransferTotals]: number };

export class TotalsCounter {
  readonly #counts: Counts = {
    files: 0,
    bytes: 0,
    bytesSent: 0,
    resumedFiles: 0,
    resumedBytes: 0,
    hashKnownFiles: 0,
    hashKnownBytes: 0,
    deduplicatedFiles: 0,
    deduplicatedBytes: 0,
    directFiles: 0,
    directBytes: 0,
    timesOnlyFiles: 0,
    unchangedFiles: 0,
    movedFiles: 0,
    movedBytes: 0,
    movedDirectories: 0,
    renamedFiles: 0,
    keptAsideFiles: 0,
    deletedFiles: 0,
    deletedBytes: 0,
    sourceFilesDeleted: 0,
    filesMade: 0,
    directoriesMade: 0,
    directoriesRemoved: 0,
    skippedEntries: 0,
    failedEntries: 0,
  };

  get totals(): TransferTotals {
    return { ...this.#counts };
  }

  /** A file of so many bytes was not read for its MD5. */
  addHashKnown(bytes: number): void {
    this.#counts.hashKnownFiles++;
    this.#counts.hashKnownBytes += bytes;
  }

  /** In a dry run, what would be done is counted as done. */
  add(change: Change): void {
    const counts = this.#counts;
    switch (change.action) {
      case "transferred":
      case "deduplicated":
      case "direct":
        return this.#addFile(change);
      case "times-only":
        counts.timesOnlyFiles++;
        return;
      case "unchanged":
        counts.unchangedFiles++;
        return;
      case "skipped":
      case "left-alone":
        counts.skippedEntries++;
        return;
      case "failed":
        counts.failedEntries++;
        return;
      case "deleted":
        if (change.keptAt !== undefined) counts.keptAsideFiles++;
        else if (change.side === "source") counts.sourceFilesDeleted++;
        else {
          counts.deletedFiles++;
          counts.deletedBytes += change.size ?? 0;
        }
        return;
      case "moved":
        counts.movedBytes += change.size ?? 0;
        if (change.kind === "file") counts.movedFiles++;
        else counts.movedDirectories++;
        return;
      case "renamed":
        counts.renamedFiles++;
        return;
      case "kept-aside":
        counts.keptAsideFiles++;
        return;
      case "file-made":
        counts.filesMade++;
        return;
      case "directory-made":
        counts.directoriesMade++;
        return;
      case "directory-removed":
      case "directory-deleted":
        counts.directoriesRemoved++;
        return;
      case "trash-emptied":
        counts.deletedFiles += change.files;
        counts.directoriesRemoved += change.folders;
        return;
      case "linked":
      case "unlinked":
      case "different":
      case "left-unread":
      case "found":
        return;
      default:
        return change satisfies never;
    }
  }

  #addFile(change: Extract<Change, { action: "transferred" | "deduplicated" | "direct" }>): void {
    const counts = this.#counts;
    counts.files++;
    counts.bytes += change.size;
    if (change.action === "transferred") {
      const { size, bytesSent = 0 } = change;
      const resumedBytes = change.bytesSent === undefined ? 0 : size - bytesSent;
      counts.bytesSent += bytesSent;
      counts.resumedBytes += resumedBytes;
      if (resumedBytes > 0) counts.resumedFiles++;
    } else if (change.action === "deduplicated") {
      counts.deduplicatedFiles++;
      counts.deduplicatedBytes += change.size;
    } else {
      counts.directFiles++;
      counts.directBytes += change.size;
    }
  }
}
