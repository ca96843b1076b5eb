/** How much is said: the one meaning of --log-level, -v, -q and --debug together. */
import { UsageError } from "../errors.ts";
import { isSaid, type LogLevel } from "../log.ts";
import type { SharedSettings } from "../shared_options/mod.ts";

type Wishes = Pick<SharedSettings, "logLevel" | "verbose" | "quiet" | "debug">;

/** Throws `UsageError` for two ways to say it at once. */
export function verbosityOf({ logLevel, verbose, quiet, debug }: Wishes): LogLevel {
  if (logLevel !== undefined) {
    const other = quiet ? "-q" : verbose > 0 ? "-v" : undefined;
    if (other !== undefined) {
      throw new UsageError(`Cannot use --log-level with ${other}: both say how much is said`, {
        hint: "-q is the levels up to warnings, -v is INFO, -vv is DEBUG",
      });
    }
    return debug ? "debug" : logLevel;
  }
  if (quiet && verbose > 0) {
    throw new UsageError("Cannot use -q with -v: one says less, the other more", {
      hint: "Leave one of them out",
    });
  }
  if (quiet) return "warn";
  if (debug || verbose >= 2) return "debug";
  return verbose === 1 ? "info" : "notice";
}

/** Whether only errors (and warnings) are wanted, so that no progress is shown either. */
export function isQuiet(settings: Wishes): boolean {
  return !isSaid("notice", verbosityOf(settings));
}
