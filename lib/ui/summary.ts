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
  if (totals.transferredFiles === 0 && totals.failedEntries === 0) return idleText(totals);
  const parts = [options.dryRun ? plannedText(totals) : doneText(totals, elapsedMs)];
  if (totals.deduplicatedFiles > 0) parts.push(knownText(totals));
  if (totals.unchangedFiles > 0) parts.push(`${formatCount(totals.unchangedFiles)} unchanged`);
  return [...parts, ...troubleTexts(totals)].join("; ");
}

function idleText(totals: TransferTotals): string {
  const count = totals.unchangedFiles;
  const same = count === 0
    ? "there are no files to copy"
    : `${formatQuantity(count, "file")} ${count === 1 ? "is" : "are"} already the same`;
  return [`Nothing to do: ${same}`, ...troubleTexts(totals)].join("; ");
}

function plannedText(totals: TransferTotals): string {
  if (totals.transferredFiles === 0) return "Would copy nothing";
  return `Would copy ${filesAndSize(totals.transferredFiles, totals.transferredBytes)}`;
}

/** The speed is that of the bytes sent: what the service knew cost no time on the line. */
function doneText(totals: TransferTotals, elapsedMs: number): string {
  const elapsed = `in ${formatDuration(elapsedMs, { tenths: true })}`;
  if (totals.transferredFiles === 0) return `Copied nothing ${elapsed}`;
  const sentBytes = totals.transferredBytes - totals.deduplicatedBytes;
  const rate = sentBytes > 0 && elapsedMs >= MIN_RATED_MS
    ? `, ${formatRate(sentBytes / elapsedMs * 1_000)}`
    : "";
  return `Copied ${filesAndSize(totals.transferredFiles, totals.transferredBytes)} ${elapsed}${rate}`;
}

function knownText(totals: TransferTotals): string {
  const { deduplicatedFiles: known, transferredFiles: all } = totals;
  if (known >= all) {
    return all === 1
      ? "it was known to the service and not sent"
      : "all of them were known to the service and not sent";
  }
  const size = formatSizeCompact(totals.deduplicatedBytes);
  const were = known === 1 ? "was" : "were";
  return `${formatCount(known)} of them (${size}) ${were} known to the service and not sent`;
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
