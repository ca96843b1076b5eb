/** Progress as text: lines for a terminal, or one line for a log. Pure. */
import { formatCount, formatDuration, formatRate, formatSizeCompact } from "../units.ts";
import { type FileInFlight, isFinishing, isHashing, type ProgressState } from "./progress_state.ts";
import { visible } from "./visible.ts";
import { padEnd, shortenEnd, shortenMiddle } from "./width.ts";

const MIN_BAR = 10;
const MAX_BAR = 30;
const GAP = "  ";
/** Widest size or rate that occurs: `1023.9 MiB/s`. */
const RATE_COLUMNS = 12;
const SIZE_COLUMNS = 10;
/** Narrower terminals show no sizes of single files, then no rates. */
const COLUMNS_FOR_SIZE = 60;
const COLUMNS_FOR_RATE = 36;

/** The overall line, then one per file in flight: at most `rows` lines, none wider than `columns`. */
export function renderProgress(state: ProgressState, columns: number, rows: number, nowMs: number): string[] {
  const files = state.inFlight;
  const room = Math.max(0, rows - 1);
  const shown = files.length <= room ? files : files.slice(0, Math.max(0, room - 1));
  const lines = [overallLine(state, columns, nowMs), ...shown.map((file) => fileLine(file, columns, nowMs))];
  if (shown.length < files.length && room > 0) lines.push(`  and ${files.length - shown.length} more`);
  return lines.map((line) => shortenEnd(line, columns).trimEnd());
}

/** `12.3 MiB / 64.0 MiB, 19%, 3.1 MiB/s, ETA 17s, 12/40 files, 2 hashing (0.8 MiB / 3.2 MiB)`. */
export function renderProgressLine(state: ProgressState, nowMs: number): string {
  if (hasNoTransfers(state)) return textWithoutTransfers(state);
  const parts = overallParts(state, nowMs);
  const { bytes, percent, rate, remaining, files, others } = parts;
  return [bytes, percent.trim(), rate, remaining, files, ...phaseTexts(state), ...others]
    .filter((part) => part !== "").join(", ");
}

/** The same as numbers, with rclone's names where they mean the same. */
export function progressStats(
  state: ProgressState,
  nowMs: number,
): Readonly<Record<string, number | null>> {
  const remainingMs = state.remainingMs(nowMs);
  return {
    bytes: state.doneBytes,
    totalBytes: state.totalBytes,
    transfers: state.doneFiles,
    totalTransfers: state.totalFiles,
    checks: state.unchangedFiles,
    deletes: state.removedEntries,
    renames: state.movedEntries,
    errors: state.failedEntries,
    deduplicatedFiles: state.knownFiles,
    deduplicatedBytes: state.knownBytes,
    speed: Math.round(state.rate(nowMs)),
    eta: remainingMs === undefined ? null : Math.round(remainingMs / 1_000),
  };
}

/** Bytes and files would all be zero: none is found yet, or there is only something to delete or to move. */
function hasNoTransfers(state: ProgressState): boolean {
  return state.totalFiles === 0;
}

function textWithoutTransfers(state: ProgressState): string {
  const start = state.isPlanComplete ? "Nothing to transfer" : "Comparing source and target";
  return [start, ...otherTexts(state)].join(", ");
}

/** What the lines of single files tell on a terminal. */
function phaseTexts(state: ProgressState): string[] {
  const { hashing, finishing } = state;
  const texts: string[] = [];
  if (hashing.length > 0) {
    const done = formatSizeCompact(sumOf(hashing.map((file) => file.hashedBytes)));
    const all = formatSizeCompact(sumOf(hashing.map((file) => file.size)));
    texts.push(`${formatCount(hashing.length)} hashing (${done} / ${all})`);
  }
  if (finishing.length > 0) texts.push(`${formatCount(finishing.length)} finishing`);
  return texts;
}

