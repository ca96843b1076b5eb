/** What commands that change many entries have in common: each failure is told when it happens, and counted at the end. */
import { type JottashError, PartialError } from "../errors.ts";
import type { SpecialEntry } from "../tree/tree.ts";
import { CountView } from "../ui/count_view.ts";
import { countsText } from "../ui/summary.ts";
import { formatQuantity } from "../units.ts";
import type { CommandContext } from "./context.ts";
import { isQuiet } from "./verbosity.ts";

/** How an engine reports to the user, and how wide it may work. */
export function changeOptions({ settings, signal, reporter }: CommandContext) {
  return {
    signal,
    checkers: settings.checkers,
    onError: (error: JottashError, path?: string) => reporter.note({ action: "failed", path, error }),
    onSpecial: ({ path, reason, isExpected }: SpecialEntry) =>
      reporter.note({ action: "skipped", path, reason, isExpected }),
  };
}

/** Counts on a terminal what has been changed so far, until it is disposed of. */
export function watchChanges(context: CommandContext): AsyncDisposable {
  return watch(context, () => countsText(context.reporter.totals));
}

/** Shows on a terminal how far a long command is, as `text` tells it again and again, until it is disposed of. */
export function watch(context: CommandContext, text: () => string): AsyncDisposable {
  const { settings, clock, terminal, area } = context;
  const canDraw = context.canDraw && !settings.dryRun && !isQuiet(settings);
  return new CountView({ clock, terminal, area, canDraw }, text);
}

/** Throws `PartialError` when there are failures; `what` names the whole, as in `delete all of "photos"`. */
export function requireNoErrors(what: string, errors: readonly JottashError[]): void {
  if (errors.length === 0) return;
  throw new PartialError(
    `Cannot ${what}: ${formatQuantity(errors.length, "entry", "entries")} failed`,
    errors,
  );
}
