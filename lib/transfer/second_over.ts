/** When a file of this machine may be read, so that a later run cannot overlook a change of it. */
import type { FileEntry } from "../tree/tree.ts";
import type { TransferContext } from "./context.ts";

/** Disks take their time from a clock that lags by up to one tick (10 ms). */
const DISK_CLOCK_LAG_MS = 20;

/**
 * Times are compared by whole seconds. Were a file read within the second of its time, and then changed once more
 * within that second at the same size, no later run would notice: it is read when that second is over.
 */
export async function untilSecondIsOver(file: FileEntry, { retryContext }: TransferContext): Promise<void> {
  const { clock, signal } = retryContext;
  const overAtMs = (Math.floor((file.modifiedAtMs ?? 0) / 1000) + 1) * 1000 + DISK_CLOCK_LAG_MS;
  const restMs = overAtMs - clock.now();
  // A time in the future is not waited for.
  if (restMs > 0 && restMs <= 1000 + DISK_CLOCK_LAG_MS) await clock.sleep(restMs, { signal });
}
