/** Programs that do what a test says, and a browser that keeps what it was to open. */
import type { Launcher, ProgramRequest, ProgramResult } from "../../lib/edges.ts";
import { LocalError } from "../../lib/errors.ts";

type Answer =
  | Partial<ProgramResult>
  | ((request: ProgramRequest) => Partial<ProgramResult> | Promise<Partial<ProgramResult>>);

export class ScriptedLauncher implements Launcher {
  readonly requests: ProgramRequest[] = [];
  readonly opened: string[] = [];
  /** By the program's name; others cannot be started. */
  readonly programs = new Map<string, Answer>();
  hasBrowser = false;
  /** Runs when a page is opened. */
  onOpen: (url: string) => void = () => {};

  async run(request: ProgramRequest): Promise<ProgramResult> {
    this.requests.push(request);
    const [program] = request.words;
    const answer = this.programs.get(program);
    if (answer === undefined) throw new LocalError(`Cannot run "${program}": there is no such program`);
    const result = typeof answer === "function" ? await answer(request) : answer;
    return { status: 0, stdout: "", stderr: "", ...result };
  }

  openBrowser(url: string): Promise<boolean> {
    if (this.hasBrowser) {
      this.opened.push(url);
      this.onOpen(url);
    }
    return Promise.resolve(this.hasBrowser);
  }
}
