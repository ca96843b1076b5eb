/**
 * The journal of a run of transfers, so that it can be picked up after any end. It only watches: a journal that cannot
 * be written is told once, and the run goes on without it.
 */
import { CancelledError, JottashError } from "../errors.ts";
import { redactTokens } from "../http/redact.ts";
import { NO_HOME } from "../store/config_path.ts";
import type { JobTotals } from "../store/job_record.ts";
import { type HeldJob, JobStore } from "../store/job_store.ts";
import type { TransferEvent } from "../transfer/events.ts";
import { VERSION } from "../version.ts";
import type { CommandContext } from "./context.ts";
import type { Invocation } from "./invocation.ts";
import { storableWords } from "./job_words.ts";

/** Between two records of how far it is. */
const PROGRESS_MS = 5_000;
/** More failures than that are not recorded one by one: all is looked at again then. */
const MOST_FAILURES = 20_000;
/** Of a message; some repeat what a server said. */
const MESSAGE_LENGTH = 400;

export interface JobEnd {
  /** Failures of entries. */
  readonly errors: readonly JottashError[];
  /** What ended the work before its time. */
  readonly end?: JottashError | undefined;
}

export class RunningJob implements AsyncDisposable {
  readonly #context: CommandContext;
  readonly #held: HeldJob;
  readonly #isOwned: boolean;
  #toldAtMs: number;
  #failures = 0;

  constructor(context: CommandContext, held: HeldJob, { isOwned }: { readonly isOwned: boolean }) {
    this.#context = context;
    this.#held = held;
    this.#isOwned = isOwned;
    this.#toldAtMs = context.clock.now();
    held.journal.onFailure = (error) => warn(context, error);
  }

  /** How to go on with it; undefined where that cannot be. */
  get hint(): string | undefined {
    const { id, job } = this.#held;
    return job.words === undefined ? undefined : `Go on with: jottash jobs resume ${id}`;
  }

  note(event: TransferEvent): void {
    const { journal } = this.#held;
    if (event.type === "failed") this.#noteFailure(event);
    const now = this.#context.clock.now();
    // A clock that was set back waits for nothing.
    if (Math.abs(now - this.#toldAtMs) < PROGRESS_MS) return;
    this.#toldAtMs = now;
    journal.add({ event: "progress", at: now, totals: this.#totals() });
  }

  /** All is looked at once more. */
  beginAgain(): void {
    this.#failures = 0;
    this.#held.journal.add({ event: "again", at: this.#context.clock.now() });
  }

  async finish({ errors, end }: JobEnd): Promise<void> {
    const { journal } = this.#held;
    const status = end instanceof CancelledError
      ? "stopped"
      : end === undefined && errors.length === 0
      ? "done"
      : "failed";
    journal.add({
      event: "ended",
      at: this.#context.clock.now(),
      status,
      totals: this.#totals(),
      isWhole: end === undefined,
      reason: end === undefined ? undefined : textOf(end),
    });
    await journal.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOwned) await this.#held[Symbol.asyncDispose]();
  }

  #noteFailure({ path, error }: Extract<TransferEvent, { type: "failed" }>): void {
    const { journal } = this.#held;
    this.#failures++;
    if (this.#failures > MOST_FAILURES) {
      if (this.#failures === MOST_FAILURES + 1) journal.add({ event: "more-failed" });
      return;
    }
    journal.add({ event: "failed", path, code: error.code, message: textOf(error) });
  }

  #totals(): JobTotals {
    const totals = this.#context.reporter.totals;
    return {
      files: totals.files,
      bytes: totals.bytes,
      moved: totals.movedFiles + totals.movedDirectories,
      deleted: totals.deletedFiles,
      unchanged: totals.unchangedFiles,
    };
  }
}

/** The job of this run: a new one, or the one that it goes on with; undefined in a dry run, and where none can be. */
export async function beginJob(
  context: CommandContext,
  { words, resumption }: Invocation,
): Promise<RunningJob | undefined> {
  if (context.settings.dryRun) return undefined;
  const { platform, clock } = context;
  const runner = { host: platform.hostname, processId: platform.processId, version: VERSION };
  const at = clock.now();
  if (resumption !== undefined) {
    const { held, scope } = resumption;
    held.journal.add({ event: "resumed", at, ...runner, scope });
    return new RunningJob(context, held, { isOwned: false });
  }
  try {
    const store = new JobStore(context);
    const directory = platform.currentDirectory();
    const held = await store.begin({ event: "begun", at, ...runner, directory, ...storableWords(words) });
    await store.forgetOld();
    return new RunningJob(context, held, { isOwned: true });
  } catch (error) {
    if (!(error instanceof JottashError)) throw error;
    warn(context, error);
    return undefined;
  }
}

function warn({ printer, log }: CommandContext, error: JottashError): void {
  // Where there is no home, everybody knows that nothing is kept.
  if (error.code === NO_HOME) return log.info("no journal is kept", { reason: error.message });
  printer.warning(`This run cannot be picked up later, for its journal is missing: ${error.message}`);
}

function textOf({ message }: JottashError): string {
  return redactTokens(message).slice(0, MESSAGE_LENGTH);
}
