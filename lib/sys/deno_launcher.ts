/**
 * Other programs of this machine, started without a shell.
 *
 * A program is over when it has ended itself, not when its output has: something that it left behind (an agent, a
 * server) may hold the pipes open for days.
 */
import type { Launcher, ProgramRequest, ProgramResult } from "../edges.ts";
import { LocalError } from "../errors.ts";
import { browsersOf } from "./browsers.ts";

const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Output that is still on its way when its program ends arrives within this silence. */
const LAST_SILENCE_MS = 1_000;
/** What is ours may hold passwords and tokens: a browser, which lives on, gets none of it. */
const OWN_VARIABLES = /^(?:JOTTASH|RCLONE)_/i;

export function createDenoLauncher(): Launcher {
  return { run, openBrowser };
}

async function run(request: ProgramRequest): Promise<ProgramResult> {
  const { words: [program, ...args], stdin, timeoutMs, signal, isApart = false, hiddenVariables = [] } =
    request;
  signal?.throwIfAborted();
  const child = spawn(program, {
    args,
    env: Object.fromEntries(hiddenVariables.map((name) => [name, ""])),
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    detached: isApart,
  });
  let isLate = false;
  const end = () => endQuietly(child, { withGroup: isApart });
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  signal?.addEventListener("abort", end, { once: true });
  const outputs = [new Output(child.stdout), new Output(child.stderr)] as const;
  const input = stdin === undefined ? undefined : feed(child.stdin, stdin);
  try {
    const { code } = await child.status;
    signal?.throwIfAborted();
    if (isLate) throw tooLate(program, timeoutMs);
    const [stdout, stderr] = await Promise.all(outputs.map((output) => output.text()));
    return { status: code, stdout: stdout ?? "", stderr: stderr ?? "" };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    for (const output of outputs) output.letGo();
    input?.letGo();
  }
}

function tooLate(program: string, timeoutMs: number): LocalError {
  return new LocalError(`Cannot run "${program}": it took longer than ${timeoutMs / 1000} s`, {
    data: { program },
  });
}

function spawn(program: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(program, options).spawn();
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound;
    throw new LocalError(
      `Cannot run "${program}": ${isMissing ? "there is no such program" : "the system cannot start it"}`,
      { cause: error, data: { program } },
    );
  }
}

/** Only the program itself is ours to end, and what it started where it has a group of its own. */
function endQuietly(child: Deno.ChildProcess, { withGroup }: { readonly withGroup: boolean }): void {
  try {
    if (withGroup && Deno.build.os !== "windows") Deno.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Reads to the end, so that the program is not held up, and keeps the beginning. */
class Output {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #decoder = new TextDecoder();
  #text = "";
  #keptBytes = 0;
  #chunks = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    this.#reading = this.#read().catch(() => {});
  }

  /** What has come when the stream ends, or when nothing more comes from a program that has ended. */
  async text(): Promise<string> {
    for (let seen = -1; seen !== this.#chunks;) {
      seen = this.#chunks;
      if (await isDoneWithin(this.#reading, LAST_SILENCE_MS)) break;
    }
    return this.#text + this.#decoder.decode();
  }

  letGo(): void {
    this.#reader.cancel().catch(() => {});
  }

  async #read(): Promise<void> {
    for (let next = await this.#reader.read(); next.value !== undefined; next = await this.#reader.read()) {
      const wanted = next.value.subarray(0, Math.max(0, MAX_OUTPUT_BYTES - this.#keptBytes));
      this.#chunks++;
      this.#keptBytes += wanted.length;
      this.#text += this.#decoder.decode(wanted, { stream: true });
    }
  }
}

async function isDoneWithin(work: Promise<void>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A program that does not read its input, or not all of it, closes it early: that is its business. */
function feed(stream: WritableStream<Uint8Array>, text: string): { letGo(): void } {
  const writer = stream.getWriter();
  writer.write(new TextEncoder().encode(text)).then(() => writer.close()).catch(() => {});
  return { letGo: () => void writer.abort().catch(() => {}) };
}

/** Resolves at once: the browser goes on by itself, in a session of its own that a Ctrl-C here does not reach. */
function openBrowser(url: string): Promise<boolean> {
  return Promise.resolve(isWebAddress(url) && browsersOf(Deno.build.os, Deno.env).some(starts));

  function starts([program, ...args]: readonly [string, ...string[]]): boolean {
    try {
      spawn(program, {
        args: [...args, url],
        clearEnv: true,
        env: withoutOwn(Deno.env.toObject()),
        stdin: "null",
        stdout: "null",
        stderr: "null",
        detached: true,
      }).unref();
      return true;
    } catch {
      return false;
    }
  }
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}

function withoutOwn(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !OWN_VARIABLES.test(name)));
}
