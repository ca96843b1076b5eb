/** What `doctor` says about what it finds: in one place what it is, since when, how much is there, what to do. Pure. */
import type { BrokenUpload, NameProblem } from "../remote/repairs.ts";
import type { Change } from "../transfer/change.ts";
import { formatDuration, formatLocalTime, formatSizeCompact } from "../units.ts";

export type FoundProblem = Extract<Change, { action: "found" }>;

/** Clocks that are further apart make trouble: tokens end early or late, times of files are wrong. */
const MAX_SKEW_MS = 60_000;
/** Less on the disk of the state is found out now rather than in the middle of a run. */
const MIN_FREE_BYTES = 100 * 1024 * 1024;

export function uploadFinding(upload: BrokenUpload, heldBytes: number | undefined): FoundProblem {
  const { path, state, hasWhole, sinceMs, wholeSinceMs } = upload;
  const held = heldBytes === undefined ? "" : `, ${formatSizeCompact(heldBytes)} of it are there`;
  const since = sinceMs === undefined ? "" : ` of ${formatLocalTime(sinceMs)}`;
  const whole = wholeSinceMs === undefined ? "" : ` of ${formatLocalTime(wholeSinceMs)}`;
  const subject =
    { incomplete: "an unfinished upload", corrupt: "a damaged upload", busy: "an upload" }[state];
  const told = state === "busy" ? " that the service is still at work on" : "";
  const effect = hasWhole
    ? `everybody still gets the whole version${whole}`
    : "no file is to be seen, and nothing else can have the name, no folder either";
  return {
    action: "found",
    path,
    problem: `${state}-${hasWhole ? "version" : "upload"}`,
    what: `${subject}${since}${told}${held}; ${effect}`,
    advice: adviceFor(upload),
    ...sinceMs === undefined ? {} : { since: new Date(sinceMs).toISOString() },
    ...heldBytes === undefined ? {} : { bytes: heldBytes },
  };
}

function adviceFor({ state, hasWhole }: BrokenUpload): string {
  if (state === "busy") return "Look again in some minutes";
  if (hasWhole) return "Copy the file again where it is newer";
  return state === "incomplete"
    ? "Copy the file again, finish it with --finish SOURCE, or clear the name with --clean"
    : "Copy the file again, or clear the name with --clean";
}

export function nameFinding({ path, kind, reason, advice }: NameProblem): FoundProblem {
  return { action: "found", path, problem: kind, what: reason, advice };
}

/** Undefined when the clocks agree; both in milliseconds since 1970 UTC. */
export function clockFinding(
  place: string,
  { servedAtMs, nowMs }: { readonly servedAtMs: number; readonly nowMs: number },
): FoundProblem | undefined {
  const skewMs = nowMs - servedAtMs;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return undefined;
  const direction = skewMs > 0 ? "ahead of" : "behind";
  return {
    action: "found",
    path: place,
    problem: "clock",
    what: `the clock of this machine is ${formatDuration(Math.abs(skewMs))} ${direction} that of the service`,
    advice: "Set the clock: it decides when a session has to be refreshed",
  };
}

/** Undefined when there is room. */
export function roomFinding(directory: string, freeBytes: number): FoundProblem | undefined {
  if (freeBytes >= MIN_FREE_BYTES) return undefined;
  return {
    action: "found",
    path: directory,
    problem: "state-disk-full",
    what: `the disk for locks and state has only ${formatSizeCompact(freeBytes)} left`,
    advice: "Free space on it",
  };
}
