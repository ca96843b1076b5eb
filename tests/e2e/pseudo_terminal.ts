/** `jottash` on a real pseudo-terminal: typed at, and looked at as a person would, on a screen of so many cells. */
import { spawn } from "@lydell/node-pty";
import { ok } from "node:assert/strict";
import type { Environment } from "./environment.ts";
import { Screen } from "./screen.ts";

const DEADLINE_MS = 20_000;
const END_DEADLINE_MS = 120_000;

export const ENTER = "\r";
export const DOWN = "\x1b[B";
export const CTRL_C = "\x03";

export class PseudoTerminal implements AsyncDisposable {
  /** All that came, as it came. */
  raw = "";
  readonly screen: Screen;
  readonly #environment: Environment;
  readonly #words: string;
  readonly #process: ReturnType<typeof spawn>;
  readonly #exited: Promise<number>;
  #isOver = false;
  #mark = 0;
  #wake = () => {};

  private constructor(
    environment: Environment,
    words: string,
    process: ReturnType<typeof spawn>,
    screen: Screen,
  ) {
    this.#environment = environment;
    this.#words = words;
    this.#process = process;
    this.screen = screen;
    process.onData((text) => {
      this.raw += text;
      screen.write(text);
      this.#wake();
    });
    this.#exited = new Promise((resolve) =>
      process.onExit(({ exitCode }) => {
        this.#isOver = true;
        this.#wake();
        resolve(exitCode);
      })
    );
  }

  static async start(
    environment: Environment,
    words: readonly string[],
    size: { readonly columns: number; readonly rows: number } = { columns: 80, rows: 24 },
    variables: Readonly<Record<string, string>> = {},
  ): Promise<PseudoTerminal> {
    const { file, args, env } = await environment.executable({
      TERM: "xterm-256color",
      NO_COLOR: "",
      ...variables,
    });
    const started = spawn(file, [...args, ...words], {
      cols: size.columns,
      rows: size.rows,
      cwd: environment.home,
      env: { ...env },
    });
    return new PseudoTerminal(environment, words.join(" "), started, new Screen(size.columns));
  }

  type(text: string): void {
    this.#process.write(text);
  }

  kill(signal: "SIGTERM" | "SIGHUP"): void {
    this.#process.kill(signal);
  }

  /** As a terminal hands on a paste; Enter is still to be pressed. */
  paste(text: string): void {
    this.type(`\x1b[200~${text}\x1b[201~`);
  }

  /** The address shown last on a line of its own, however the screen wraps it. */
  get shownUrl(): string {
    const url = plain(this.raw).match(/^https?:\/\/\S+\?\S+(?=\r?$)/gm)?.at(-1);
    if (url === undefined) throw new Error(`no address on:\n${this.screen.lines().join("\n")}`);
    return url;
  }

  resize(columns: number, rows: number): void {
    this.#process.resize(columns, rows);
    this.screen.columns = columns;
  }

  /** Waits for text that has not been waited for yet. */
  async until(wanted: RegExp): Promise<void> {
    await this.#waitFor(() => {
      const found = wanted.exec(plain(this.raw).slice(this.#mark));
      if (found === null) return false;
      this.#mark += found.index + found[0].length;
      return true;
    }, String(wanted));
  }

  /** Waits for a question, then answers it. */
  async answer(question: RegExp, keys: string): Promise<void> {
    await this.until(question);
    this.type(keys);
  }

  async untilScreen(isReached: (lines: readonly string[]) => boolean): Promise<void> {
    await this.#waitFor(() => isReached(this.screen.lines()), "something on the screen");
  }

  async #waitFor(isReached: () => boolean, wanted: string): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!isReached()) {
      const shown = this.screen.lines().join("\n");
      ok(!this.#isOver, `ended before ${wanted}:\n${shown}`);
      ok(Date.now() < deadline, `no ${wanted} on:\n${shown}`);
      await this.#somethingCame();
    }
  }

  async #somethingCame(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 50);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The status, after all output has come and has been searched for secrets. */
  async exitCode(): Promise<number> {
    const status = await this.#exit();
    await this.#environment.searchForSecrets(this.#words, this.raw);
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#process.kill("SIGKILL");
    await this.#exit();
  }

  /** Nobody waits for ever: a program that asks once more than the test has answers for is ended. */
  async #exit(): Promise<number> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#process.kill("SIGKILL");
      late.reject(new Error(`"${this.#words}" does not end:\n${this.screen.lines().join("\n")}`));
    }, END_DEADLINE_MS);
    try {
      return await Promise.race([this.#exited, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Without escape sequences, one that has not come to its end included. */
export function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-?]*(?:[A-Za-z]|$)|\x1b$/g, "");
}
