/** Carries out what was decided about single files: one at a time for each transfer, a failure is that of the one file. */
import { JottashError } from "../errors.ts";
import type { TransferContext } from "../transfer/context.ts";
import { copyFile, type TargetTree } from "../transfer/copy_file.ts";
import { touchFile } from "../transfer/touch_file.ts";
import type { FileEntry } from "../tree/tree.ts";
import { compareTimes } from "./compare.ts";
import { verbOf, withKeptPlace } from "./entry_failures.ts";
import type { Run } from "./run.ts";
import { removeSource, requireUnchanged } from "./source_removal.ts";
import type { Admission } from "./sync_options.ts";
import { requireOutsideSource, requireOwnKeptName } from "./target_guard.ts";

interface JobBasics {
  /** Of the source. */
  readonly file: FileEntry;
  readonly targetPath: string;
}

export interface TransferJob extends JobBasics {
  readonly act: "transfer";
  /** What the target has under that name. */
  readonly existing: FileEntry | undefined;
  /** Another tree that has the same content, and where it is taken from. */
  readonly from?: { readonly tree: TargetTree; readonly file: FileEntry } | undefined;
}

interface TouchJob extends JobBasics {
  readonly act: "touch";
  readonly existing: FileEntry;
}

/** The target holds the file, so that a move is done with its removal at the source. */
interface RemoveJob extends JobBasics {
  readonly act: "remove-source";
  readonly existing: FileEntry;
}

export type FileJob = TransferJob | TouchJob | RemoveJob;

/** Carries out one job, or in a dry run tells what it would do. */
export async function performJob(run: Run, job: FileJob): Promise<void> {
  try {
    await run.context.ready?.();
    run.throwIfStopped();
    if (!await isApproved(run, job)) return;
    if (job.act === "transfer") await transfer(run, job);
    if (job.act === "touch") await touch(run, job);
    if (job.act === "remove-source") await requireStillThere(run, job);
    if (run.options.move !== undefined && !isDirect(run, job)) await removeSource(run, job);
  } catch (error) {
    run.collect(job.file.path, error);
  }
}

/** Whether the place moves the file by itself, source and all. */
export function isDirect({ source, target, options }: Run, job: FileJob): boolean {
  return options.move !== undefined && job.act === "transfer" && job.from === undefined &&
    target.canTakeFrom(source);
}

async function isApproved(run: Run, { file: { path, size } }: FileJob): Promise<boolean> {
  const { approve } = run.options;
  if (approve === undefined || await approve({ verb: verbOf(run), path, size })) return true;
  run.context.emit({ type: "skipped", path, reason: "you said no", isExpected: true });
  return false;
}

async function transfer(run: Run, job: TransferJob): Promise<void> {
  const { file } = job;
  await requireOutsideSource(run, job.targetPath);
  if (job.existing !== undefined) requireOwnKeptName(run, job.existing.path);
  // Before the file at the target makes way: a file that may not be begun changes nothing.
  using admission = isDirect(run, job) || run.options.dryRun
    ? undefined
    : run.options.budget?.admit(file.size);
  const keptAt = await keepExisting(run, job);
  try {
    if (run.options.dryRun) tellOnly(run, job);
    else if (isDirect(run, job)) await moveDirectly(run, job);
    else await copy(run, job, admission);
  } catch (error) {
    throw keptAt === undefined ? error : withKeptPlace(error, keptAt);
  }
}

async function keepExisting(run: Run, { file, existing }: TransferJob): Promise<string | undefined> {
  const { keepAside, dryRun } = run.options;
  if (keepAside === undefined || existing === undefined) return undefined;
  const keptAt = dryRun ? keepAside.placeOf(existing.path) : await keepAside.keep(existing);
  run.context.emit({ type: "kept-aside", path: file.path, keptAt });
  return dryRun ? undefined : keptAt;
}

function tellOnly(run: Run, job: TransferJob): void {
  const { path, size } = job.file;
  if (isDirect(run, job)) tellMoved(run, job);
  else run.context.emit({ type: "would-transfer", path, size });
}

async function moveDirectly(run: Run, job: TransferJob): Promise<void> {
  const { source, target, context } = run;
  const { file: { path }, targetPath } = job;
  const work = { source, from: path, to: targetPath, overwrite: true };
  try {
    await target.moveFile(work, { signal: context.retryContext.signal });
  } catch (error) {
    if (!(error instanceof JottashError) || error.code !== "other-disk") throw error;
    await copy(run, job, undefined);
    return await removeSource(run, job);
  }
  tellMoved(run, job);
}

function tellMoved({ context }: Run, { file: { path, size }, targetPath }: TransferJob): void {
  const from = path === targetPath ? undefined : path;
  context.emit({ type: "moved", kind: "file", path: targetPath, from, size });
}

async function copy(run: Run, job: TransferJob, admission: Admission | undefined): Promise<void> {
  const { source, target, options } = run;
  const { targetPath, from } = job;
  const context = counting(run.context, admission);
  const { tree, file } = from ?? { tree: source, file: job.file };
  await copyFile({ source: tree, file, target, targetPath }, context);
  if (from === undefined || job.file.modifiedAtMs === undefined) return;
  if (compareTimes(job.file, from.file, options.compare.modifyWindowMs) === "equal") return;
  const copied = { ...from.file, path: targetPath };
  const { signal } = context.retryContext;
  await touchFile(target, copied, { modifiedAtMs: job.file.modifiedAtMs, signal });
}

async function touch(run: Run, { file, existing }: TouchJob): Promise<void> {
  const { target, context, options } = run;
  const { path, size, modifiedAtMs } = file;
  const { signal } = context.retryContext;
  context.emit({ type: "started", path, size });
  if (!options.dryRun && modifiedAtMs !== undefined) {
    // Another content would get a time that says it is that of the source.
    await requireUnchanged(target, existing, { action: `set the time of "${existing.path}"`, signal });
    await touchFile(target, existing, { modifiedAtMs, signal });
  }
  context.emit({ type: "finished", path, size, how: "times-only", resumedBytes: 0 });
}

/** The source is about to go, because of what was listed at the target some time ago. */
async function requireStillThere({ target, context }: Run, { file, existing }: RemoveJob): Promise<void> {
  const { signal } = context.retryContext;
  await requireUnchanged(target, existing, { action: `take "${file.path}" for moved`, signal });
}

/** The context of one file whose bytes count against a budget. */
function counting(context: TransferContext, admission: Admission | undefined): TransferContext {
  if (admission === undefined) return context;
  return {
    ...context,
    emit: (event) => {
      context.emit(event);
      if (event.type !== "progressed" || event.phase !== "transfer" || event.isResumed) return;
      admission.note(event.bytes);
    },
  };
}
