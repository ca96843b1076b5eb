/** Everything around a run of transfers that a person sees: progress, messages, the summary, the final verdict. */
import { JottashError, PartialError } from "../errors.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TransferEvent } from "../transfer/events.ts";
import { TotalsCounter } from "../transfer/totals.ts";
import { ProgressView } from "../ui/progress_view.ts";
import { summaryText } from "../ui/summary.ts";
import { formatQuantity, formatSizeCompact } from "../units.ts";
import type { CommandContext } from "./context.ts";

export interface TransferRun {
  /** Names the whole, as in `copy all of "photos"`. */
  readonly what: string;
  /** One entry was asked for: its failure is the failure of the run, and told once. */
  readonly isSingle: boolean;
}

/** Runs `work` with progress shown. Throws `PartialError` when some entries failed. */
export async function runTransfers(
  context: CommandContext,
  { what, isSingle }: TransferRun,
  work: (transfer: TransferContext) => Promise<readonly JottashError[]>,
): Promise<void> {
  const { printer, settings, clock } = context;
  const totals = new TotalsCounter();
  const hints = new Set<string>();
  const startedAtMs = clock.now();
  const summarize = () =>
    printer.notice(summaryText(totals.totals, clock.now() - startedAtMs, { dryRun: settings.dryRun }));
  await using view = new ProgressView(context, { mode: progressMode(context), lineMs: settings.stats });
  const transfer = context.transferContext((event) => {
    totals.sink(event);
    view.sink(event);
    if (event.type !== "failed") tell(context, event);
    else if (!isSingle) printer.error(withNewHint(event.error, hints));
  });
  let errors: readonly JottashError[];
  try {
    errors = await work(transfer);
  } catch (error) {
    await view.finish();
    if (totals.totals.transferredFiles > 0) summarize();
    throw error;
  }
  await view.finish();
  const [failure] = errors;
  if (isSingle && failure !== undefined) throw failure;
  summarize();
  if (errors.length > 0) {
    throw new PartialError(
      `Cannot ${what}: ${formatQuantity(errors.length, "entry", "entries")} failed`,
      errors,
      { hint: hintAfter(errors) },
    );
  }
}

/** A hint is told once: a full account would say the same of every file. */
function withNewHint(error: JottashError, told: Set<string>): JottashError {
  const { hint, message, code } = error;
  if (hint === undefined) return error;
  if (told.has(hint)) return new JottashError(message, { code, cause: error });
  told.add(hint);
  return error;
}

/** No word of trying again where that cannot help yet. */
function hintAfter(errors: readonly JottashError[]): string {
  const again = "run the same command again: what is done is left alone";
  const isPassing = errors.every((error) => error.retry !== "never");
  return isPassing ? `R${again.slice(1)}` : `When that is settled, ${again}`;
}

/** A view where it can be drawn; elsewhere lines, but only for those who ask. */
function progressMode(context: CommandContext): "live" | "lines" | "quiet" {
  if (context.settings.quiet || context.settings.dryRun) return "quiet";
  if (context.canDraw) return "live";
  return context.settings.progress ? "lines" : "quiet";
}

function tell({ printer, log, settings }: CommandContext, event: TransferEvent): void {
  switch (event.type) {
    case "skipped":
      return printer.warning(`Left out "${event.path}": ${event.reason}`);
    case "would-transfer":
      return printer.notice(`Would copy "${event.path}" (${formatSizeCompact(event.size)})`);
    case "retried":
      return log.info("trying again", {
        path: event.path,
        attempt: event.attempt,
        error: event.error.message,
      });
    case "finished":
      return log.info("copied", { path: event.path, how: event.how, size: event.size });
    case "directory-made":
      if (settings.dryRun) return printer.notice(`Would make the folder "${event.path}"`);
      return log.info("made a folder", { path: event.path });
    default:
  }
}
