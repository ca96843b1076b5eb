/** What `copy`, `copyto`, `sync`, `move` and `moveto` have in common: from the words of a line to the engine's options. */
import { UsageError } from "../errors.ts";
import { createAlternatives } from "../sync/alternatives.ts";
import { type BudgetOptions, createBudget } from "../sync/budget.ts";
import { parseJobOrder } from "../sync/job_order.ts";
import { createKeepAside } from "../sync/keep_aside.ts";
import { syncSingleFile, syncTrees } from "../sync/sync.ts";
import type { Approve, Budget, JobOrder, SyncFailures, SyncOptions } from "../sync/sync_options.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import { createApprove } from "./approval.ts";
import { comparisonOf } from "./comparison_options.ts";
import type { CommandContext } from "./context.ts";
import { deletionsOf } from "./deletion_options.ts";
import { removeEmptiedRoot } from "./emptied_root.ts";
import { type FilterValues, openFilter } from "./filters.ts";
import type { Invocation } from "./invocation.ts";
import { forRecursiveWork } from "./recursive.ts";
import { chooseFailed } from "./retry_failed.ts";
import { beginJob } from "./running_job.ts";
import { requirePossibleMix } from "./sync_mixes.ts";
import { type SyncChoices, wholeChoices } from "./sync_options.ts";
import { openSyncPlaces, type SyncPlaces, type SyncRequest } from "./sync_places.ts";
import { makeLocalTarget } from "./target.ts";
import { runTransfers } from "./transfers.ts";
import { withManifest } from "./verify_manifest_write.ts";
import { moveWhole } from "./whole_move.ts";

export interface SyncLine extends Pick<SyncRequest, "verb" | "isExact"> {
  readonly args: readonly string[];
  readonly options: Partial<SyncChoices> & FilterValues;
  readonly invocation: Invocation;
}

/** Runs one of the commands. Resolves with the exit status. */
export async function runSyncCommand(context: CommandContext, line: SyncLine): Promise<number | undefined> {
  const { verb, isExact, args: [from = "", to = ""], options, invocation } = line;
  const choices = wholeChoices(options);
  requirePossibleMix({ ...context.settings, ...choices });
  const order = choices.orderBy === undefined ? undefined : parseJobOrder(choices.orderBy);
  const approve = choices.interactive ? await createApprove(context) : undefined;
  // A job that is gone on with looks at the same files, whatever their ages are by now.
  const filter = await openFilter(context, options, { nowMs: invocation.resumption?.held.job.begunAtMs });
  if (filter === undefined) return undefined;
  const wholeRequest = { verb, isExact, from, to, choices, filter };
  const places = await openSyncPlaces(context, wholeRequest);
  const request = chooseFailed(wholeRequest, places, invocation.resumption);
  const fromLabel = `"${context.labelOf(from)}"`;
  if (verb !== "move" && places.isSame === "respelled") {
    throw new UsageError(`Cannot ${verb} ${fromLabel} to "${context.labelOf(to)}": they are the same file`, {
      hint: 'Another case of its name is given by "jottash moveto"',
    });
  }
  await warnOfDeletions(context, request);
  // A directory that moves as a whole is to find none.
  const mayMoveWhole = verb === "move" && places.source.file === undefined;
  if (!mayMoveWhole) await makeLocalTarget(context, places.target);
  using budget = openBudget(context, choices);
  await using job = await beginJob(context, invocation);
  const syncOptions = optionsOf(context, { request, places, order, approve, budget });
  return await withManifest(context, manifestOf(request, places), (during) =>
    runTransfers(
      context,
      {
        what: verb === "sync" ? `sync all of ${fromLabel}` : `${verb} all of ${fromLabel}`,
        isSingle: places.source.file !== undefined,
        requireTransfer: choices.errorOnNoTransfer,
        isMove: verb === "move",
        job,
        stop: invocation.stop,
      },
      (transfer) => carryOut(context, { request, places, syncOptions }, during(transfer)),
    ));
}

interface Job {
  readonly request: SyncRequest;
  readonly places: SyncPlaces;
  readonly syncOptions: SyncOptions;
}

