/**
 * The one way in which a command tells what it did: each change becomes a log line (or, in a dry run, a notice that
 * begins with "Would"), an item of the result for programs, and a part of the totals. What is printed where is decided
 * here and in the sink; commands only say what happened, and do nothing but that in a dry run:
 *
 * ```ts
 * if (!settings.dryRun) await tree.removeFile(path, { signal });
 * await context.report({ action: "deleted", path, size });
 * ```
 */
import { JottashError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Change } from "../transfer/change.ts";
import type { TransferTotals } from "../transfer/events.ts";
import { doneFields, doneText, wouldText } from "../ui/change_text.ts";
import type { Printer } from "../ui/printer.ts";
import type { ResultSink } from "../ui/result_sink.ts";
import { TotalsCounter } from "../ui/totals.ts";

export interface ReporterInput {
  readonly printer: Printer;
  readonly log: Logger;
  readonly sink: ResultSink;
  readonly dryRun: boolean;
}

export interface NoteOptions {
  /** Its message is told elsewhere, as the end of the run. */
  readonly isTold?: boolean;
}

export class Reporter {
  readonly #input: ReporterInput;
  readonly #counter = new TotalsCounter();
  readonly #hints = new Set<string>();

  constructor(input: ReporterInput) {
    this.#input = input;
  }

  /** Of all that has been told so far. */
  get totals(): TransferTotals {
    return this.#counter.totals;
  }

  /** Bound. Tells a change; resolves when more may be told, so that whoever waits needs little memory. */
  readonly report = async (change: Change): Promise<void> => {
    this.note(change);
    await this.ready();
  };

  /** Bound. Resolves when more may be told. */
  readonly ready = (): Promise<void> => this.#input.sink.ready();

  /** As `report`, for those who cannot wait. */
  note(change: Change, { isTold = false }: NoteOptions = {}): void {
    this.#counter.add(change);
    if (!isTold) this.#tell(change);
    this.#input.sink.item(change);
  }

  /** A file of so many bytes was not read for its MD5, which an earlier run has kept. */
  noteHashKnown(bytes: number): void {
    this.#counter.addHashKnown(bytes);
  }

  #tell(change: Change): void {
    const { printer, log, dryRun } = this.#input;
    if (change.action === "failed") return printer.error(this.#withNewHint(change.error));
    if (change.action === "skipped" && !change.isExpected) {
      return printer.warning(`Left out "${change.path}": ${change.reason}`);
    }
    if (change.action === "left-alone") {
      return printer.notice(`Left alone "${change.path}": ${change.reason}`);
    }
    if (change.action === "unchanged" || change.action === "skipped") {
      return log.debug(doneText(change), doneFields(change));
    }
    if (dryRun) return printer.notice(wouldText(change));
    log.info(doneText(change), doneFields(change));
  }

  /** A hint is told once: a full account would say the same of every file. */
  #withNewHint(error: JottashError): JottashError {
    const { hint, message, code, data } = error;
    if (hint === undefined) return error;
    if (this.#hints.has(hint)) return new JottashError(message, { code, data, cause: error });
    this.#hints.add(hint);
    return error;
  }
}
