/** The sum of a run's events: what the summary line and the exit status are made of. */
import type { TransferEvent, TransferTotals } from "./events.ts";

type Counts = { -readonly [key in keyof TransferTotals]: number };

export class TotalsCounter {
  readonly #counts: Counts = {
    transferredFiles: 0,
    transferredBytes: 0,
    deduplicatedFiles: 0,
    deduplicatedBytes: 0,
    unchangedFiles: 0,
    skippedEntries: 0,
    failedEntries: 0,
  };

  get totals(): TransferTotals {
    return { ...this.#counts };
  }

  /** Bound: it can be handed on as a sink. In a dry run, what would be transferred is counted as transferred. */
  readonly sink = (event: TransferEvent): void => {
    const counts = this.#counts;
    switch (event.type) {
      case "finished":
      case "would-transfer":
        counts.transferredFiles++;
        counts.transferredBytes += event.size;
        if (event.type === "finished" && event.how === "deduplicated") {
          counts.deduplicatedFiles++;
          counts.deduplicatedBytes += event.size;
        }
        break;
      case "unchanged":
        counts.unchangedFiles++;
        break;
      case "skipped":
        counts.skippedEntries++;
        break;
      case "failed":
        counts.failedEntries++;
        break;
      default:
    }
  };
}
