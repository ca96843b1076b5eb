/** What commands that change many entries have in common: each failure is told when it happens, and counted at the end. */
import { type JottashError, PartialError } from "../errors.ts";
import type { SpecialEntry } from "../tree/tree.ts";
import { formatQuantity } from "../units.ts";
import type { CommandContext } from "./context.ts";

/** How an engine reports to the user, and how wide it may work. */
export function changeOptions(context: CommandContext) {
  const { settings, signal, printer } = context;
  return {
    signal,
    checkers: settings.checkers,
    onError: (error: JottashError) => printer.error(error),
    onSpecial: (entry: SpecialEntry) => printer.warning(`Left out "${entry.path}": ${entry.reason}`),
  };
}

/** Throws `PartialError` when there are failures; `what` names the whole, as in `delete all of "photos"`. */
export function requireNoErrors(what: string, errors: readonly JottashError[]): void {
  if (errors.length === 0) return;
  throw new PartialError(
    `Cannot ${what}: ${formatQuantity(errors.length, "entry", "entries")} failed`,
    errors,
  );
}
