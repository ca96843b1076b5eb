/** What the journal of a job says, line by line. Lines come from a disk: what is not as it should be is no record. */

/** What a run has done so far. */
export interface JobTotals {
  readonly files: number;
  readonly bytes: number;
  readonly moved: number;
  readonly deleted: number;
  readonly unchanged: number;
}

export const NO_TOTALS: JobTotals = { files: 0, bytes: 0, moved: 0, deleted: 0, unchanged: 0 };

/** One process that works on the job. */
export interface JobRunner {
  readonly host: string;
  readonly processId: number;
  readonly version: string;
}

export interface JobFailure {
  /** Below the root of the job; empty for the root itself. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export type JobRecord =
  | JobRunner & {
    readonly event: "begun";
    readonly at: number;
    readonly directory: string;
    /** For people; without secrets. */
    readonly command: string;
    /** Missing where they may not be stored; then `obstacle` says why. */
    readonly words?: readonly string[] | undefined;
    readonly obstacle?: string | undefined;
  }
  /** Another process goes on with it: with all of it, or only with what failed. */
  | JobRunner & { readonly event: "resumed"; readonly at: number; readonly scope: JobScope }
  /** All is looked at again by the same process: what failed so far may pass now. */
  | { readonly event: "again"; readonly at: number }
  | { readonly event: "progress"; readonly at: number; readonly totals: JobTotals }
  | JobFailure & { readonly event: "failed" }
  /** There are more failures than are recorded one by one. */
  | { readonly event: "more-failed" }
  | {
    readonly event: "ended";
    readonly at: number;
    readonly status: "done" | "failed" | "stopped";
    readonly totals: JobTotals;
    /** All was looked at; what failed are single entries. */
    readonly isWhole: boolean;
    /** What ended it before its time. */
    readonly reason?: string | undefined;
  };

export type JobScope = "all" | "failed";

type Fields = Readonly<Record<string, unknown>>;

/** Undefined for what is no record, and for records of versions to come. */
export function toJobRecord(value: unknown): JobRecord | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields: Fields = { ...value };
  const at = numberOf(fields.at);
  switch (fields.event) {
    case "begun":
      return {
        event: "begun",
        at,
        ...runnerOf(fields),
        directory: textOf(fields.directory),
        command: textOf(fields.command),
        words: wordsOf(fields.words),
        obstacle: optionalText(fields.obstacle),
      };
    case "resumed":
      return {
        event: "resumed",
        at,
        ...runnerOf(fields),
        scope: fields.scope === "failed" ? "failed" : "all",
      };
    case "again":
      return { event: "again", at };
    case "progress":
      return { event: "progress", at, totals: totalsOf(fields.totals) };
    case "failed":
      return {
        event: "failed",
        path: textOf(fields.path),
        code: textOf(fields.code),
        message: textOf(fields.message),
      };
    case "more-failed":
      return { event: "more-failed" };
    case "ended":
      return {
        event: "ended",
        at,
        status: fields.status === "done" || fields.status === "stopped" ? fields.status : "failed",
        totals: totalsOf(fields.totals),
        isWhole: fields.isWhole === true,
        reason: optionalText(fields.reason),
      };
    default:
      return undefined;
  }
}

function runnerOf({ host, processId, version }: Fields): JobRunner {
  return { host: textOf(host), processId: numberOf(processId), version: textOf(version) };
}

function totalsOf(value: unknown): JobTotals {
  const fields: Fields = typeof value === "object" && value !== null ? { ...value } : {};
  return {
    files: numberOf(fields.files),
    bytes: numberOf(fields.bytes),
    moved: numberOf(fields.moved),
    deleted: numberOf(fields.deleted),
    unchanged: numberOf(fields.unchanged),
  };
}

function wordsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((each) => typeof each === "string") ? value : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : 0;
}
