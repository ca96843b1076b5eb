/** Runs of one command that are killed (as by `kill -9`) one after the other, each somewhat further than the last. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ok } from "node:assert/strict";
import { SeededRandom } from "../fakes/seeded_random.ts";
import type { Environment } from "./environment.ts";
import type { RunResult } from "./running_program.ts";

export interface KilledRuns {
  readonly environment: Environment;
  readonly words: readonly string[];
  /** Bytes of the whole transfer, and how many of them have arrived. */
  readonly size: number;
  readonly arrived: () => number;
  readonly kills: number;
  readonly seed: number;
  /** Called when a run is dead, before the next one begins. */
  readonly afterKill: () => Promise<void>;
  /** Of each run. */
  readonly deadlineMs?: number;
}

/** Kills runs at random places of the transfer; resolves with the result of the last one, which is let go on. */
export async function killedRuns(options: KilledRuns): Promise<RunResult> {
  const { environment, words, size, arrived, kills, seed, afterKill, deadlineMs = 60_000 } = options;
  const random = new SeededRandom(seed);
  const places = Array.from({ length: kills }, () => Math.floor(size * 0.95 * random.next())).sort((a, b) =>
    a - b
  );
  for (const place of places) {
    const child = await environment.start({ deadlineMs }, ...words);
    const before = arrived();
    await child.until(() => arrived() >= place && arrived() > before);
    child.kill("SIGKILL");
    const { status } = await child.result();
    ok(status === 137, `it ended by itself, seed ${seed}`);
    await afterKill();
  }
  return await environment.runWith({ deadlineMs }, ...words);
}

/** Sizes of the unfinished files in a directory. */
export async function unfinishedIn(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => []);
  const unfinished = names.filter((name) => name.startsWith(".jottash-"));
  return await Promise.all(unfinished.map(async (name) => (await stat(join(directory, name))).size));
}

/** The same at once; 0 while there is none. */
export function unfinishedSize(directory: string): number {
  try {
    const [name] = [...Deno.readDirSync(directory)].filter((entry) => entry.name.startsWith(".jottash-"));
    return name === undefined ? 0 : Deno.statSync(join(directory, name.name)).size;
  } catch {
    return 0;
  }
}
