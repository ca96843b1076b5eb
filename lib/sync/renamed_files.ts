/** Files that have only got another name or place in the source get it at the target too (--track-renames). */
import { WorkStack } from "../async/work_stack.ts";
import { toJottashError } from "../errors.ts";
import { untilSecondIsOver } from "../transfer/second_over.ts";
import type { FileEntry } from "../tree/tree.ts";
import type { Deletions } from "./deletions.ts";
import type { FilePlan } from "./file_plan.ts";
import type { TransferJob } from "./file_work.ts";
import { planRenames, type Renaming } from "./renames.ts";
import { isFatal, type Run } from "./run.ts";
import type { TrackRenames } from "./sync_options.ts";
import { requireOutsideSource } from "./target_guard.ts";

export interface RenamedFiles {
  /** Of files that the target does not have under their name. */
  readonly added: readonly TransferJob[];
  readonly deletions: Deletions;
  readonly plan: FilePlan;
}

/** Moves what it can within the target, and takes it out of the deletions. Resolves with what is still to be transferred. */
export async function renameFiles(
  run: Run,
  { added, deletions, plan }: RenamedFiles,
  { by }: TrackRenames,
): Promise<readonly TransferJob[]> {
  const { options, context } = run;
  const jobByFile = new Map(added.map((job) => [job.file, job]));
  const goneByFile = new Map(deletions.files.map((gone) => [gone.file, gone]));
  const plans = await planRenames({
    by,
    added: [...jobByFile.keys()],
    gone: [...goneByFile.keys()],
    md5Of: (side, file) => md5Of(run, side, file),
    modifyWindowMs: options.compare.modifyWindowMs,
    checkers: options.checkers,
    signal: context.retryContext.signal,
  });
  const rest = plans.added.flatMap((file) => jobByFile.get(file) ?? []);
  await new WorkStack(plans.renamings).run(options.transfers, async (renaming) => {
    const job = jobByFile.get(renaming.to);
    const gone = goneByFile.get(renaming.from);
    if (job === undefined || gone === undefined) return;
    const outcome = await renameOne(run, renaming, job.targetPath);
    if (outcome === "failed") return void rest.push(job);
    deletions.drop(new Set([gone]));
    if (outcome === "refused") return deletions.keep(gone.directory);
    const { from: existing, to: file } = renaming;
    if (options.dryRun) return;
    // Its time, and without its MD5 even its content, may be another one.
    await plan.decideNow({
      file,
      existing: { ...existing, path: job.targetPath },
      targetPath: job.targetPath,
    });
  });
  return rest;
}

async function renameOne(
  run: Run,
  { from, to }: Renaming,
  targetPath: string,
): Promise<"renamed" | "refused" | "failed"> {
  const { target, context, options: { approve, dryRun } } = run;
  const { path, size } = to;
  run.throwIfStopped();
  if (approve !== undefined && !await approve({ verb: "rename", path, size })) {
    context.emit({ type: "skipped", path, reason: "you said no", isExpected: true });
    return "refused";
  }
  try {
    for (const each of [from.path, targetPath]) await requireOutsideSource(run, each);
    const work = { source: target, from: from.path, to: targetPath };
    if (!dryRun) await target.moveFile(work, { signal: context.retryContext.signal });
  } catch (error) {
    run.throwIfStopped();
    const failure = toJottashError(error);
    if (isFatal(failure)) throw failure;
    return "failed"; // it is transferred as any other
  }
  context.emit({ type: "renamed", path, from: from.path, size });
  return "renamed";
}

async function md5Of(run: Run, side: "added" | "gone", file: FileEntry): Promise<string> {
  const { source, target, context } = run;
  const { signal } = context.retryContext;
  if (side === "gone") return await target.md5(file, { signal });
  if (source.side === "local") await untilSecondIsOver(file, context);
  return await source.md5(file, { signal });
}
