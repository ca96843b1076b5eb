/** Everything around a run of transfers that a person sees: progress, messages, the summary, the final verdict. */
import {
  AuthError,
  CancelledError,
  type JottashError,
  LimitError,
  PartialError,
  toJottashError,
} from "../errors.ts";
import { EXIT_NOTHING_TRANSFERRED, EXIT_OK } from "../exit_codes.ts";
import { type Change, changeOf } from "../transfer/change.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TransferEvent } from "../transfer/events.ts";
import { ProgressView, type ProgressViewOptions } from "../ui/progress_view.ts";
import { hasChanges, summaryText } from "../ui/summary.ts";
import { formatQuantity } from "../units.ts";
import type { CommandContext } from "./context.ts";
import { DryMove } from "./dry_move.ts";
import { Parked } from "./parked.ts";
import { Passes } from "./passes.ts";
import type { RunningJob } from "./running_job.ts";
import type { GentleWork, StopSwitch } from "./stop_switch.ts";
import { UnderWay } from "./under_way.ts";
import { isQuiet } from "./verbosity.ts";

/** Between two lines where there is no terminal, for those who ask for progress but not how often. */
const LINE_MS = 5_000;

export interface TransferRun {
  /** Names the whole, as in `copy all of "photos"`. */
  readonly what: string;
  /** One entry was asked for: its failure is the failure of the run, and told once. */
  readonly isSingle: boolean;
  /** Nothing transferred, moved or deleted is status 9 (--error-on-no-transfer). */
  readonly requireTransfer?: boolean;
  /** Files go from the source when the target has them. */
  readonly isMove?: boolean;
  /** Where it is recorded, so that it can be picked up. */
  readonly job?: RunningJob | undefined;
  /** What stops it, where it can stop gently. */
  readonly stop?: StopSwitch | undefined;
}

/** Does all of the work once; what it failed at is told as events too. */
type Work = (transfer: TransferContext) => Promise<readonly JottashError[]>;

/**
 * Runs `work` with progress shown; again (--retries) when something failed that may pass. Resolves with the exit
 * status. Throws `PartialError` when some entries failed, and what ended the work before its time.
 */
export async function runTransfers(
  context: CommandContext,
  { what, isSingle, requireTransfer = false, isMove = false, job, stop }: TransferRun,
  work: Work,
): Promise<number> {
  const { printer, settings, clock, reporter } = context;
  const startedAtMs = clock.now();
  // A dry run would say everything again.
  const passes = new Passes(settings.dryRun ? 1 : settings.retries);
  const parked = new Parked();
  const summarize = () =>
    printer.notice(summaryText(reporter.totals, clock.now() - startedAtMs, { dryRun: settings.dryRun }));
  const dryMove = isMove && settings.dryRun ? new DryMove() : undefined;
  const note = (change: Change) => {
    const text = dryMove?.textOf(change);
    reporter.note(change, { isTold: text !== undefined || isSingle && change.action === "failed" });
    if (text !== undefined && text !== "") printer.notice(text);
  };
  await using view = new ProgressView(context, progressOptions(context));
  const underWay = new UnderWay();
  using _gentle = stop?.stopGently(gentleWork(context, { underWay, job }));
  const transfer = context.transferContext((event) => {
    view.sink(event);
    parked.note(event);
    underWay.note(event, clock.now());
    job?.note(event);
    if (!passes.admit(event)) return;
    if (event.type === "retried") return tellRetry(context, event);
    if (event.type === "hash-known") reporter.noteHashKnown(event.bytes);
    const change = changeOf(event);
    if (change !== undefined) note(change);
  });
  const { errors, end } = await inPasses(context, passes, {
    view,
    job,
    work: () => work({ ...transfer, ready: reporter.ready, stopsSoon: stop?.soon }),
  });
  await job?.finish({ errors, end });
  await view.finish();
  for (const { path, error } of passes.untold) note({ action: "failed", path, error });
  if (parked.text !== undefined) printer.notice(parked.text);
  if (end !== undefined) {
    if (hasChanges(reporter.totals)) summarize();
    throw end;
  }
  const [failure] = errors;
  if (isSingle && failure !== undefined) throw failure;
  summarize();
  tellHashKnown(context);
  if (errors.length > 0) {
    throw new PartialError(
      `Cannot ${what}: ${formatQuantity(errors.length, "entry", "entries")} failed`,
      errors,
      { hint: hintAfter(errors) },
    );
  }
  return requireTransfer && !hasChanges(reporter.totals) ? EXIT_NOTHING_TRANSFERRED : EXIT_OK;
}

