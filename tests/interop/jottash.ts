/**
 * The program under test as its users run it: main.ts in a process of its own, with its own config file and
 * session.
 */
import { fileURLToPath } from "node:url";
import { mustSucceed, type ProcessResult, runProcess } from "./process.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

export interface JottashOptions {
  /** Is HOME; must exist. */
  readonly home: string;
  /** Its config file. */
  readonly configPath: string;
  /** How it reaches the service: JOTTASH_ENDPOINT, or proxy and certificates for the real host names. */
  readonly env: Readonly<Record<string, string>>;
}

interface JottashRunOptions {
  readonly stdin?: string | Uint8Array;
}

export interface Jottash {
  /** Runs to the end, whatever the status. */
  run(args: readonly string[], options?: JottashRunOptions): Promise<ProcessResult>;
  /** As run(), but a status other than 0 throws with what it said. */
  must(args: readonly string[]): Promise<string>;
}

export function createJottash(options: JottashOptions): Jottash {
  const jottash: Jottash = {
    run(args, { stdin } = {}) {
      return runProcess(Deno.execPath(), {
        args: ["run", "-A", "--quiet", "--cached-only", "--config", CONFIG, MAIN, ...args],
        env: {
          HOME: options.home,
          // The packages come from the caller's cache; nothing else of the caller's home is seen.
          DENO_DIR: denoDirectory(),
          TZ: "UTC",
          JOTTASH_CONFIG: options.configPath,
          ...options.env,
        },
        stdin,
      });
    },
    must: async (args) => mustSucceed(`jottash ${args.join(" ")}`, await jottash.run(args)),
  };
  return jottash;
}

function denoDirectory(): string {
  const { DENO_DIR, XDG_CACHE_HOME, HOME = "" } = Deno.env.toObject();
  return DENO_DIR ?? `${XDG_CACHE_HOME ?? `${HOME}/.cache`}/deno`;
}
