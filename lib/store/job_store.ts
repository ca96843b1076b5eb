/**
 * Jobs of this user on this machine: a journal for each, `ID.jsonl`, and a lock beside it that whoever works on the job
 * holds. The system drops the lock when its holder dies, so a job without an end and without a holder was interrupted.
 */
import type { Clock, Env, FileSystem, Platform, Random } from "../edges.ts";
import { ConflictError, FileNotFoundError, JottashError, LockedError } from "../errors.ts";
import { type Job, jobOf } from "./job.ts";
import type { JobRecord } from "./job_record.ts";
import { Journal, readJournal } from "./journal.ts";
import { acquireLock } from "./lock_file.ts";
import { stateDirectory } from "./state_directory.ts";

const ENDING = ".jsonl";
/** No vowels and nothing that looks like something else: such a word is typed easily and means nothing. */
const ID_LETTERS = "bcdfghjkmnpqrstvwxyz";
const ID_LENGTH = 4;
const ID_PATTERN = /^[a-z0-9]{1,32}$/;
const MOST_TRIES = 20;
/** Who only looks holds a lock for a moment. */
const LOOK_MS = 500;

const DAY_MS = 24 * 3_600_000;
const KEPT_DONE = { count: 100, ageMs: 30 * DAY_MS } as const;
const KEPT_OTHERS = { count: 300, ageMs: 90 * DAY_MS } as const;
/** Journals that are read for that: the start of a run is no time for more. */
const MOST_LOOKS = 20;

export interface JobStoreContext {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Env;
  readonly platform: Pick<Platform, "os">;
}

/** A job that this process works on: nobody else does. Disposing it gives it back. */
export interface HeldJob extends AsyncDisposable {
  readonly id: string;
  readonly journal: Journal;
  /** How it stood when it was taken. */
  readonly job: Job;
}

export class JobStore {
  readonly #context: JobStoreContext;
  readonly #directory: string;
  readonly #separator: string;

  /** Throws `ConfigError` when the environment names no home directory. */
  constructor(context: JobStoreContext) {
    const { env, platform: { os } } = context;
    this.#context = context;
    this.#separator = os === "windows" ? "\\" : "/";
    this.#directory = `${stateDirectory(env, os)}${this.#separator}jobs`;
  }

