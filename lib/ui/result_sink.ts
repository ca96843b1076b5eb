/** Where the changes of a run go besides messages: chosen once, so that no command asks what is wanted. */
import type { JottashError } from "../errors.ts";
import type { Change } from "../transfer/change.ts";
import type { TransferTotals } from "../transfer/events.ts";
import { foundText } from "./change_text.ts";
import type { Printer } from "./printer.ts";

export interface ResultEnd {
  readonly totals: TransferTotals;
  /** The exit status. */
  readonly status: number;
  /** What ended the run. */
  readonly error: JottashError | undefined;
  readonly elapsedMs: number;
}

export interface ResultSink {
  item(change: Change): void;
  /** Resolves when more items may be given without their piling up. */
  ready(): Promise<void>;
  /** Nothing is taken any more; all of it has been written when this resolves. */
  finish(end: ResultEnd): Promise<void>;
}

/** For people: messages say it all. What is data is the address of a link, and what a look for problems has found. */
export class PlainResult implements ResultSink {
  readonly #printer: Printer;
  #lastLine: Promise<void> = Promise.resolve();

  constructor(printer: Printer) {
    this.#printer = printer;
  }

  item(change: Change): void {
    const line = lineOf(change);
    if (line === undefined) return;
    this.#lastLine = this.#printer.line(line);
    // A failure is told to whoever waits.
    this.#lastLine.catch(() => {});
  }

  ready(): Promise<void> {
    return this.#lastLine;
  }

  async finish(): Promise<void> {
    await this.#lastLine;
  }
}

function lineOf(change: Change): string | undefined {
  if (change.action === "found") return foundText(change);
  return change.action === "linked" ? change.url : undefined;
}
