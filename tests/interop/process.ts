/** Child processes with nothing of the caller's environment but PATH. */

export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly args: readonly string[];
  /** All it gets besides PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array | undefined;
}

/** Runs a program to its end, whatever the status. */
export async function runProcess(path: string, { args, env, stdin }: ProcessOptions): Promise<ProcessResult> {
  const child = new Deno.Command(path, {
    args: [...args],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", ...env },
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (stdin !== undefined) await feed(child.stdin, stdin);
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function feed(
  pipe: WritableStream<Uint8Array<ArrayBuffer>>,
  input: string | Uint8Array,
): Promise<void> {
  const writer = pipe.getWriter();
  await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : Uint8Array.from(input));
  await writer.close();
}

/** Standard output of a run that ended with 0; throws with all it said otherwise. */
export function mustSucceed(command: string, { code, stdout, stderr }: ProcessResult): string {
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${stderr}\n${stdout}`);
  return stdout;
}

/** The lines of an output, without the empty one at its end, sorted. */
export function sortedLines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "").sort();
}
