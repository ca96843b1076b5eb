/** Where the lines of a listing go: standard output, or a file that is there as a whole or not at all. */
import { UsageError } from "../errors.ts";
import type { PendingFile } from "../local/local_tree.ts";
import type { CommandContext } from "./context.ts";

export interface LineOutput extends AsyncDisposable {
  /** One line without its end. */
  line(text: string): Promise<void>;
  /** Puts a file in place; without it, it is as if it had never been begun. */
  finish(): Promise<void>;
}

/** Enough lines for one write to the disk. */
const FLUSH_AT_LENGTH = 65_536;

export interface LineOutputOptions {
  /** The lines may drive a terminal: what comes from elsewhere in them is safe to show already. */
  readonly mayDrive?: boolean;
}

/** Opens the file at `path`, or standard output where there is none. Throws `UsageError` for a remote. */
export async function openLineOutput(
  context: CommandContext,
  path: string | undefined,
  { mayDrive = false }: LineOutputOptions = {},
): Promise<LineOutput> {
  if (path === undefined) {
    const { printer } = context;
    const encoder = new TextEncoder();
    return {
      line: (text) => mayDrive ? printer.bytes(encoder.encode(`${text}\n`)) : printer.line(text),
      finish: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const { tree, name } = await context.parentOf(path);
  if (tree.side !== "local") {
    throw new UsageError(`Cannot write to "${context.labelOf(path)}": it is not a file of this machine`, {
      hint: 'Write to a file here and copy it with "jottash copy"',
    });
  }
  return new FileOutput(context, await tree.beginWrite(name, 0, { signal: context.signal }));
}

class FileOutput implements LineOutput {
  readonly #context: CommandContext;
  readonly #file: PendingFile;
  readonly #encoder = new TextEncoder();
  #pending: string[] = [];
  #pendingLength = 0;

  constructor(context: CommandContext, file: PendingFile) {
    this.#context = context;
    this.#file = file;
  }

  async line(text: string): Promise<void> {
    this.#pending.push(text, "\n");
    this.#pendingLength += text.length + 1;
    if (this.#pendingLength >= FLUSH_AT_LENGTH) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#file.commit({ modifiedAtMs: this.#context.clock.now() });
  }

  async #flush(): Promise<void> {
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingLength = 0;
    if (text !== "") await this.#file.write(this.#encoder.encode(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}
