/** What every transfer needs besides its two ends. */
import type { RetryContext, RetryPolicy } from "../async/retry.ts";
import type { TransferEventSink, TransferPhase } from "./events.ts";

export interface TransferContext {
  readonly retryPolicy: RetryPolicy;
  /** Clock and randomness for waits; the signal that stops the run. */
  readonly retryContext: Omit<RetryContext, "onRetry" | "maxAttempts">;
  readonly emit: TransferEventSink;
  /** Aborted when nothing more is to begin; what is under way comes to its end. */
  readonly stopsSoon?: AbortSignal | undefined;
  /** Resolves when whoever reads what is emitted has caught up; a file waits for it before it begins. */
  readonly ready?: () => Promise<void>;
  /** Times of creation go with the files (--metadata), where they are known and can be set. */
  readonly keepsMetadata?: boolean;
  /** Something is deleted when a content turns out to be elsewhere: no MD5 of an earlier reading is enough for that. */
  readonly readsAfresh?: boolean | undefined;
}

/** Reports the progress of one file; knows how far each phase has come, so that a restart takes it back. */
export class FileProgress {
  readonly #emit: TransferEventSink;
  readonly #path: string;
  readonly #done: Record<TransferPhase, number> = { hash: 0, transfer: 0 };

  constructor(emit: TransferEventSink, path: string) {
    this.#emit = emit;
    this.#path = path;
  }

  add(phase: TransferPhase, bytes: number): void {
    this.#done[phase] += bytes;
    this.#emit({ type: "progressed", path: this.#path, phase, bytes });
  }

  /** An earlier run had brought over what is before `position`. */
  resumeAt(position: number): void {
    const bytes = position - this.#done.transfer;
    if (bytes === 0) return;
    this.#done.transfer = position;
    this.#emit({ type: "progressed", path: this.#path, phase: "transfer", bytes, isResumed: true });
  }

  /** The phase stands at `position` now, be that further or less far than before. */
  moveTo(phase: TransferPhase, position: number): void {
    const bytes = position - this.#done[phase];
    if (bytes !== 0) this.add(phase, bytes);
  }
}

/**
 * A number of tries that counts only the barren ones: a transfer over a bad line goes on as long as each try
 * brings it further.
 */
export class ProgressiveAttempts {
  readonly #maxBarrenAttempts: number;
  #furthest = 0;
  #fruitful = 0;

  constructor(maxBarrenAttempts: number) {
    this.#maxBarrenAttempts = maxBarrenAttempts;
  }

  /** After a failed try: `position` bytes are safe. */
  note(position: number): void {
    if (position <= this.#furthest) return;
    this.#furthest = position;
    this.#fruitful++;
  }

  /** The try that is about to fail does not count. */
  forgive(): void {
    this.#fruitful++;
  }

  readonly limit = (): number => this.#maxBarrenAttempts + this.#fruitful;
}
