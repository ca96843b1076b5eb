/** What a run says, and how. */
import { counter, duration, toggle } from "../options.ts";

export const DISPLAY_OPTIONS = {
  progress: toggle({
    flag: "progress",
    short: "P",
    help: "Show progress also where there is no terminal: a line now and then",
  }),
  verbose: counter({ flag: "verbose", short: "v", help: "Say more: each file; -vv each request too" }),
  quiet: toggle({ flag: "quiet", short: "q", help: "Say nothing but errors and warnings" }),
  stats: duration({
    flag: "stats",
    default: 5_000,
    minMs: 100,
    help: "Time between two lines of progress (default 5s)",
  }),
  debug: toggle({ flag: "debug", help: "Say each request, and where a failure comes from" }),
} as const;
