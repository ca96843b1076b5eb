/** Reads files in their turn, some at the same time, and notes each before the next one begins. */
import { JottashError } from "../errors.ts";
import { collectable } from "../sync/each_file.ts";
import type { FilePair, VerifyQueue } from "./queue.ts";
import type { Verdict } from "./verify_file.ts";

interface VerifyWork {
  /** Files read at the same time. */
  readonly transfers: number;
  readonly signal?: AbortSignal | undefined;
  /** A failure is that of the one file. */
  readonly verify: (pair: FilePair) => Promise<Verdict>;
  /** What it throws ends the run. */
  readonly note: (pair: FilePair, outcome: Verdict | JottashError) => Promise<void>;
}

/** Throws what makes going on pointless, after the reads that are under way. */
export async function verifyPairs(queue: VerifyQueue, work: VerifyWork): Promise<void> {
  let isOver = false;
  const takeAll = async () => {
    for (let pair = queue.take(); pair !== undefined && !isOver; pair = queue.take()) {
      work.signal?.throwIfAborted();
      await work.note(pair, await outcomeOf(pair, work));
    }
  };
  const stopAll = (error: unknown) => {
    isOver = true;
    throw error;
  };
  const parts = Array.from({ length: work.transfers }, () => takeAll().catch(stopAll));
  const results = await Promise.allSettled(parts);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function outcomeOf(
  pair: FilePair,
  { verify, signal }: VerifyWork,
): Promise<Verdict | JottashError> {
  try {
    return await verify(pair);
  } catch (error) {
    return collectable(error, signal);
  }
}
