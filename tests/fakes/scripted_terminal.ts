/**
 * A terminal in memory: it is typed at, it keeps what was written, and it knows what a person would see of it
 * (`screen`), as far as the sequences go that jottash writes.
 */
import type { Terminal } from "../../lib/edges.ts";

export interface ScriptedTerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly isInteractive?: boolean;
  readonly stdoutIsTerminal?: boolean;
  readonly stderrIsTerminal?: boolean;
}

export class ScriptedTerminal implements Terminal {
  readonly isInteractive: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Every write, in order, with where it went. */
  readonly writes: { readonly to: "stdout" | "stderr"; readonly text: string }[] = [];
  readonly stdoutChunks: Uint8Array[] = [];
  /** A write to stdout waits for it: a slow reader at the other end. */
  stdoutReady: Promise<void> = Promise.resolve();
  #columns: number;
  #rows: number;
  readonly #stdin: ReadableStream<Uint8Array<ArrayBuffer>>;
  #keys: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;

  /** 80 x 24 and a terminal all round, unless told otherwise. */
  constructor(options: ScriptedTerminalOptions = {}) {
    this.isInteractive = options.isInteractive ?? true;
    this.stdoutIsTerminal = options.stdoutIsTerminal ?? true;
    this.stderrIsTerminal = options.stderrIsTerminal ?? true;
    this.#columns = options.columns ?? 80;
    this.#rows = options.rows ?? 24;
    this.#stdin = new ReadableStream({ start: (controller) => void (this.#keys = controller) });
  }

  get stdout(): string {
    return new TextDecoder().decode(joinChunks(this.stdoutChunks));
  }

  get stderr(): string {
    return this.writes.filter((write) => write.to === "stderr").map((write) => write.text).join("");
  }

  columns(): number {
    return this.#columns;
  }

  rows(): number {
    return this.#rows;
  }

  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
  }

  async writeStdout(bytes: Uint8Array): Promise<void> {
    await this.stdoutReady;
    // The caller may use its buffer again.
    this.stdoutChunks.push(bytes.slice());
    this.writes.push({ to: "stdout", text: new TextDecoder().decode(bytes) });
  }

  writeStderr(text: string): void {
    this.writes.push({ to: "stderr", text });
  }

  hasStdin(): boolean {
    return !this.isInteractive;
  }

  readStdin(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#stdin;
  }

  type(text: string): void {
    this.#keys?.enqueue(new TextEncoder().encode(text));
  }

  /** Ctrl-D on an empty line, or the end of a pipe. */
  endInput(): void {
    this.#keys?.close();
  }

  /** The lines to be seen after all writes, without those below the cursor and spaces at line ends. */
  screen(): string[] {
    return screenOf(
      this.writes.filter((write) => write.to === "stderr" || this.stdoutIsTerminal).map((write) =>
        write.text
      ),
    );
  }
}

/** Runs writes over an endless screen that never wraps: one cell per code point. */
export function screenOf(writes: readonly string[]): string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  // deno-lint-ignore no-control-regex
  for (const [token, count, final] of writes.join("").matchAll(/\x1b\[\??(\d*)([A-Za-z])|./gsu)) {
    const line = lines[row] ??= [];
    if (final === "A") row = Math.max(0, row - Number(count || 1));
    else if (final === "K") line.length = Math.min(line.length, column);
    else if (final === "J") {
      line.length = Math.min(line.length, column);
      lines.length = row + 1;
    } else if (final === "m" || token === "\x1b[?7l" || token === "\x1b[?7h") continue;
    else if (final !== undefined) throw new Error(`unknown sequence ${JSON.stringify(token)}`);
    else if (token === "\r") column = 0;
    else if (token === "\n") [row, column] = [row + 1, 0];
    else line[column++] = token;
  }
  return Array.from(lines, (line) => Array.from(line ?? [], (cell) => cell ?? " ").join("").trimEnd());
}

function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
