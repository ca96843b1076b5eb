/**
 * What has been read when, kept from run to run. A file is noted as soon as it has been read, with one write to the end
 * of the state file, so that a killed run loses none of it; the next run writes the file anew, without what is outdated
 * or torn. One run at a time.
 */
import type { OpenFile } from "../edges.ts";
import { FileNotFoundError, LockedError, UsageError } from "../errors.ts";
import { findLeftovers, removeLeftovers, writeFileAtomically } from "../store/atomic_file.ts";
import { acquireLock, type LockContext } from "../store/lock_file.ts";
import { formatHeader, formatRecord, parseState, type StateSides, type VerifiedRecord } from "./records.ts";

/** A machine that loses power loses no more than this of what was noted. */
const SYNC_MS = 5_000;

interface StateFileOptions extends StateSides {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of lines that could not be read. */
  readonly onDamage: (lines: number) => void;
}

export class StateFile implements AsyncDisposable {
  readonly #context: LockContext;
  readonly #records: Map<string, VerifiedRecord>;
  readonly #file: OpenFile;
  readonly #lock: Disposable;
  readonly #encoder = new TextEncoder();
  #syncedAtMs: number;
  #lastWrite: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(
    context: LockContext,
    { records, file, lock }: {
      readonly records: Map<string, VerifiedRecord>;
      readonly file: OpenFile;
      readonly lock: Disposable;
    },
  ) {
    this.#context = context;
    this.#records = records;
    this.#file = file;
    this.#lock = lock;
    this.#syncedAtMs = context.clock.now();
  }

  /** Throws `UsageError` for the state of other places, `LockedError` while another run has it, `LocalError`. */
  static async open(context: LockContext, path: string, options: StateFileOptions): Promise<StateFile> {
    const lock = await lockOf(context, path, options);
    try {
      const { fileSystem } = context;
      const text = await readIfThere(context, path);
      const { sides, records, damaged, isForeign } = parseState(text);
      requireSame(path, { text, sides, isForeign, wanted: options });
      if (damaged > 0) options.onDamage(damaged);
      const whole = [formatHeader(options), ...Array.from(records.values(), formatRecord)].join("");
      if (whole !== text) await writeFileAtomically(context, path, whole);
      // Of a run that was killed at just that.
      await removeLeftovers(fileSystem, await findLeftovers(fileSystem, path));
      const file = await fileSystem.open(path, { write: true, append: true });
      return new StateFile(context, { records: new Map(records), file, lock });
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  get(path: string): VerifiedRecord | undefined {
    return this.#records.get(path);
  }

  /** Resolves when a run that is killed from now on has noted it. */
  note(record: VerifiedRecord): Promise<void> {
    this.#records.set(record.path, record);
    const written = this.#lastWrite.then(() => this.#write(formatRecord(record)));
    this.#lastWrite = written.catch(() => {}); // its caller knows
    return written;
  }

  async #write(line: string): Promise<void> {
    await this.#file.write(this.#encoder.encode(line));
    const nowMs = this.#context.clock.now();
    if (Math.abs(nowMs - this.#syncedAtMs) < SYNC_MS) return;
    this.#syncedAtMs = nowMs;
    await this.#file.sync();
  }

  /** Safe to call twice. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#lastWrite;
      await this.#file.sync();
    } finally {
      this.#file.close();
      this.#lock[Symbol.dispose]();
    }
  }
}

/** Does not wait: the other run may take days. */
async function lockOf(context: LockContext, path: string, { signal }: StateFileOptions): Promise<Disposable> {
  try {
    return await acquireLock(context, path, { timeoutMs: 0, signal });
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new LockedError(`Cannot use the state file "${path}": another run is at work with it`, {
      cause: error,
      hint: "Wait until it has finished, or give each run a state file of its own",
      data: { path },
    });
  }
}

async function readIfThere({ fileSystem }: LockContext, path: string): Promise<string> {
  try {
    return await fileSystem.readText(path);
  } catch (error) {
    if (error instanceof FileNotFoundError) return "";
    throw error;
  }
}

function requireSame(
  path: string,
  { text, sides, isForeign, wanted }: {
    readonly text: string;
    readonly sides: StateSides | undefined;
    readonly isForeign: boolean;
    readonly wanted: StateSides;
  },
): void {
  const hint = "Give each pair of places a state file of its own";
  if (isForeign) {
    throw new UsageError(`Cannot use the state file "${path}": a later version of jottash wrote it`, {
      hint,
    });
  }
  // A file that is none of ours must not be written over.
  if (sides === undefined && text !== "") {
    throw new UsageError(`Cannot use the state file "${path}": it does not begin as one`, { hint });
  }
  if (sides === undefined) return;
  if (sides.place === wanted.place && sides.reference === wanted.reference) return;
  throw new UsageError(
    `Cannot use the state file "${path}": it is about "${sides.place}" and "${sides.reference}"`,
    { hint },
  );
}
