/** Runs the executable and watches how much memory it takes. */
import type { Environment } from "../e2e/environment.ts";

export interface MeasuredRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Largest resident size seen; undefined where the system does not tell. */
  readonly peakMiB: number | undefined;
}

const LOOK_MS = 50;

export async function measuredRun(environment: Environment, ...words: string[]): Promise<MeasuredRun> {
  const { file, args, env } = await environment.executable();
  const startedAt = performance.now();
  const child = new Deno.Command(file, {
    args: [...args, ...words],
    env,
    clearEnv: true,
    cwd: environment.home,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let peakMiB: number | undefined;
  const looking = setInterval(() => peakMiB = highWaterMiB(child.pid) ?? peakMiB, LOOK_MS);
  try {
    const [status, stdout, stderr] = await Promise.all([
      child.status,
      child.stdout.text(),
      child.stderr.text(),
    ]);
    const seconds = (performance.now() - startedAt) / 1000;
    return { status: status.code, stdout, stderr, seconds, peakMiB };
  } finally {
    clearInterval(looking);
  }
}

/** The kernel keeps the peak: the last look before the end tells that of the whole run. */
function highWaterMiB(pid: number): number | undefined {
  try {
    const kiB = /^VmHWM:\s*(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
    return kiB === undefined ? undefined : Math.round(Number(kiB) / 1024);
  } catch {
    return undefined;
  }
}
