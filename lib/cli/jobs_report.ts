/** Jobs as people and programs read them. Pure. */
import type { Job, JobState } from "../store/job.ts";
import { formatTable } from "../ui/table.ts";
import { formatCount, formatLocalTime, formatQuantity, formatSizeCompact } from "../units.ts";

const HEADINGS = ["ID", "BEGUN", "STATE", "DONE", "FAILED", "COMMAND"];

/** One line for each job, below a line of headings. */
export function jobLines(jobs: readonly Job[]): string[] {
  const rows = jobs.map((job) => [
    job.id,
    timeText(job.begunAtMs),
    job.state,
    formatCount(job.done),
    failedText(job),
    job.command,
  ]);
  return formatTable([HEADINGS, ...rows], { align: ["left", "left", "left", "right", "right", "left"] });
}

/** All that is known of one, a line each. */
export function jobDetailLines(job: Job): string[] {
  const { runner, totals, failures } = job;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Job:", job.id],
    ["State:", stateText(job)],
    ["Command:", job.command],
    ["Directory:", job.directory],
    ["Begun:", timeText(job.begunAtMs)],
    ["Last heard of:", timeText(job.lastAtMs)],
    [
      "Worked on by:",
      `process ${runner.processId} on ${runner.host}, jottash ${runner.version}${attemptsText(job)}`,
    ],
    ["Copied:", `${formatQuantity(totals.files, "file")} (${formatSizeCompact(totals.bytes)})`],
    ["Moved:", totals.moved > 0 ? formatCount(totals.moved) : undefined],
    ["Deleted:", totals.deleted > 0 ? formatQuantity(totals.deleted, "file") : undefined],
    ["As it should be:", formatQuantity(job.done, "entry", "entries")],
    ["Failed:", failedText(job)],
    ["Not again:", job.obstacle],
    [
      "Damaged:",
      job.damagedLines > 0
        ? `${formatQuantity(job.damagedLines, "line")} of the journal cannot be read`
        : undefined,
    ],
    ["Go on with:", nextOf(job)],
  ];
  const rows = facts.flatMap(([name, value]) => value === undefined ? [] : [[name, value]]);
  const lines = formatTable(rows);
  if (failures.length === 0) return lines;
  return [...lines, "", ...failures.map(({ path, message }) => `${path === "" ? "." : path}: ${message}`)];
}

/** What programs read: all keys are always there, what is not known is null. */
export function jobJson(job: Job): Readonly<Record<string, unknown>> {
  return {
    id: job.id,
    state: job.state,
    begunAt: isoTime(job.begunAtMs),
    lastAt: isoTime(job.lastAtMs),
    command: job.command,
    words: job.words ?? null,
    obstacle: job.obstacle ?? null,
    directory: job.directory,
    host: job.runner.host,
    processId: job.runner.processId,
    version: job.runner.version,
    attempts: job.attempts,
    totals: job.totals,
    done: job.done,
    failed: job.failures.length,
    hasMoreFailures: job.hasMoreFailures,
    reason: job.reason ?? null,
    damagedLines: job.damagedLines,
  };
}

function failedText({ failures, hasMoreFailures }: Job): string {
  return `${formatCount(failures.length)}${hasMoreFailures ? "+" : ""}`;
}

const STATE_TEXTS: Readonly<Record<JobState, string>> = {
  running: "running",
  done: "done",
  failed: "failed",
  interrupted: "interrupted: its process ended without a word",
  stopped: "stopped by the user",
};

function stateText({ state, reason }: Job): string {
  return state === "failed" && reason !== undefined ? `failed: ${reason}` : STATE_TEXTS[state];
}

function attemptsText({ attempts }: Job): string {
  return attempts > 1 ? `, ${formatCount(attempts)} processes in all` : "";
}

function nextOf({ id, state, words, failures, reason }: Job): string | undefined {
  if (words === undefined || state === "done" || state === "running") return undefined;
  const canRetry = state === "failed" && reason === undefined && failures.length > 0;
  return `jottash jobs ${canRetry ? "retry-failed" : "resume"} ${id}`;
}

function timeText(ms: number): string {
  return ms === 0 ? "unknown" : formatLocalTime(ms);
}

function isoTime(ms: number): string | null {
  return ms === 0 || ms > 8.64e15 ? null : new Date(ms).toISOString();
}