  /** A new job, which this process works on. Throws `LocalError` when it cannot be recorded. */
  async begin(record: Extract<JobRecord, { event: "begun" }>): Promise<HeldJob> {
    const { fileSystem } = this.#context;
    for (let tries = 1;; tries++) {
      const id = this.#newId();
      const lock = await this.#lock(id, 0);
      try {
        const journal = await Journal.create(fileSystem, this.#pathOf(id));
        journal.add(record);
        await journal.settle();
        const job = jobOf(id, { values: [record], damagedLines: 0 }, { isLocked: true });
        return held({ id, journal, job }, lock);
      } catch (error) {
        lock[Symbol.dispose]();
        if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
      }
    }
  }

  /** Takes a job to go on with it. Throws `LockedError` while another process works on it, and what `find` throws. */
  async take(id: string): Promise<HeldJob> {
    const lock = await this.#lock(id, LOOK_MS);
    try {
      const content = await this.#read(id);
      const job = jobOf(id, content, { isLocked: false });
      const journal = await Journal.continueAfter(this.#context.fileSystem, this.#pathOf(id), content);
      return held({ id, journal, job }, lock);
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** All jobs, the newest first. What cannot be read is left out. */
  async list(): Promise<Job[]> {
    const jobs: Job[] = [];
    for (const id of await this.#ids()) {
      const job = await this.#look(id).catch((error) => {
        if (error instanceof JottashError) return undefined;
        throw error;
      });
      if (job !== undefined) jobs.push(job);
    }
    return jobs.sort((a, b) => b.begunAtMs - a.begunAtMs || (a.id < b.id ? -1 : 1));
  }

  /** The job of this name, or the only one whose name begins so. Throws `FileNotFoundError`, `ConflictError`. */
  async find(typed: string): Promise<Job> {
    const ids = await this.#ids();
    const [id, other] = ids.includes(typed) ? [typed] : ids.filter((each) => each.startsWith(typed));
    if (id === undefined || typed === "") throw noSuchJob(typed);
    if (other !== undefined) {
      throw new ConflictError(`Cannot tell which job "${typed}" is: several begin so`, {
        hint: "All are listed by: jottash jobs",
      });
    }
    return await this.#look(id);
  }

  /** Forgets a job. Throws `LockedError` while a process works on it. */
  async forget(id: string): Promise<void> {
    const { fileSystem } = this.#context;
    const lock = await this.#lock(id, LOOK_MS);
    try {
      await fileSystem.remove(this.#pathOf(id));
    } finally {
      lock[Symbol.dispose]();
    }
    // Whoever waited for the lock finds no journal.
    await fileSystem.remove(`${this.#pathOf(id)}.lock`).catch(() => {});
  }

  /** Forgets what is old: what is done sooner, what is not done later. Never fails. */
  async forgetOld(): Promise<void> {
    try {
      const nowMs = this.#context.clock.now();
      const aged = (await this.#byAge()).map(({ id, atMs }, index) => ({ id, index, ageMs: nowMs - atMs }));
      const old = aged.filter((each) => isBeyond(each, KEPT_DONE)).slice(-MOST_LOOKS);
      for (const each of old) {
        const { id, state } = await this.#look(each.id);
        const isOld = state === "done" || state !== "running" && isBeyond(each, KEPT_OTHERS);
        if (isOld) await this.forget(id);
      }
    } catch (error) {
      if (!(error instanceof JottashError)) throw error;
    }
  }

  async #look(id: string): Promise<Job> {
    const job = jobOf(id, await this.#read(id), { isLocked: false });
    // Only one without an end may be running, or one that goes on after it.
    if (job.state === "done") return job;
    const lock = await this.#lock(id, 0).catch((error) => {
      if (error instanceof LockedError) return undefined;
      throw error;
    });
    lock?.[Symbol.dispose]();
    return lock === undefined ? { ...job, state: "running" } : job;
  }

  async #read(id: string) {
    try {
      return await readJournal(this.#context.fileSystem, this.#pathOf(id));
    } catch (error) {
      throw error instanceof FileNotFoundError ? noSuchJob(id) : error;
    }
  }

  async #lock(id: string, timeoutMs: number): Promise<Disposable> {
    try {
      return await acquireLock(this.#context, this.#pathOf(id), { timeoutMs });
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      throw new LockedError(`Cannot take the job "${id}": another process works on it`, {
        hint: "Wait until it has finished; how far it is shows: jottash jobs",
        cause: error,
      });
    }
  }

  async #ids(): Promise<string[]> {
    try {
      const items = await this.#context.fileSystem.readDirectory(this.#directory);
      return items.filter(({ name, kind }) => kind === "file" && name.endsWith(ENDING))
        .map(({ name }) => name.slice(0, -ENDING.length))
        .filter((id) => ID_PATTERN.test(id))
        .sort();
    } catch (error) {
      if (error instanceof FileNotFoundError) return [];
      throw error;
    }
  }

  /** The last changed first. */
  async #byAge(): Promise<{ readonly id: string; readonly atMs: number }[]> {
    const aged: { readonly id: string; readonly atMs: number }[] = [];
    for (const id of await this.#ids()) {
      const { modifiedAtMs } = await this.#context.fileSystem.stat(this.#pathOf(id));
      aged.push({ id, atMs: modifiedAtMs });
    }
    return aged.sort((a, b) => b.atMs - a.atMs);
  }

  #newId(): string {
    const letter = () => ID_LETTERS[Math.floor(this.#context.random.next() * ID_LETTERS.length)] ?? "b";
    return Array.from({ length: ID_LENGTH }, letter).join("");
  }

  #pathOf(id: string): string {
    return `${this.#directory}${this.#separator}${id}${ENDING}`;
  }
}

/** `index` counts from the last changed on. */
function isBeyond(
  { index, ageMs }: { readonly index: number; readonly ageMs: number },
  kept: { readonly count: number; readonly ageMs: number },
): boolean {
  return index >= kept.count || ageMs > kept.ageMs;
}

function held(parts: Pick<HeldJob, "id" | "journal" | "job">, lock: Disposable): HeldJob {
  return {
    ...parts,
    [Symbol.asyncDispose]: async () => {
      await parts.journal[Symbol.asyncDispose]();
      lock[Symbol.dispose]();
    },
  };
}

function noSuchJob(typed: string): FileNotFoundError {
  return new FileNotFoundError(`Cannot find the job "${typed}": there is no such job`, {
    hint: "All are listed by: jottash jobs",
  });
}
