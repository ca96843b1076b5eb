/** The environment variables of this process. */
import type { Env } from "../edges.ts";

export function createDenoEnv(): Env {
  return { get: (name) => Deno.env.get(name) };
}
