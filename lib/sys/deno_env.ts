/** The environment variables of this process. */
import type { Env } from "../edges.ts";
import { UsageError } from "../errors.ts";

export function createDenoEnv(): Env {
  return { get: read, names: () => Object.keys(Deno.env.toObject()) };
}

function read(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.InvalidData)) throw error;
    // Without the cause, which shows the value.
    throw new UsageError(`Cannot read the environment variable ${name}: it is not UTF-8 text`);
  }
}
