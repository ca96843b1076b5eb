/**
 * A lock between processes: an operating system lock on `<path>.lock`, which the system drops when its holder
 * dies, so a lock can never be stale. The lock file itself stays: removing it would let two processes lock two
 * different files of the same name.
 *
 * Whether such a lock also keeps two holders in one process apart depends on the platform, so holders in this
 * process are kept apart here. The record hangs on the FileSystem object, which stands for the process: it is
 * shared by every context of a process, and only by those.
 */
import type { Clock, FileSystem, Random } from "../edges.ts";
import { LockedError } from "../errors.ts";
import { parentDirectory } from "./atomic_file.ts";

/** Longer than any holder needs: two token requests in a row that wait 30 s each for a silent service included. */
const DEFAULT_TIMEOUT_MS = 90_000;
/** Short against a token request (some 100 ms), long against the work of asking. */
const POLL_MS = 25;
const OWNER_ONLY_DIRECTORY = 0o700;

const heldHere = new WeakMap<FileSystem, Set<string>>();

export interface LockContext {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
}

export interface LockOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves with the lock that goes with the file `path`; disposing gives it back, and doing so twice is safe. Not
 * reentrant. Throws `LockedError` when another holder keeps it beyond the timeout, `LocalError` when the lock
 * file cannot be made.
 */
export async function acquireLock(
  context: LockContext,
  path: string,
  options: LockOptions = {},
): Promise<Disposable> {
  const { fileSystem, clock, random } = context;
  const lockPath = `${path}.lock`;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  await fileSystem.makeDirectory(parentDirectory(lockPath), { mode: OWNER_ONLY_DIRECTORY });
  // Counted in pauses: a clock that is set, or a laptop that wakes up, would end the wait at once, or never.
  for (let waitedMs = 0;;) {
    options.signal?.throwIfAborted();
    const lock = await tryAcquire(fileSystem, lockPath);
    if (lock !== undefined) return lock;
    if (waitedMs >= timeoutMs) {
      throw new LockedError(`Cannot lock "${path}": another process has held the lock for ${timeoutMs} ms`, {
        hint: "Wait until the other jottash has finished, or look for one that hangs",
        data: { path, lockPath, timeoutMs },
      });
    }
    // Jitter, so that waiting processes do not ask in step.
    const pollMs = Math.min(POLL_MS * (1 + 2 * random.next()), timeoutMs - waitedMs);
    await clock.sleep(pollMs, { signal: options.signal });
    waitedMs += pollMs;
  }
}

async function tryAcquire(fileSystem: FileSystem, lockPath: string): Promise<Disposable | undefined> {
  const held = heldHere.get(fileSystem) ?? new Set<string>();
  heldHere.set(fileSystem, held);
  if (held.has(lockPath)) return undefined;
  // Taken before the wait for the system, so that a second caller here does not get in between.
  held.add(lockPath);
  let lock: Disposable | undefined;
  try {
    lock = await fileSystem.tryLock(lockPath);
  } finally {
    if (lock === undefined) held.delete(lockPath);
  }
  if (lock === undefined) return undefined;
  const systemLock = lock;
  let isHeld = true;
  return {
    [Symbol.dispose]: () => {
      if (!isHeld) return;
      isHeld = false;
      held.delete(lockPath);
      systemLock[Symbol.dispose]();
    },
  };
}