interface Outcome {
  /** Failures of entries in the last pass. */
  readonly errors: readonly JottashError[];
  /** What ended the work before its time. */
  readonly end?: JottashError;
}

/** Does the work, and does it again while there is hope. */
async function inPasses(
  context: CommandContext,
  passes: Passes,
  { view, job, work }: {
    readonly view: ProgressView;
    readonly job: RunningJob | undefined;
    readonly work: () => Promise<readonly JottashError[]>;
  },
): Promise<Outcome> {
  const { settings, signal, clock, log } = context;
  for (;;) {
    const outcome = await oneGo(work);
    const { errors, end } = outcome;
    if (passes.isLast || !hasHope(end === undefined ? errors : [...errors, end], signal)) return outcome;
    for (const { path, error } of passes.untold) log.info("failed for now", { path, error: error.message });
    if (end !== undefined) log.info("failed for now", { error: end.message });
    if (settings.retriesSleep > 0 && !await isOver(clock.sleep(settings.retriesSleep, { signal }))) {
      return outcome;
    }
    passes.beginAgain();
    view.beginAgain();
    job?.beginAgain();
    log.info("trying again what failed", { try: passes.pass, of: settings.retries });
  }
}

/** False when the wait was broken off. */
async function isOver(wait: Promise<void>): Promise<boolean> {
  return await wait.then(() => true, () => false);
}

async function oneGo(work: () => Promise<readonly JottashError[]>): Promise<Outcome> {
  try {
    return { errors: await work() };
  } catch (error) {
    return { errors: [], end: toJottashError(error) };
  }
}

/** Is there a failure that may pass, and none that stands in the way of all others? */
function hasHope(failures: readonly JottashError[], signal: AbortSignal): boolean {
  const isFinal = failures.some((error) =>
    error instanceof AuthError || error instanceof CancelledError || error instanceof LimitError
  );
  return !signal.aborted && !isFinal && failures.some((error) => error.retry !== "never");
}

/** No word of trying again where that cannot help yet. */
function hintAfter(errors: readonly JottashError[]): string {
  const again = "run the same command again: what is done is left alone";
  const isPassing = errors.every((error) => error.retry !== "never");
  return isPassing ? `R${again.slice(1)}` : `When that is settled, ${again}`;
}

function gentleWork(
  { clock, canDraw, printer }: CommandContext,
  { underWay, job }: { readonly underWay: UnderWay; readonly job: RunningJob | undefined },
): GentleWork {
  return {
    remainingMs: () => underWay.remainingMs(clock.now()),
    hint: job?.hint,
    onWait: () => {
      if (canDraw) printer.notice("Stopping: what is nearly done is finished; Ctrl-C again stops at once");
    },
  };
}

/** A view where it can be drawn; elsewhere lines, but only for those who ask. */
function progressOptions({ settings, canDraw }: CommandContext): ProgressViewOptions {
  const { progress, stats, statsOneLine } = settings;
  if (isQuiet(settings) || settings.dryRun) return { mode: "quiet" };
  if (canDraw) return { mode: "live", oneLine: statsOneLine };
  const lineMs = stats ?? (progress ? LINE_MS : 0);
  return lineMs > 0 ? { mode: "lines", lineMs } : { mode: "quiet" };
}

function tellHashKnown({ log, reporter: { totals } }: CommandContext): void {
  const { hashKnownFiles: files, hashKnownBytes: bytes } = totals;
  if (files > 0) log.info("not read again: unchanged since an earlier run", { files, bytes });
}

function tellRetry({ log }: CommandContext, event: Extract<TransferEvent, { type: "retried" }>): void {
  const { path, attempt, error } = event;
  log.info("trying again", { path, attempt, error: error.message });
}
