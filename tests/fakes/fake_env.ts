/** Environment variables that a test chooses. */
import type { Env } from "../../lib/edges.ts";

export function fakeEnv(variables: Readonly<Record<string, string>> = {}): Env {
  return { get: (name) => variables[name], names: () => Object.keys(variables) };
}
