/**
 * Work that was found and waits for a transfer. As it comes, it is a bounded queue, so that a walk never runs far ahead.
 * In an order, or held until all is found, it keeps everything that waits.
 */
import { Channel } from "../async/channel.ts";
import type { FileEntry } from "../tree/tree.ts";
import { JobHeap, type Taker } from "./job_heap.ts";
import type { JobOrder } from "./sync_options.ts";

/** Enough that transfers never wait for the walk, few enough to cost nothing. */
const QUEUED_JOBS = 1_000;

export interface QueuedJob {
  /** What it is ordered by. */
  readonly file: FileEntry;
}

export interface JobQueue<Job extends QueuedJob> {
  /** Resolves when there is room for it. Rejects with the reason when the queue has failed. */
  add(job: Job): Promise<void>;
  /** All has been found. */
  close(): void;
  /** Drops what waits; whoever takes or adds rejects with the reason. */
  fail(reason: unknown): void;
  /** The jobs that are this taker's turn, until the queue is closed and empty. */
  jobsFor(taker: Taker): AsyncIterable<Job>;
}

export interface JobQueueOptions {
  readonly order: JobOrder | undefined;
  /** Nothing is handed out before all has been found. */
  readonly isHeld: boolean;
}

export function createJobQueue<Job extends QueuedJob>({ order, isHeld }: JobQueueOptions): JobQueue<Job> {
  if (order === undefined && !isHeld) return new PassingQueue();
  return new WaitingQueue(order ?? AS_FOUND, isHeld);
}

const AS_FOUND: JobOrder = { compare: () => 0, fromOtherEndPercent: 0 };

class PassingQueue<Job extends QueuedJob> implements JobQueue<Job> {
  readonly #channel = new Channel<Job>(QUEUED_JOBS);

  add(job: Job): Promise<void> {
    return this.#channel.send(job);
  }

  close(): void {
    this.#channel.close();
  }

  fail(reason: unknown): void {
    this.#channel.fail(reason);
  }

  jobsFor(): AsyncIterable<Job> {
    return this.#channel;
  }
}

class WaitingQueue<Job extends QueuedJob> implements JobQueue<Job> {
  readonly #heap: JobHeap<Job>;
  readonly #isHeld: boolean;
  readonly #sleeping: (() => void)[] = [];
  #isClosed = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(order: JobOrder, isHeld: boolean) {
    this.#heap = new JobHeap(order, (job) => job.file);
    this.#isHeld = isHeld;
  }

  add(job: Job): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason);
    this.#heap.put(job);
    if (!this.#isHeld) this.#wakeAll();
    return Promise.resolve();
  }

  close(): void {
    this.#isClosed = true;
    this.#wakeAll();
  }

  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#wakeAll();
  }

  async *jobsFor(taker: Taker): AsyncGenerator<Job, void> {
    while (true) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      const job = this.#isHeld && !this.#isClosed ? undefined : this.#heap.take(taker);
      if (job !== undefined) yield job;
      else if (this.#isClosed) return;
      else await new Promise<void>((resolve) => this.#sleeping.push(resolve));
    }
  }

  #wakeAll(): void {
    for (const wake of this.#sleeping.splice(0)) wake();
  }
}
