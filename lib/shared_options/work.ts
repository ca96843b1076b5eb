/** How a run works: how wide, how often it tries, whether it does anything at all. */
import { duration, toggle, whole } from "../options.ts";

export const WORK_OPTIONS = {
  dryRun: toggle({ flag: "dry-run", short: "n", help: "Say what would be done, change nothing" }),
  transfers: whole({
    flag: "transfers",
    default: 4,
    min: 1,
    max: 1_000,
    help: "Files copied at the same time",
  }),
  checkers: whole({
    flag: "checkers",
    default: 8,
    min: 1,
    max: 1_000,
    help: "Folders read at the same time",
  }),
  retries: whole({
    flag: "retries",
    default: 3,
    min: 1,
    max: 1_000,
    help: "Tries of a run in which something fails that may pass",
  }),
  retriesSleep: duration({
    flag: "retries-sleep",
    isRare: true,
    default: 0,
    minMs: 0,
    help: "Wait before a run is tried again (default 0s)",
  }),
  lowLevelRetries: whole({
    flag: "low-level-retries",
    isRare: true,
    default: 8,
    min: 1,
    max: 1_000,
    help: "Tries of a request that meets a passing failure",
  }),
} as const;