function otherTexts(state: ProgressState): string[] {
  const texts: string[] = [];
  if (state.failedEntries > 0) texts.push(`${formatCount(state.failedEntries)} failed`);
  if (state.knownFiles > 0) {
    texts.push(`${formatCount(state.knownFiles)} known (${formatSizeCompact(state.knownBytes)})`);
  }
  if (state.removedEntries > 0) texts.push(`${formatCount(state.removedEntries)} deleted`);
  if (state.movedEntries > 0) texts.push(`${formatCount(state.movedEntries)} moved`);
  if (state.unchangedFiles > 0) texts.push(`${formatCount(state.unchangedFiles)} unchanged`);
  return texts;
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

interface OverallParts {
  readonly percent: string;
  readonly bytes: string;
  readonly rate: string;
  /** Empty while it is not known. */
  readonly remaining: string;
  readonly files: string;
  readonly others: readonly string[];
}

function overallParts(state: ProgressState, nowMs: number): OverallParts {
  const more = state.isPlanComplete ? "" : "+";
  const remainingMs = state.remainingMs(nowMs);
  return {
    percent: `${String(percentOf(...doneAndTotal(state))).padStart(3)}%`,
    bytes: `${formatSizeCompact(state.doneBytes)} / ${formatSizeCompact(state.totalBytes)}${more}`,
    rate: formatRate(state.rate(nowMs)),
    remaining: remainingMs === undefined ? "" : `ETA ${formatDuration(remainingMs)}`,
    files: `${formatCount(state.doneFiles)}/${formatCount(state.totalFiles)}${more} files`,
    others: otherTexts(state),
  };
}

/** As many parts as there is room for, the most telling first; a bar in what is left. */
function overallLine(state: ProgressState, columns: number, nowMs: number): string {
  if (hasNoTransfers(state)) return textWithoutTransfers(state);
  const parts = overallParts(state, nowMs);
  const shown = [parts.percent];
  let used = parts.percent.length;
  for (const part of [parts.bytes, parts.rate, parts.remaining, parts.files, ...parts.others]) {
    if (part === "") continue;
    if (used + GAP.length + part.length > columns) break;
    shown.push(part);
    used += GAP.length + part.length;
  }
  const barColumns = Math.min(MAX_BAR, columns - used - GAP.length);
  if (barColumns >= MIN_BAR) shown.unshift(bar(...doneAndTotal(state), barColumns));
  return shown.join(GAP);
}

/** In bytes; in files when there are only empty ones. */
function doneAndTotal(state: ProgressState): readonly [number, number] {
  return state.totalBytes > 0 ? [state.doneBytes, state.totalBytes] : [state.doneFiles, state.totalFiles];
}

function bar(done: number, total: number, columns: number): string {
  const inner = columns - 2;
  const filled = total > 0 ? Math.floor(Math.min(1, done / total) * inner) : 0;
  return `[${"#".repeat(filled)}${"-".repeat(inner - filled)}]`;
}

function fileLine(file: FileInFlight, columns: number, nowMs: number): string {
  const bytes = isHashing(file) ? file.hashedBytes : file.transferredBytes;
  const right = [`${percentOf(bytes, file.size)}%`.padStart(4)];
  if (columns >= COLUMNS_FOR_SIZE) right.push(formatSizeCompact(file.size).padStart(SIZE_COLUMNS));
  if (columns >= COLUMNS_FOR_RATE) right.push(doing(file, nowMs).padStart(RATE_COLUMNS));
  const end = GAP + right.join(GAP);
  const nameColumns = Math.max(1, columns - GAP.length - end.length);
  return GAP + padEnd(shortenMiddle(visible(file.path), nameColumns), nameColumns) + end;
}

function doing(file: FileInFlight, nowMs: number): string {
  if (isHashing(file)) return "hashing";
  if (isFinishing(file)) return "finishing";
  const rate = file.phase === "transfer" ? file.rate.perSecond(nowMs) : 0;
  if (rate === 0 && file.retries > 0) return `retry ${file.retries}`;
  if (file.phase !== "transfer") return "waiting";
  return file.rate.canTell(nowMs) ? formatRate(rate) : "-";
}

/** Whole percent, cut: 100 only when all is done. An empty whole has none of it done until it is. */
function percentOf(done: number, total: number): number {
  return total > 0 ? Math.min(100, Math.max(0, Math.floor(done / total * 100))) : 0;
}
