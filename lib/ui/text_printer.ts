/** The printer for people. Lines are gathered into large writes; messages go out at once. */
import type { Terminal } from "../edges.ts";
import type { JottashError } from "../errors.ts";
import type { LiveArea } from "./live_area.ts";
import { Messages, screenFormat } from "./messages.ts";
import type { MessageOptions, Printer } from "./printer.ts";
import { PLAIN_STYLE, type Style } from "./style.ts";
import { visible } from "./visible.ts";

/** Fewer system calls than one per line, yet a reader at the other end of a pipe is never starved for long. */
const FLUSH_AT_LENGTH = 65_536;

export interface TextPrinterOptions {
  /** For messages; plain by default. */
  readonly style?: Style;
  /** What messages go through while a progress view is drawn; straight to stderr by default. */
  readonly area?: LiveArea;
  /** Notices are dropped; errors and warnings stay. */
  readonly quiet?: boolean;
  /** Named at the start of errors and warnings; "jottash" by default. */
  readonly programName?: string;
  /** Where messages go instead of stderr, and how; what is above does not concern them then. */
  readonly messages?: Messages | undefined;
}

export class TextPrinter implements Printer {
  readonly #terminal: Terminal;
  readonly #messages: Messages;
  readonly #area: LiveArea | undefined;
  readonly #encoder = new TextEncoder();
  #pending: string[] = [];
  #pendingLength = 0;
  #lastWrite: Promise<void> = Promise.resolve();
  #isWriting = false;

  constructor(terminal: Terminal, options: TextPrinterOptions = {}) {
    this.#terminal = terminal;
    this.#area = options.area;
    const { style = PLAIN_STYLE, programName = "jottash", quiet = false } = options;
    const stderr = options.area ?? { write: (text: string) => terminal.writeStderr(text) };
    const format = screenFormat(style, programName);
    this.#messages = options.messages ?? new Messages(stderr, { format, level: quiet ? "warn" : "notice" });
  }

  async line(text: string): Promise<void> {
    this.#pending.push(this.#terminal.stdoutIsTerminal ? visible(text) : text, "\n");
    this.#pendingLength += text.length + 1;
    // Whoever watches wants to see lines as they come; what comes during a write goes out with the next.
    const isDue = this.#terminal.stdoutIsTerminal && !this.#isWriting;
    if (isDue || this.#pendingLength >= FLUSH_AT_LENGTH) await this.flush();
  }

  async bytes(chunk: Uint8Array): Promise<void> {
    const text = this.#takePending();
    await this.#enqueue(async () => {
      if (text !== "") await this.#terminal.writeStdout(this.#encoder.encode(text));
      await this.#terminal.writeStdout(chunk);
    });
  }

  async flush(): Promise<void> {
    const text = this.#takePending();
    if (text === "") return await this.#lastWrite;
    await this.#enqueue(() => this.#terminal.writeStdout(this.#encoder.encode(text)));
  }

  error(error: JottashError): void {
    const { message: text, hint, code, data } = error;
    const path = typeof data.path === "string" ? data.path : undefined;
    this.#messages.say({ level: "error", text, hint, code, path });
  }

  warning(message: string, options: MessageOptions = {}): void {
    this.#messages.say({ level: "warn", text: message, ...options });
  }

  notice(message: string, options: MessageOptions = {}): void {
    this.#messages.say({ level: "notice", text: message, ...options });
  }

  #takePending(): string {
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingLength = 0;
    return text;
  }

  /** Writes one after the other; a failed write rejects for its caller and for all that follow. */
  async #enqueue(write: () => Promise<void>): Promise<void> {
    const area = this.#terminal.stdoutIsTerminal ? this.#area : undefined;
    this.#isWriting = true;
    const turn = this.#lastWrite.then(() => area === undefined ? write() : area.hideWhile(write));
    this.#lastWrite = turn;
    try {
      await turn;
    } finally {
      if (this.#lastWrite === turn) this.#isWriting = false;
    }
  }
}
