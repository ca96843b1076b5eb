/** What all parts of one run over two trees share: its two ends, what it was told, what it failed at, whether it has to stop. */
import { AuthError, CancelledError, type JottashError, LimitError, toJottashError } from "../errors.ts";
import { foldName, nfcKey } from "../names/compare.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { SyncOptions } from "./sync_options.ts";

interface Ends {
  readonly source: TargetTree;
  readonly target: TargetTree;
}

export class Run {
  readonly source: TargetTree;
  readonly target: TargetTree;
  readonly options: SyncOptions;
  /** Its signal is also that of the budget. */
  readonly context: TransferContext;
  readonly #errors: JottashError[] = [];
  readonly #claimed = new Set<string>();
  readonly #onStop: ((reason: unknown) => void)[] = [];
  /** What ended the run before its time: the user, a limit, a lost sign-in, a bug. */
  #stopped: { readonly reason: unknown } | undefined;

  constructor({ source, target }: Ends, options: SyncOptions, context: TransferContext) {
    this.source = source;
    this.target = target;
    this.options = options;
    const own = options.move === undefined ? context : { ...context, readsAfresh: true };
    this.context = options.budget === undefined ? own : withSignal(own, options.budget.signal);
    this.#stopWith(context.stopsSoon);
  }

  /** Failures of single entries so far, in the order in which they happened. */
  get errors(): readonly JottashError[] {
    return this.#errors;
  }

  /** Called once, when the run has to stop; at once when it has to already. */
  onStop(callback: (reason: unknown) => void): void {
    if (this.#stopped === undefined) this.#onStop.push(callback);
    else callback(this.#stopped.reason);
  }

  /** The source has an entry for this path of the target: no file may be kept under the name. */
  claim(path: string): void {
    if (this.options.keepAside?.isKept(path)) this.#claimed.add(claimKey(path));
  }

  isClaimed(path: string): boolean {
    return this.#claimed.has(claimKey(path));
  }

  throwIfStopped(): void {
    this.context.retryContext.signal?.throwIfAborted();
    if (this.#stopped !== undefined) throw this.#stopped.reason;
  }

  /** Keeps a failure for the end of the run; what makes going on pointless is thrown, and ends it at once. */
  collect(path: string, error: unknown): void {
    // After a stop, what breaks off is the stop, whatever it looks like.
    this.throwIfStopped();
    const failure = toJottashError(error);
    if (isFatal(failure)) throw failure;
    this.#errors.push(failure);
    this.context.emit({ type: "failed", path, error: failure });
  }

  /** Runs parts of the work side by side. The first that throws stops the others; it is thrown when all have ended. */
  async sideBySide(parts: readonly (() => Promise<void>)[]): Promise<void> {
    await Promise.all(parts.map((part) => part().catch((error) => this.#stop(error))));
    if (this.#stopped !== undefined) throw toJottashError(this.#stopped.reason);
  }

  #stopWith(signal: AbortSignal | undefined): void {
    if (signal?.aborted) this.#stop(signal.reason);
    else signal?.addEventListener("abort", () => this.#stop(signal.reason), { once: true });
  }

  #stop(reason: unknown): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = { reason };
    for (const callback of this.#onStop) callback(reason);
  }
}

/** Where a name may be taken for another one, it is. */
function claimKey(path: string): string {
  return nfcKey(foldName(path));
}

/** Ends the run, for it would be the failure of all that follow. */
export function isFatal(error: JottashError): boolean {
  return error instanceof CancelledError || error instanceof AuthError || error instanceof LimitError;
}

function withSignal(context: TransferContext, signal: AbortSignal): TransferContext {
  const { retryContext } = context;
  const joined = retryContext.signal === undefined ? signal : AbortSignal.any([retryContext.signal, signal]);
  return { ...context, retryContext: { ...retryContext, signal: joined } };
}

/** As `Promise.all`, but no work is left under way when it rejects. */
export async function both<T>(first: Promise<T>, second: Promise<T>): Promise<readonly [T, T]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
