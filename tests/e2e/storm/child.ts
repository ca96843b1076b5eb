/** One run of the real executable that can be killed, known by its process id. */
import type { Environment } from "../environment.ts";

/** A run that takes longer hangs: longer than the lock's own timeout, so that its message is seen. */
const DEADLINE_MS = 120_000;

export interface FinishedChild {
  readonly words: readonly string[];
  readonly pid: number;
  /** 137 after SIGKILL. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** When `kill` was called on the living process. */
  readonly killedAtMs: number | undefined;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A program, with its arguments, that runs the executable in its own place (`setpriv`, `nice`). */
  readonly wrapper?: readonly string[];
}

export class Child {
  readonly pid: number;
  readonly finished: Promise<FinishedChild>;
  readonly #child: Deno.ChildProcess;
  readonly #startedAtMs = Date.now();
  #killedAtMs: number | undefined;
  #isOver = false;

  private constructor(child: Deno.ChildProcess, words: readonly string[]) {
    this.#child = child;
    this.pid = child.pid;
    this.finished = this.#collect(words);
  }

  static async start(
    environment: Environment,
    words: readonly string[],
    { env = {}, wrapper = [] }: ChildOptions = {},
  ): Promise<Child> {
    const executable = await environment.executable(env);
    const [file, ...args] = [...wrapper, executable.file, ...executable.args, ...words];
    const child = new Deno.Command(file ?? executable.file, {
      args,
      env: executable.env,
      clearEnv: true,
      cwd: environment.home,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new Child(child, words);
  }

  /** SIGKILL, as a machine that runs out of memory does it; nothing after the end. */
  kill(): void {
    if (this.#isOver) return;
    try {
      this.#child.kill("SIGKILL");
      this.#killedAtMs = Date.now();
    } catch {
      // It has ended in this very moment.
    }
  }

  async #collect(words: readonly string[]): Promise<FinishedChild> {
    const deadline = setTimeout(() => this.#child.kill("SIGKILL"), DEADLINE_MS);
    const status = this.#child.status.then((status) => {
      this.#isOver = true;
      return status;
    });
    const [{ code }, stdout, stderr] = await Promise.all([
      status,
      this.#child.stdout.text(),
      this.#child.stderr.text(),
    ]);
    clearTimeout(deadline);
    return {
      words,
      pid: this.pid,
      status: code,
      stdout,
      stderr,
      startedAtMs: this.#startedAtMs,
      endedAtMs: Date.now(),
      killedAtMs: this.#killedAtMs,
    };
  }
}
