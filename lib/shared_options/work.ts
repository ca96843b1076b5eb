/** How a run works: how wide, how often it tries, whether it does anything at all. */
import { toggle, whole } from "../options.ts";

export const WORK_OPTIONS = {
  dryRun: toggle({ flag: "dry-run", short: "n", help: "Say what would be done, change nothing" }),
  transfers: whole({ flag: "transfers", default: 4, min: 1, max: 64, help: "Files copied at the same time" }),
  checkers: whole({ flag: "checkers", default: 8, min: 1, max: 64, help: "Folders read at the same time" }),
  lowLevelRetries: whole({
    flag: "low-level-retries",
    default: 8,
    min: 1,
    max: 1_000,
    help: "Tries of a request that meets a passing failure",
  }),
} as const;
