/**
 * What is known of a run while it goes on: the sum of its events. No clock, no output. Memory grows with the files
 * in flight, not with those planned or done.
 */
import type { TransferEvent, TransferPhase } from "../transfer/events.ts";
import { RateWindow } from "./rate_window.ts";

export interface FileInFlight {
  readonly path: string;
  readonly size: number;
  /** Undefined until the first progress is told. */
  readonly phase: TransferPhase | undefined;
  readonly hashedBytes: number;
  readonly transferredBytes: number;
  /** Attempts that have failed. */
  readonly retries: number;
  readonly rate: RateWindow;
}

/** Is its MD5 being computed? Once that is known it waits for the service. */
export function isHashing(file: FileInFlight): boolean {
  return file.phase === "hash" && file.hashedBytes < file.size;
}

/** Is every byte of it over, and only the confirmation, or the final name, to be waited for? */
export function isFinishing(file: FileInFlight): boolean {
  return file.phase === "transfer" && file.transferredBytes >= file.size;
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

export class ProgressState {
  readonly #inFlight = new Map<string, Mutable<FileInFlight>>();
  readonly #sentRate: RateWindow;
  readonly #doneRate: RateWindow;
  #planComplete = false;
  #plannedFiles = 0;
  #plannedBytes = 0;
  #doneFiles = 0;
  #doneBytes = 0;
  #unchangedFiles = 0;
  #skippedEntries = 0;
  #failedEntries = 0;
  #knownFiles = 0;
  #knownBytes = 0;
  #removedEntries = 0;
  #movedEntries = 0;

  constructor(startMs: number) {
    this.#sentRate = new RateWindow(startMs);
    this.#doneRate = new RateWindow(startMs);
  }

  /** False while the walk may still find more. */
  get isPlanComplete(): boolean {
    return this.#planComplete;
  }

  /** Files to do, found so far; never fewer than those done. */
  get totalFiles(): number {
    return Math.max(this.#plannedFiles, this.#doneFiles);
  }

  /** Bytes to do, found so far, without those of failed files; never fewer than those done. */
  get totalBytes(): number {
    return Math.max(this.#plannedBytes, this.#doneBytes);
  }

  get doneFiles(): number {
    return this.#doneFiles;
  }

  /** Bytes that need no more work: sent, received, or known to the service. */
  get doneBytes(): number {
    return this.#doneBytes;
  }

  get unchangedFiles(): number {
    return this.#unchangedFiles;
  }

  get skippedEntries(): number {
    return this.#skippedEntries;
  }

  get failedEntries(): number {
    return this.#failedEntries;
  }

  /** Files whose content the service had already. */
  get knownFiles(): number {
    return this.#knownFiles;
  }

  /** Bytes that were not sent because of that. */
  get knownBytes(): number {
    return this.#knownBytes;
  }

  /** Deleted files and removed directories, of either side. */
  get removedEntries(): number {
    return this.#removedEntries;
  }

  /** Moved, renamed or kept aside without a transfer. */
  get movedEntries(): number {
    return this.#movedEntries;
  }

  /** What failed is done once more: the walk begins again. */
  beginAgain(): void {
    this.#planComplete = false;
    this.#failedEntries = 0;
    this.#unchangedFiles = 0;
    this.#skippedEntries = 0;
  }

  /** In the order in which they were started. */
  get inFlight(): readonly FileInFlight[] {
    return [...this.#inFlight.values()];
  }

  /** Files whose MD5 is being computed. */
  get hashing(): readonly FileInFlight[] {
    return this.inFlight.filter(isHashing);
  }

  /** Files whose bytes are all over, but which are not confirmed yet. */
  get finishing(): readonly FileInFlight[] {
    return this.inFlight.filter(isFinishing);
  }

  /** Bytes per second over the wire. */
  rate(nowMs: number): number {
    return this.#sentRate.perSecond(nowMs);
  }

  /** Milliseconds until all is done; undefined while that cannot be told. */
  remainingMs(nowMs: number): number | undefined {
    const bytesPerSecond = this.#doneRate.perSecond(nowMs);
    const left = this.totalBytes - this.#doneBytes;
    return bytesPerSecond > 0 && left > 0 ? left / bytesPerSecond * 1_000 : undefined;
  }

  apply(event: TransferEvent, nowMs: number): void {
    switch (event.type) {
      case "planned":
        this.#plannedFiles++;
        this.#plannedBytes += event.size;
        return;
      case "plan-complete":
        this.#planComplete = true;
        return;
      case "started":
        return this.#start(event.path, event.size, nowMs);
      case "progressed":
        return this.#progress(event, nowMs);
      case "finished":
        this.#doneFiles++;
        if (event.how === "deduplicated") {
          this.#knownFiles++;
          this.#knownBytes += event.size;
        }
        return this.#settle(event.path, event.size, nowMs);
      case "failed":
        return this.#fail(event.path, nowMs);
      case "retried": {
        const file = this.#inFlight.get(event.path);
        if (file !== undefined) file.retries = event.attempt;
        return;
      }
      case "unchanged":
        this.#unchangedFiles++;
        return;
      case "skipped":
        this.#skippedEntries++;
        return;
      case "removed":
        this.#removedEntries++;
        return;
      case "moved":
      case "renamed":
      case "kept-aside":
        this.#movedEntries++;
        return;
      case "would-transfer":
      case "directory-made":
      case "hash-known":
      case "parked":
        return;
      default:
        return event satisfies never;
    }
  }

  #start(path: string, size: number, nowMs: number): void {
    const rate = new RateWindow(nowMs);
    this.#inFlight.set(path, {
      path,
      size,
      phase: undefined,
      hashedBytes: 0,
      transferredBytes: 0,
      retries: 0,
      rate,
    });
  }

  #progress(event: Extract<TransferEvent, { type: "progressed" }>, nowMs: number): void {
    const { path, phase, bytes, isResumed = false } = event;
    const file = this.#inFlight.get(path);
    if (file === undefined) return;
    if (phase !== file.phase) {
      file.phase = phase;
      // The speed of the disk says nothing about that of the line.
      file.rate = new RateWindow(nowMs);
    }
    if (isResumed) {
      file.transferredBytes += bytes;
      this.#doneBytes += bytes;
      return;
    }
    file.rate.add(bytes, nowMs);
    if (phase === "hash") {
      file.hashedBytes += bytes;
      return;
    }
    file.transferredBytes += bytes;
    this.#addDone(bytes, nowMs);
    this.#sentRate.add(bytes, nowMs);
  }

  /** Done, whatever part of it went over the wire. */
  #settle(path: string, size: number, nowMs: number): void {
    this.#addDone(size - (this.#inFlight.get(path)?.transferredBytes ?? 0), nowMs);
    this.#inFlight.delete(path);
  }

  /** Its bytes are not to be waited for any more. */
  #fail(path: string, nowMs: number): void {
    this.#failedEntries++;
    const file = this.#inFlight.get(path);
    if (file === undefined) return;
    this.#addDone(-file.transferredBytes, nowMs);
    this.#plannedBytes = Math.max(0, this.#plannedBytes - file.size);
    this.#inFlight.delete(path);
  }

  #addDone(bytes: number, nowMs: number): void {
    this.#doneBytes = Math.max(0, this.#doneBytes + bytes);
    this.#doneRate.add(bytes, nowMs);
  }
}
