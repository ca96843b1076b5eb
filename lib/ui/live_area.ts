/**
 * The lines at the bottom of a terminal that are drawn over again and again, and the one way to stderr while they
 * are there: other text goes above them in the same write, so that nothing tears.
 */
import type { Terminal } from "../edges.ts";
import { displayWidth } from "./width.ts";

const ERASE_LINE = "\x1b[K";
const ERASE_BELOW = "\x1b[J";
/**
 * Lines drawn are cut at the edge and not wrapped: a terminal may be narrower already than it tells (tmux tells up to
 * 250 ms late), or draw a letter wider than counted.
 */
const WRAP_OFF = "\x1b[?7l";
const WRAP_ON = "\x1b[?7h";

/** Where messages are written; each text is one or more whole lines. */
export interface MessageSink {
  write(text: string): void;
}

export class LiveArea implements MessageSink {
  readonly #terminal: Terminal;
  #wanted: readonly string[] = [];
  #drawn: readonly string[] = [];
  #hiders = 0;
  #isOver = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Replaces what is drawn. Each line has to be narrower than the terminal. */
  draw(lines: readonly string[]): void {
    if (this.#isOver) return;
    this.#wanted = lines;
    if (this.#hiders === 0) this.#paint("");
  }

  /** Writes `text` (whole lines) above what is drawn. */
  write(text: string): void {
    if (this.#drawn.length === 0) this.#terminal.writeStderr(text);
    else this.#paint(text);
  }

  /** Takes the lines away, so that only what was written above stays. */
  clear(): void {
    this.draw([]);
  }

  /** The same for good, whoever still draws: the program ends. */
  end(): void {
    this.clear();
    this.#isOver = true;
  }

  /** Runs `work` while nothing is drawn: it writes to the same terminal by another way. */
  async hideWhile<T>(work: () => Promise<T>): Promise<T> {
    if (this.#hiders++ === 0) {
      this.#erase();
    }
    try {
      return await work();
    } finally {
      this.#hiders--;
      if (this.#hiders === 0 && this.#wanted.length > 0) this.#paint("");
    }
  }

  #paint(above: string): void {
    if (this.#wanted.length === 0 && above === "") return this.#erase();
    // Text above may wrap anywhere: what it is written over goes first. Redrawn lines are erased one by one, just
    // before they are written, and not after: that would take the last letter of a line that is full.
    const start = this.#home() + (above === "" ? "" : ERASE_BELOW + above);
    const lines = this.#wanted.map((line) => ERASE_LINE + line).join("\n");
    const view = lines === "" ? "" : WRAP_OFF + lines + WRAP_ON;
    this.#terminal.writeStderr(start + view + (above === "" ? ERASE_BELOW : ""));
    this.#drawn = this.#wanted;
  }

  #erase(): void {
    if (this.#drawn.length === 0) return;
    this.#terminal.writeStderr(this.#home() + ERASE_BELOW);
    this.#drawn = [];
  }

  /** Moves the cursor to the start of the first line drawn. */
  #home(): string {
    if (this.#drawn.length === 0) return "";
    const up = this.#rowsDrawn() - 1;
    return "\r" + (up > 0 ? `\x1b[${up}A` : "");
  }

  /** Rows that the drawn lines take now: a terminal that was made narrower has wrapped them. */
  #rowsDrawn(): number {
    const columns = Math.max(1, this.#terminal.columns());
    return this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
  }
}
