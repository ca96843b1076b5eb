/** What goes first, and when a run ends before it is done, with rclone's names. */
import { UsageError } from "../errors.ts";
import { duration, type OptionDefinition, sizeLimit, text, toggle } from "../options.ts";
import type { BudgetOptions } from "../sync/budget.ts";

const group = "Order and limits:";

const CUTOFFS: ReadonlySet<string> = new Set<BudgetOptions["cutoff"]>(["hard", "soft", "cautious"]);

export const ORDER_OPTIONS = {
  /** Read by `parseJobOrder`. */
  orderBy: text({
    flag: "order-by",
    group,
    isRare: true,
    valueName: "ORDER",
    help: "First what comes first by size, name or modtime, as in: size,descending",
  }),
  checkFirst: toggle({
    flag: "check-first",
    group,
    isRare: true,
    help: "Find all that is to be done before the first transfer",
  }),
  maxTransfer: sizeLimit({
    flag: "max-transfer",
    group,
    help: "End when so much has been transferred: 100G",
  }),
  maxDuration: duration({
    flag: "max-duration",
    group,
    default: 0,
    minMs: 0,
    help: "End after so long: 8h (default 0s, never)",
  }),
  cutoffMode: {
    flag: "cutoff-mode",
    group,
    isRare: true,
    valueName: "MODE",
    default: "hard",
    help:
      "At such an end: hard breaks off transfers, soft finishes them, cautious begins none that would reach " +
      "the limit (default hard)",
    parse: parseCutoff,
  } as OptionDefinition<BudgetOptions["cutoff"]>,
  errorOnNoTransfer: toggle({
    flag: "error-on-no-transfer",
    group,
    isRare: true,
    help: "End with the status 9 when there was nothing to do",
  }),
} as const;

function parseCutoff(value: string): BudgetOptions["cutoff"] {
  const mode = value.toLowerCase();
  if (CUTOFFS.has(mode)) return mode as BudgetOptions["cutoff"];
  throw new UsageError(`Cannot use "${value}" for --cutoff-mode: it is none of hard, soft, cautious`);
}
