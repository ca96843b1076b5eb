/**
 * Makes one tree hold what another holds: copy, sync and move are the same work under other options. The trees are walked
 * side by side, what differs goes to a fixed number of transfers, what only the target has is deleted where that was
 * asked for. One failed entry never stops the others; failures are collected. What a file is, and what becomes of it, is
 * decided in `decide.ts`; `file_work.ts` does it, `deletions.ts` deletes.
 *
 * Memory: one pair of listings per checker, bounded queues of files, the names of directories still to be visited; and
 * what is to be deleted, ordered, or held until all is found.
 */
import type { TransferContext } from "../transfer/context.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { FileEntry } from "../tree/tree.ts";
import { Deletions } from "./deletions.ts";
import { removeEmptied } from "./emptied.ts";
import { inTheWay } from "./entry_failures.ts";
import { FilePlan } from "./file_plan.ts";
import { type FileJob, performJob, type TransferJob } from "./file_work.ts";
import { createJobQueue, type JobQueue } from "./job_queue.ts";
import { renameFiles } from "./renamed_files.ts";
import { Run } from "./run.ts";
import type { SyncFailures, SyncOptions } from "./sync_options.ts";
import { TreeWalk } from "./tree_walk.ts";

/** One file of `source`, and its place in `target`. */
export interface SingleFileJob {
  readonly source: TargetTree;
  readonly file: FileEntry;
  readonly target: TargetTree;
  readonly targetPath: string;
}

/**
 * Makes the target hold what the source holds (copy, sync, move by its options); the roots stand for each other. Resolves
 * with the failures. Throws what makes going on pointless: a missing source, a lost sign-in, a stop by the user, a limit
 * that is reached; and `ConflictError` "empty-source" or "max-delete" where nothing (more) may be deleted. (A full account
 * is no such thing: known content and smaller files still fit.)
 */
export async function syncTrees(
  source: TargetTree,
  target: TargetTree,
  options: SyncOptions,
  context: TransferContext,
): Promise<SyncFailures> {
  const run = new Run({ source, target }, options, context);
  const deletions = options.deletes === undefined ? undefined : new Deletions(run, options.deletes);
  const { plan, transfers, addRest } = prepare(run, deletions);
  const walk = new TreeWalk(run, {
    deletions,
    onFile: async (pair) => {
      deletions?.noteSourceFile();
      await plan.consider(pair);
    },
  });
  // The roots are looked at first: a missing source or a file in the place of the target ends the run here.
  const walkAll = await walk.open();
  const walking = async () => {
    await walkAll();
    plan.close();
    deletions?.close();
  };
  const finding = async () => {
    await run.sideBySide([walking, ...times(options.checkers, () => plan.lookAtAll())]);
    await addRest();
    if (deletions?.when === "before") await deletions.finish();
  };
  const deleting = deletions === undefined ? [] : times(options.checkers, () => deletions.deleteUnderWay());
  await run.sideBySide([transfers.after(finding), ...deleting, ...transfers.parts]);
  if (deletions !== undefined && deletions.when !== "before") await deletions.finish();
  if (options.move?.deleteEmptySourceDirectories && !options.dryRun) {
    await removeEmptied(run, "source", walk.seenDirectories);
  }
  return run.errors;
}

/** The same rules for one file; nothing is deleted at the target. */
export async function syncSingleFile(
  { source, target, file, targetPath }: SingleFileJob,
  options: SyncOptions,
  context: TransferContext,
): Promise<SyncFailures> {
  const run = new Run({ source, target }, options, context);
  const { plan, transfers } = prepare(run, undefined);
  const existing = await target.stat(targetPath, { signal: run.context.retryContext.signal });
  const finding = async () => {
    if (existing?.kind === "directory") return run.collect(file.path, inTheWay(file, existing, run));
    const considering = async () => {
      await plan.consider({ file, existing, targetPath });
      plan.close();
    };
    await run.sideBySide([considering, () => plan.lookAtAll()]);
  };
  await run.sideBySide([transfers.after(finding), ...transfers.parts]);
  return run.errors;
}

/** What decides about files, and the transfers that do it. */
function prepare(run: Run, deletions: Deletions | undefined) {
  const { options } = run;
  const isHeld = options.checkFirst || deletions?.when === "before";
  const queue = createJobQueue<FileJob>({ order: options.order, isHeld });
  run.onStop((reason) => queue.fail(reason));
  const added: TransferJob[] = [];
  const plan = new FilePlan(run, async (job) => {
    const isAdded = job.act === "transfer" && job.existing === undefined && job.from === undefined;
    if (isAdded && options.trackRenames !== undefined && deletions !== undefined) added.push(job);
    else await queue.add(job);
  });
  const addRest = async () => {
    if (options.trackRenames === undefined || deletions === undefined) return;
    const rest = await renameFiles(run, { added, deletions, plan }, options.trackRenames);
    for (const job of rest) await queue.add(job);
  };
  return { plan, transfers: transfersOf(run, queue), addRest };
}

function transfersOf(run: Run, queue: JobQueue<FileJob>) {
  const count = run.options.transfers;
  const parts = Array.from({ length: count }, (_, index) => async () => {
    for await (const job of queue.jobsFor({ index, count })) await performJob(run, job);
  });
  /** Whatever finds the work, until all is found. */
  const after = (finding: () => Promise<void>) => async () => {
    await finding();
    run.context.emit({ type: "plan-complete" });
    queue.close();
  };
  return { parts, after };
}

function times(count: number, part: () => Promise<void>): readonly (() => Promise<void>)[] {
  return Array.from({ length: count }, () => part);
}
