/** What a run says, and how. */
import { UsageError } from "../errors.ts";
import type { LogLevel } from "../log.ts";
import { counter, duration, type OptionDefinition, text, toggle } from "../options.ts";

/** rclone's names of levels. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  ERROR: "error",
  NOTICE: "notice",
  INFO: "info",
  DEBUG: "debug",
};

export const DISPLAY_OPTIONS = {
  progress: toggle({
    flag: "progress",
    short: "P",
    help: "Show progress also where there is no terminal: a line now and then",
  }),
  verbose: counter({ flag: "verbose", short: "v", help: "Say more: each file; -vv each request too" }),
  quiet: toggle({ flag: "quiet", short: "q", help: "Say nothing but errors and warnings" }),
  stats: {
    ...duration({
      flag: "stats",
      default: 0,
      minMs: 0,
      help: "Print a line of progress so often (with --progress 5s; 0 never)",
    }),
    isRare: true,
    default: undefined,
  } as OptionDefinition<number | undefined>,
  statsOneLine: toggle({
    flag: "stats-one-line",
    isRare: true,
    help: "One line of progress on a terminal too, without those of single files",
  }),
  logLevel: {
    flag: "log-level",
    isRare: true,
    valueName: "LEVEL",
    default: undefined,
    help: "What is said: ERROR, NOTICE, INFO (-v), DEBUG (-vv) (default NOTICE)",
    parse: (value) => {
      const level = LEVELS[value.toUpperCase()];
      if (level !== undefined) return level;
      throw new UsageError(
        `Cannot use "${value}" for --log-level: it is none of ${Object.keys(LEVELS).join(", ")}`,
      );
    },
  } as OptionDefinition<LogLevel | undefined>,
  logFile: text({
    flag: "log-file",
    isRare: true,
    valueName: "FILE",
    help: "Append all messages to this file instead of showing them",
  }),
  useJsonLog: toggle({
    flag: "use-json-log",
    isRare: true,
    help: "Each message as one JSON object a line",
  }),
  debug: toggle({ flag: "debug", help: "Say each request, and where a failure comes from" }),
} as const;
