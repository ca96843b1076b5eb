/** A child process whose output is kept, and can be waited for while it comes. */

/** A run that takes longer hangs. */
const DEADLINE_MS = 60_000;

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on; what it says can be waited for. */
export class RunningProgram {
  readonly #child: Deno.ChildProcess;
  readonly #finished: Promise<RunResult>;
  readonly #waiting = new Set<() => void>();
  stdout = "";
  stderr = "";

  constructor(
    child: Deno.ChildProcess,
    writing: Promise<void>,
    check: (result: RunResult) => Promise<void>,
    deadlineMs: number = DEADLINE_MS,
  ) {
    this.#child = child;
    const collecting = [
      this.#collect(child.stdout, (text) => this.stdout += text),
      this.#collect(child.stderr, (text) => this.stderr += text),
    ];
    this.#finished = (async () => {
      const deadline = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
      const [{ code }] = await Promise.all([child.status, writing, ...collecting]);
      clearTimeout(deadline);
      const result = { status: code, stdout: this.stdout, stderr: this.stderr };
      await check(result);
      return result;
    })();
    this.#finished.catch(() => {}).finally(() => this.#wake());
  }

  kill(signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL"): void {
    this.#child.kill(signal);
  }

  result(): Promise<RunResult> {
    return this.#finished;
  }

  /** Resolves as soon as `isReached` holds; looks whenever the program has said something, and now and then. */
  async until(isReached: () => boolean): Promise<void> {
    let isOver = false;
    this.#finished.finally(() => isOver = true).catch(() => {});
    while (!isReached()) {
      if (isOver) throw new Error(`the program has ended: ${this.stderr}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, 10);
        const waiting = this.#waiting;
        function done() {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
      this.#wake();
    }
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
