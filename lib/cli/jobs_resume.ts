/** Going on with a job: the same words in the same directory, by this process. */
import { ConfigError, DirectoryNotFoundError, UsageError } from "../errors.ts";
import { EXIT_OK } from "../exit_codes.ts";
import { createLocalPaths } from "../local/local_path.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";
import type { OptionDefinition } from "../options.ts";
import type { Job } from "../store/job.ts";
import type { JobScope } from "../store/job_record.ts";
import { type HeldJob, JobStore } from "../store/job_store.ts";
import type { CommandContext } from "./context.ts";
import type { Invocation } from "./invocation.ts";

export interface ResumeRequest {
  /** As typed; the last job that is not done without one. */
  readonly id: string | undefined;
  readonly scope: JobScope;
}

/** Runs the job to its end, as far as that can be reached. Resolves with the exit status. */
export async function resumeJob(
  context: CommandContext,
  invocation: Invocation,
  { id, scope }: ResumeRequest,
): Promise<number> {
  const store = new JobStore(context);
  const chosen = id === undefined ? await lastUnfinished(store, scope) : await store.find(id);
  if (chosen === undefined) {
    context.printer.notice(`Nothing to do: no job ${scope === "all" ? "is unfinished" : "has failures"}`);
    return EXIT_OK;
  }
  await using held = await store.take(chosen.id);
  const { job } = held;
  if (scope === "all" ? job.state === "done" : !hasFailures(job)) {
    const state = scope === "all" ? "is done" : "has no failures";
    context.printer.notice(`Nothing to do: the job "${job.id}" ${state}`);
    return EXIT_OK;
  }
  const words = requireWords(job);
  const flags = withWholePaths(context, invocation.flags);
  enter(context, job);
  context.printer.notice(`Going on with the job "${job.id}": ${job.command}`);
  return await invocation.runInstead(words, { flags, resumption: { held, scope: scopeOf(held, scope) } });
}

async function lastUnfinished(store: JobStore, scope: JobScope): Promise<Job | undefined> {
  const jobs = await store.list();
  const isOpen = ({ state }: Job) => state === "failed" || state === "interrupted" || state === "stopped";
  return jobs.filter(({ words }) => words !== undefined)
    .find((job) => isOpen(job) && (scope === "all" || hasFailures(job)));
}

function hasFailures({ failures, hasMoreFailures }: Job): boolean {
  return failures.length > 0 || hasMoreFailures;
}

/** Where the whole is among what failed, or not all that failed is known, all is looked at. */
function scopeOf({ job: { failures, hasMoreFailures } }: HeldJob, scope: JobScope): JobScope {
  return hasMoreFailures || failures.some(({ path }) => path === "") ? "all" : scope;
}

function requireWords({ id, words, obstacle, command }: Job): readonly string[] {
  if (words !== undefined) return words;
  throw new UsageError(`Cannot go on with the job "${id}": ${obstacle ?? "its line is not known"}`, {
    hint: command === "" ? undefined : "Run the same command again: what is done is left alone",
  });
}

function enter({ platform }: CommandContext, { id, directory }: Job): void {
  try {
    platform.changeDirectory(directory);
  } catch (cause) {
    if (!(cause instanceof DirectoryNotFoundError)) throw cause;
    throw new ConfigError(`Cannot go on with the job "${id}" in "${directory}": the directory is not there`, {
      cause,
    });
  }
}

const PATH_FLAGS: ReadonlySet<string> = new Set(
  Object.values(SHARED_OPTIONS).flatMap(({ flag, valueName }: OptionDefinition<unknown>) =>
    valueName === "FILE" || valueName === "DIRECTORY" ? flag : []
  ),
);

/** What was typed here means files from here. */
function withWholePaths(
  { platform }: CommandContext,
  flags: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const paths = createLocalPaths(platform.os);
  const here = platform.currentDirectory();
  return new Map(
    [...flags].map(([flag, value]) => [
      flag,
      PATH_FLAGS.has(flag) && value !== "" ? paths.resolve(here, value) : value,
    ]),
  );
}
