/** What the records of a journal come to: how it stands with a job. Pure. */
import {
  type JobFailure,
  type JobRecord,
  type JobRunner,
  type JobScope,
  type JobTotals,
  NO_TOTALS,
  toJobRecord,
} from "./job_record.ts";
import type { JournalContent } from "./journal_line.ts";

/**
 * `running`: a process holds its lock; `interrupted`: its process ended without a word; `stopped`: by the user; `failed`:
 * for entries, or before its time.
 */
export type JobState = "running" | "done" | "failed" | "interrupted" | "stopped";

export interface Job {
  readonly id: string;
  readonly state: JobState;
  /** Milliseconds since 1970 UTC; 0 where that line is damaged. */
  readonly begunAtMs: number;
  /** When it was heard of last. */
  readonly lastAtMs: number;
  readonly directory: string;
  /** For people; without secrets. */
  readonly command: string;
  /** The line as it was typed; undefined where it cannot be run again, then `obstacle` says why. */
  readonly words: readonly string[] | undefined;
  readonly obstacle: string | undefined;
  /** The process that worked on it last. */
  readonly runner: JobRunner;
  /** How many processes have worked on it. */
  readonly attempts: number;
  /** Of all of them; what was the same already is counted by the last one. */
  readonly totals: JobTotals;
  /** Entries that are as they have to be, each once: as far as the last look at all of them came, and what was done since. */
  readonly done: number;
  /** What failed and has not been done since; each path once. */
  readonly failures: readonly JobFailure[];
  /** There are more failures than those. */
  readonly hasMoreFailures: boolean;
  /** What ended it before its time. */
  readonly reason: string | undefined;
  readonly damagedLines: number;
}

const DAMAGED = "the line that says what it is cannot be read";

/** `isLocked`: a process works on it now. */
export function jobOf(
  id: string,
  content: Pick<JournalContent, "values" | "damagedLines">,
  { isLocked }: { readonly isLocked: boolean },
): Job {
  const history = new History();
  for (const value of content.values) {
    const record = toJobRecord(value);
    if (record !== undefined) history.add(record);
  }
  return { id, ...history.sum(isLocked), damagedLines: content.damagedLines };
}

type Ending = Exclude<JobState, "running">;

class History {
  #begun: Extract<JobRecord, { event: "begun" }> | undefined;
  #runner: JobRunner = { host: "", processId: 0, version: "" };
  #attempts = 0;
  #lastAtMs = 0;
  #scope: JobScope = "all";
  /** How the last process that was to do all of it came to its end. */
  #whole: Ending = "interrupted";
  /** How the last process came to its end. */
  #last: Ending = "interrupted";
  #reason: string | undefined;
  /** Of former processes and passes. */
  #before: JobTotals = NO_TOTALS;
  #now: JobTotals = NO_TOTALS;
  #doneBefore = 0;
  #carried = new Map<string, JobFailure>();
  #failures = new Map<string, JobFailure>();
  #hasMore = false;
  #carriesMore = false;

  add(record: JobRecord): void {
    if ("at" in record) this.#lastAtMs = Math.max(this.#lastAtMs, record.at);
    switch (record.event) {
      case "begun":
        this.#begun ??= record;
        return this.#start(record, "all");
      case "resumed":
        return this.#start(record, record.scope);
      case "again":
        return this.#carry();
      case "progress":
        this.#now = record.totals;
        return;
      case "failed":
        this.#failures.set(record.path, { path: record.path, code: record.code, message: record.message });
        return;
      case "more-failed":
        this.#hasMore = true;
        return;
      case "ended":
        return this.#end(record);
    }
  }

  sum(isLocked: boolean): Omit<Job, "id" | "damagedLines"> {
    const begun = this.#begun;
    const failures = new Map([...this.#carried, ...this.#failures]);
    // What had failed is done; but perhaps that was not all.
    const ending = this.#last === "done" && this.#scope === "failed" ? this.#whole : this.#last;
    return {
      state: isLocked ? "running" : ending,
      begunAtMs: begun?.at ?? 0,
      lastAtMs: this.#lastAtMs,
      directory: begun?.directory ?? "",
      command: begun?.command ?? "",
      words: begun?.words,
      obstacle: begun === undefined
        ? DAMAGED
        : begun.words === undefined
        ? begun.obstacle ?? DAMAGED
        : undefined,
      runner: this.#runner,
      attempts: this.#attempts,
      totals: sumOf(this.#before, this.#now),
      done: this.#doneBefore + countOf(this.#now),
      failures: [...failures.values()],
      hasMoreFailures: this.#hasMore || this.#carriesMore,
      reason: this.#reason,
    };
  }

  #start({ host, processId, version }: JobRunner, scope: JobScope): void {
    this.#carry();
    this.#runner = { host, processId, version };
    this.#attempts++;
    this.#scope = scope;
    this.#last = "interrupted";
    if (scope === "all") this.#whole = "interrupted";
    this.#reason = undefined;
    this.#doneBefore = scope === "all" ? 0 : this.#doneBefore + countOf(this.#now);
    this.#before = sumOf(this.#before, this.#now);
    this.#now = NO_TOTALS;
  }

  /** What failed so far stands until it is clear that it passed. */
  #carry(): void {
    this.#carried = new Map([...this.#carried, ...this.#failures]);
    this.#carriesMore ||= this.#hasMore;
    this.#failures = new Map();
    this.#hasMore = false;
  }

  #end({ status, totals, isWhole, reason }: Extract<JobRecord, { event: "ended" }>): void {
    this.#now = totals;
    this.#last = status;
    this.#reason = reason;
    if (!isWhole) {
      if (this.#scope === "all") this.#whole = status;
      return;
    }
    // All has been looked at: what did not fail again is done.
    this.#carried = new Map();
    this.#carriesMore = false;
    if (this.#scope === "all") this.#whole = "done";
  }
}

function countOf({ files, moved, deleted, unchanged }: JobTotals): number {
  return files + moved + deleted + unchanged;
}

function sumOf(before: JobTotals, now: JobTotals): JobTotals {
  return {
    files: before.files + now.files,
    bytes: before.bytes + now.bytes,
    moved: before.moved + now.moved,
    deleted: before.deleted + now.deleted,
    unchanged: now.unchanged,
  };
}
