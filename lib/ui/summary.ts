/** The one line that remains of a run. */
import type { TransferTotals } from "../transfer/events.ts";
import { formatCount, formatDuration, formatQuantity, formatRate, formatSizeCompact } from "../units.ts";

/** Shorter than this, a speed is noise. */
const MIN_RATED_MS = 100;

export interface SummaryOptions {
  /** Nothing was done: `totals` tells what would be. */
  readonly dryRun: boolean;
}

/** Without a line end. Parts that are zero are left out. */
export function summaryText(totals: TransferTotals, elapsedMs: number, options: SummaryOptions): string {
  const works = workTexts(totals, options);
  if (works.length + totals.sourceFilesDeleted + totals.failedEntries === 0) return idleText(totals);
  const work = works.length === 0 ? "copy nothing" : works.join(", ");
  const parts = [options.dryRun ? `Would ${work}` : doneText(works, totals, elapsedMs)];
  if (totals.deduplicatedFiles > 0) parts.push(knownText(totals));
  if (totals.directFiles > 0) parts.push(directText(totals));
  if (totals.resumedBytes > 0) {
    parts.push(`${formatSizeCompact(totals.resumedBytes)} saved by going on where an earlier run stopped`);
  }
  if (totals.unchangedFiles > 0) parts.push(`${formatCount(totals.unchangedFiles)} unchanged`);
  return [...parts, ...troubleTexts(totals)].join("; ");
}

/** Whether anything was brought about that another run would not have to do again. */
export function hasChanges(totals: TransferTotals): boolean {
  return workTexts(totals, { dryRun: false }).length > 0;
}

/** What has been done so far, for a line that is drawn over; empty while it is nothing. */
export function countsText(totals: TransferTotals): string {
  const works = workTexts(totals, { dryRun: false });
  const { directoriesRemoved } = totals;
  if (directoriesRemoved > 0) works.push(`removed ${formatQuantity(directoriesRemoved, "folder")}`);
  const text = [works.join(", "), ...troubleTexts(totals)].filter((part) => part !== "").join("; ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** `copy 3 files (1.5 MiB)`, `delete 2 files (10 B)`; in the past where it is done. */
function workTexts(totals: TransferTotals, { dryRun }: SummaryOptions): string[] {
  const texts: string[] = [];
  const add = (count: number, verb: string, done: string, what: string) => {
    if (count > 0) texts.push(`${dryRun ? verb : done} ${what}`);
  };
  const { movedDirectories, renamedFiles, timesOnlyFiles, keptAsideFiles } = totals;
  const transferred = transferredAndDeleted(totals);
  const movedFiles = totals.movedFiles + transferred;
  // Whoever moves nearly always moves all; which size belongs to which file is not known here.
  const movedSize = transferred > 0 ? ` (${formatSizeCompact(totals.bytes + totals.movedBytes)})` : "";
  const copied = totals.files - transferred;
  const copiedSize = transferred > 0 ? "" : ` (${formatSizeCompact(totals.bytes)})`;
  add(copied, "copy", "copied", `${formatQuantity(copied, "file")}${copiedSize}`);
  const moved = [
    movedFiles > 0 ? `${formatQuantity(movedFiles, "file")}${movedSize}` : "",
    movedDirectories > 0 ? formatQuantity(movedDirectories, "folder") : "",
  ].filter((part) => part !== "");
  add(movedFiles + movedDirectories, "move", "moved", moved.join(" and "));
  add(renamedFiles, "rename", "renamed", formatQuantity(renamedFiles, "file"));
  add(timesOnlyFiles, "set", "set", `the time of ${formatQuantity(timesOnlyFiles, "file")}`);
  add(keptAsideFiles, "keep", "kept", `${formatQuantity(keptAsideFiles, "file")} aside`);
  add(totals.deletedFiles, "delete", "deleted", filesAndSize(totals.deletedFiles, totals.deletedBytes));
  // The target had them already.
  const onlyDeleted = totals.sourceFilesDeleted - transferred;
  add(onlyDeleted, "delete", "deleted", `${formatQuantity(onlyDeleted, "file")} at the source`);
  return texts;
}

/** A file that went to the target over the line and is gone from the source has been moved. */
function transferredAndDeleted({ files, sourceFilesDeleted }: TransferTotals): number {
  return Math.min(files, sourceFilesDeleted);
}

function idleText(totals: TransferTotals): string {
  const count = totals.unchangedFiles;
  const same = count === 0
    ? "there are no files to copy"
    : `${formatQuantity(count, "file")} ${count === 1 ? "is" : "are"} already the same`;
  return [`Nothing to do: ${same}`, ...troubleTexts(totals)].join("; ");
}

/** The speed is that of the bytes sent: what the service knew cost no time on the line. */
function doneText(works: readonly string[], totals: TransferTotals, elapsedMs: number): string {
  const work = works.length === 0 ? "copied nothing" : works.join(", ");
  const rate = totals.bytesSent > 0 && elapsedMs >= MIN_RATED_MS
    ? `, ${formatRate(totals.bytesSent / elapsedMs * 1_000)}`
    : "";
  return `${work[0]?.toUpperCase()}${work.slice(1)} in ${formatDuration(elapsedMs, { tenths: true })}${rate}`;
}

function knownText({ deduplicatedFiles, deduplicatedBytes, files }: TransferTotals): string {
  if (deduplicatedFiles >= files) {
    return files === 1
      ? "it was known to the service and not sent"
      : "all of them were known to the service and not sent";
  }
  const size = formatSizeCompact(deduplicatedBytes);
  const were = deduplicatedFiles === 1 ? "was" : "were";
  return `${formatCount(deduplicatedFiles)} of them (${size}) ${were} known to the service and not sent`;
}

function directText({ directFiles, directBytes, files }: TransferTotals): string {
  if (directFiles >= files) return files === 1 ? "it needed no transfer" : "none of them needed a transfer";
  return `${formatCount(directFiles)} of them (${formatSizeCompact(directBytes)}) needed no transfer`;
}

function troubleTexts(totals: TransferTotals): string[] {
  const texts: string[] = [];
  if (totals.skippedEntries > 0) texts.push(`${formatCount(totals.skippedEntries)} skipped`);
  if (totals.failedEntries > 0) texts.push(`${formatCount(totals.failedEntries)} failed`);
  return texts;
}

function filesAndSize(files: number, bytes: number): string {
  return `${formatQuantity(files, "file")} (${formatSizeCompact(bytes)})`;
}
