/**
 * A file that messages are appended to. Lines are written in the order in which they come, in the background: whoever
 * says something never waits for the disk.
 */
import type { FileSystem, OpenFile } from "../edges.ts";
import { JottashError, LocalError, toJottashError } from "../errors.ts";
import type { MessageSink } from "./live_area.ts";

/** Others on the machine are not to read the names of files. */
const FILE_MODE = 0o640;

export class LogFile implements MessageSink {
  readonly #file: OpenFile;
  readonly #path: string;
  readonly #encoder = new TextEncoder();
  #pending: string[] = [];
  #writing: Promise<void> | undefined;
  #failure: JottashError | undefined;

  private constructor(file: OpenFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Throws `LocalError` when it cannot be opened for writing. */
  static async open(fileSystem: FileSystem, path: string): Promise<LogFile> {
    const mode = { write: true, create: true, append: true, mode: FILE_MODE };
    try {
      return new LogFile(await fileSystem.open(path, mode), path);
    } catch (error) {
      throw cannotWrite(path, toJottashError(error), "Name another file with --log-file");
    }
  }

  write(text: string): void {
    if (this.#failure !== undefined) return;
    this.#pending.push(text);
    this.#writing ??= this.#write();
  }

  /** All lines are in the file when this resolves, or it says why not. Calling it twice is safe. */
  async close(): Promise<JottashError | undefined> {
    await this.#writing;
    this.#file.close();
    return this.#failure;
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const text = this.#pending.join("");
        this.#pending = [];
        await this.#file.write(this.#encoder.encode(text));
      }
    } catch (error) {
      this.#pending = [];
      this.#failure = cannotWrite(this.#path, toJottashError(error), "What came after that is in no log");
    } finally {
      this.#writing = undefined;
    }
  }
}

function cannotWrite(path: string, cause: JottashError, hint: string): LocalError {
  const state = /: ([^:]+)$/.exec(cause.message)?.[1] ?? cause.message;
  return new LocalError(`Cannot write the log to "${path}": ${state}`, { cause, hint });
}
