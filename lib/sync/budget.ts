/**
 * When a run ends before it is done (--max-transfer, --max-duration, --cutoff-mode). A transfer limit counts what goes
 * over the wire: content that the service has already, and copies that the service makes by itself, cost nothing. (rclone
 * counts the size of a server-side copy.)
 */
import type { Clock } from "../edges.ts";
import { LimitError } from "../errors.ts";
import { formatDuration, formatSize } from "../units.ts";
import type { Admission, Budget } from "./sync_options.ts";

/** A timer holds no more than 24 days. */
const LONGEST_SLEEP_MS = 24 * 3_600_000;
const HINT = "Run the same command again later: what is done is left alone";

export interface BudgetOptions {
  /** Undefined for no limit. */
  readonly maxTransferBytes?: number | undefined;
  readonly maxDurationMs?: number | undefined;
  /**
   * `hard`: what is under way breaks off, too. `soft`: nothing new is begun. `cautious`: as soft, and a file that would
   * reach the transfer limit together with those under way is not begun.
   */
  readonly cutoff: "hard" | "soft" | "cautious";
  readonly clock: Clock;
  /** When the run began. */
  readonly startedAtMs: number;
}

/** Disposing it ends its timer. */
export function createBudget(options: BudgetOptions): Budget & Disposable {
  return new RunBudget(options);
}

class RunBudget implements Budget, Disposable {
  readonly #options: BudgetOptions;
  readonly #cutoff = new AbortController();
  readonly #end = new AbortController();
  #bytes = 0;
  /** Of the files under way: what is still to come. */
  #pendingBytes = 0;

  constructor(options: BudgetOptions) {
    this.#options = options;
    if (options.cutoff === "hard" && this.#deadlineMs < Infinity) void this.#abortInTime();
  }

  get signal(): AbortSignal {
    return this.#cutoff.signal;
  }

  admit(size: number): Admission {
    const { clock, cutoff, maxTransferBytes } = this.#options;
    this.#cutoff.signal.throwIfAborted();
    if (clock.now() >= this.#deadlineMs) throw this.#tooLate();
    const planned = cutoff === "cautious" ? this.#bytes + this.#pendingBytes + size : this.#bytes;
    if (maxTransferBytes !== undefined && planned >= maxTransferBytes) throw this.#tooMuch(maxTransferBytes);
    return this.#begin(size);
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  #begin(size: number): Admission {
    let doneBytes = 0;
    let restBytes = 0;
    const expect = (bytes: number) => {
      this.#pendingBytes += bytes - restBytes;
      restBytes = bytes;
    };
    expect(size);
    return {
      note: (bytes) => {
        doneBytes += bytes;
        expect(Math.max(0, size - doneBytes));
        this.#spend(bytes);
      },
      [Symbol.dispose]: () => expect(0),
    };
  }

  #spend(bytes: number): void {
    const { cutoff, maxTransferBytes } = this.#options;
    this.#bytes += bytes;
    if (cutoff === "hard" && maxTransferBytes !== undefined && this.#bytes > maxTransferBytes) {
      this.#cutoff.abort(this.#tooMuch(maxTransferBytes));
    }
    this.#cutoff.signal.throwIfAborted();
  }

  get #deadlineMs(): number {
    const { startedAtMs, maxDurationMs } = this.#options;
    return maxDurationMs === undefined ? Infinity : startedAtMs + maxDurationMs;
  }

  async #abortInTime(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#end;
    try {
      for (let restMs = this.#deadlineMs - clock.now(); restMs > 0; restMs = this.#deadlineMs - clock.now()) {
        await clock.sleep(Math.min(restMs, LONGEST_SLEEP_MS), { signal });
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    this.#cutoff.abort(this.#tooLate());
  }

  #tooMuch(maxTransferBytes: number): LimitError {
    const isAhead = this.#bytes < maxTransferBytes;
    const limit = `the limit of ${formatSize(maxTransferBytes)}`;
    return new LimitError(
      `Cannot transfer more: ${isAhead ? `the next file would reach ${limit}` : `${limit} is reached`}`,
      { code: "transfer-limit", hint: HINT, data: { maxTransferBytes, bytes: this.#bytes } },
    );
  }

  #tooLate(): LimitError {
    const { maxDurationMs = 0 } = this.#options;
    return new LimitError(
      `Cannot transfer more: the time limit of ${formatDuration(maxDurationMs)} is over`,
      {
        code: "time-limit",
        hint: HINT,
        data: { maxDurationMs },
      },
    );
  }
}