async function carryOut(
  context: CommandContext,
  { request, places, syncOptions }: Job,
  transfer: TransferContext,
): Promise<SyncFailures> {
  const { source: { tree: source, file }, target, targetPath, isSame } = places;
  if (file === undefined) {
    if (request.verb === "move") {
      if (await moveWhole(context, { request, places }, transfer)) return [];
      if (isSame !== "no") throw sameFolder(context, request);
      await makeLocalTarget(context, target);
    }
    const { filter } = request;
    const whole = (tree: TargetTree) => forRecursiveWork(context, tree, { filter });
    const failures = await syncTrees(whole(source), whole(target), syncOptions, transfer);
    if (
      failures.length === 0 && request.verb === "move" && leavesNothing(request, places) &&
      !syncOptions.dryRun
    ) {
      await removeEmptiedRoot(context, { text: request.from, tree: source }, transfer);
    }
    return failures;
  }
  if (isSame === "no") {
    return await syncSingleFile({ source, file, target, targetPath }, syncOptions, transfer);
  }
  const { path, size } = file;
  if (isSame === "here") {
    transfer.emit({ type: "unchanged", path, size });
    return [];
  }
  if (!syncOptions.dryRun) {
    await target.moveFile({ source, from: path, to: targetPath, overwrite: true }, {
      signal: context.signal,
    });
  }
  transfer.emit({ type: "moved", kind: "file", path: targetPath, from: path, size });
  return [];
}

function manifestOf({ verb, from, to, choices }: SyncRequest, { source, target, targetPath }: SyncPlaces) {
  const single = source.file === undefined ? undefined : targetPath;
  return { file: choices.manifest, command: verb, from, to, target, targetPath: single };
}

/** File by file, all would be found to be there already, and removed from the source, which is the same. */
function sameFolder(context: CommandContext, { verb, from, to }: SyncRequest): UsageError {
  return new UsageError(
    `Cannot ${verb} "${context.labelOf(from)}" to "${context.labelOf(to)}": they are the same`,
    { hint: "Another case of its name is given to the folder as a whole, without filters and --interactive" },
  );
}

/** A variable that turns off the trash may have been forgotten: it is named. */
async function warnOfDeletions(context: CommandContext, { verb, from, to }: SyncRequest): Promise<void> {
  if (verb !== "copy") await context.deletesForGood(verb === "move" ? from : to);
}

function openBudget(context: CommandContext, choices: SyncChoices): (Budget & Disposable) | undefined {
  const { maxTransfer: maxTransferBytes, maxDuration, cutoffMode: cutoff } = choices;
  const maxDurationMs = maxDuration === 0 || maxDuration === Infinity ? undefined : maxDuration;
  if (maxTransferBytes === undefined && maxDurationMs === undefined) return undefined;
  const { clock } = context;
  const options: BudgetOptions = { maxTransferBytes, maxDurationMs, cutoff, clock, startedAtMs: clock.now() };
  return createBudget(options);
}

interface Parts {
  readonly request: SyncRequest;
  readonly places: SyncPlaces;
  readonly order: JobOrder | undefined;
  readonly approve: Approve | undefined;
  readonly budget: Budget | undefined;
}

function optionsOf(context: CommandContext, { request, places, order, approve, budget }: Parts): SyncOptions {
  const { settings } = context;
  const { verb, filter, choices } = request;
  const { createEmptyDirectories, noTraverse, checkFirst } = choices;
  return {
    transfers: settings.transfers,
    checkers: settings.checkers,
    dryRun: settings.dryRun,
    createEmptyDirectories,
    filter,
    compare: comparisonOf(choices),
    noTraverse,
    checkFirst,
    deletes: verb === "sync" && places.source.file === undefined ? deletionsOf(choices) : undefined,
    move: verb === "move"
      ? {
        deleteEmptySourceDirectories: choices.deleteEmptySourceDirectories || leavesNothing(request, places),
      }
      : undefined,
    keepAside: keepAsideOf(context, { choices, places }),
    alternatives: alternativesOf(context, { choices, places }),
    order,
    trackRenames: verb === "sync" && choices.trackRenames ? { by: choices.trackRenamesStrategy } : undefined,
    budget,
    approve,
  };
}

/** `moveto` within an account is a move of the folder itself, also into one that is there already. */
function leavesNothing({ isExact }: SyncRequest, { source, target }: SyncPlaces): boolean {
  return isExact && target.side === "remote" && target.canTakeFrom(source.tree);
}

function keepAsideOf(
  context: CommandContext,
  { choices, places }: { readonly choices: SyncChoices; readonly places: SyncPlaces },
): SyncOptions["keepAside"] {
  const { suffix, suffixKeepExtension } = choices;
  const { target, backupDirectory: directory } = places;
  if (directory === undefined && suffix === undefined) return undefined;
  const transfer = context.transferContext(() => {});
  return createKeepAside({ target, directory, suffix, suffixKeepExtension, context: transfer });
}

function alternativesOf(
  { signal }: CommandContext,
  { choices, places: { otherPlaces: trees } }: { readonly choices: SyncChoices; readonly places: SyncPlaces },
): SyncOptions["alternatives"] {
  if (trees.length === 0) return undefined;
  return createAlternatives({ act: choices.compareDest.length > 0 ? "skip" : "copy", trees, signal });
}
