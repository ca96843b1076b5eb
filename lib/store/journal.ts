/**
 * A file to which records are only ever added. Writing never holds up whoever records, and never fails for him: after
 * the first failure nothing more is written, and one callback is told.
 */
import type { FileSystem, OpenFile } from "../edges.ts";
import { type JottashError, LocalError, toJottashError } from "../errors.ts";
import { type JournalContent, journalLine, readJournalLines } from "./journal_line.ts";

const OWNER_ONLY_FILE = 0o600;
/** No journal of ours comes near; a file that is longer is none. */
const MAX_JOURNAL_BYTES = 64 * 1024 * 1024;
const encoder = new TextEncoder();

export class Journal implements AsyncDisposable {
  readonly #file: OpenFile;
  #pending: string[] = [];
  #work: Promise<void> = Promise.resolve();
  #isScheduled = false;
  #failure: JottashError | undefined;
  /** Called once, with why nothing more is recorded. */
  onFailure: (error: JottashError) => void = () => {};

  private constructor(file: OpenFile) {
    this.#file = file;
  }

  /** A new one, for its owner alone. Throws `ConflictError` when there is such a file, `LocalError`. */
  static async create(fileSystem: FileSystem, path: string): Promise<Journal> {
    const mode = { write: true, append: true, createNew: true, mode: OWNER_ONLY_FILE };
    return new Journal(await fileSystem.open(path, mode));
  }

  /** Goes on with one, behind the last whole line. Only for who holds its lock. Throws `LocalError`. */
  static async continueAfter(
    fileSystem: FileSystem,
    path: string,
    { wholeBytes }: Pick<JournalContent, "wholeBytes">,
  ): Promise<Journal> {
    const file = await fileSystem.open(path, { write: true, append: true });
    try {
      if ((await file.stat()).size > wholeBytes) await file.truncate(wholeBytes);
    } catch (error) {
      file.close();
      throw error;
    }
    return new Journal(file);
  }

  /** Records a value; it is written soon. */
  add(value: unknown): void {
    if (this.#failure !== undefined) return;
    this.#pending.push(journalLine(value));
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#enqueue(() => this.#write());
  }

  /** Resolves when all that was recorded is on the disk, or cannot be. */
  async settle(): Promise<void> {
    this.#enqueue(() => this.#file.sync());
    await this.#work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#work;
    this.#failure ??= new LocalError("Cannot record any more: the journal is closed");
    this.#file.close();
  }

  async #write(): Promise<void> {
    this.#isScheduled = false;
    const text = this.#pending.join("");
    this.#pending = [];
    await this.#file.write(encoder.encode(text));
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#failure === undefined) await step();
    }).catch((error) => {
      this.#pending = [];
      this.#failure = toJottashError(error);
      this.onFailure(this.#failure);
    });
  }
}

/** Throws `FileNotFoundError`, `LocalError`; also for a file that is too long to be a journal. */
export async function readJournal(fileSystem: FileSystem, path: string): Promise<JournalContent> {
  using file = await fileSystem.open(path, { read: true });
  const { size } = await file.stat();
  if (size > MAX_JOURNAL_BYTES) {
    throw new LocalError(`Cannot read "${path}": it is longer than any journal`, { data: { path, size } });
  }
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return readJournalLines(bytes.subarray(0, length));
}
