/** Options that `check` and `checksum` share, with rclone's names. */
import { type OptionDefinition, type OptionValues, text, toggle } from "../options.ts";
import type { Finding } from "../sync/check.ts";
import { FILTER_OPTIONS, type FilterOptionValues } from "./filter_options.ts";
import { MAX_DEPTH } from "./listing_options.ts";

function reportOption(flag: string, what: string): OptionDefinition<string | undefined> {
  return text({ flag, valueName: "FILE", help: `Write ${what} to this file (- for standard output)` });
}

export const CHECK_OPTIONS = {
  oneWay: toggle({ flag: "one-way", help: "Leave alone what only DEST has" }),
  download: toggle({ flag: "download", help: "Read the content of remote files too" }),
  combined: reportOption("combined", "all paths, each with its sign,"),
  missingOnSource: reportOption("missing-on-src", "paths that only DEST has"),
  missingOnTarget: reportOption("missing-on-dst", "paths that DEST lacks"),
  match: reportOption("match", "paths of files that are the same"),
  differ: reportOption("differ", "paths of files that differ"),
  error: reportOption("error", "paths that could not be read"),
  maxDepth: MAX_DEPTH,
  ...FILTER_OPTIONS,
} as const;

/** What is not about filters. */
export type CheckChoices = Omit<OptionValues<typeof CHECK_OPTIONS>, keyof FilterOptionValues | "maxDepth">;

export type FindingKind = Finding["kind"];

interface ReportRow {
  /** What stands before the path in the combined report. */
  readonly sign: string;
  readonly option: "missingOnSource" | "missingOnTarget" | "match" | "differ" | "error";
}

export const REPORTS: Readonly<Record<FindingKind, ReportRow>> = {
  "same": { sign: "=", option: "match" },
  "different": { sign: "*", option: "differ" },
  "missing-at-target": { sign: "+", option: "missingOnTarget" },
  "missing-at-source": { sign: "-", option: "missingOnSource" },
  "failed": { sign: "!", option: "error" },
};

export const SIGNS_HELP =
  "Reports are in no particular order. Signs of --combined: = same, * different, + DEST lacks it, - only DEST has it, ! could not be read.";
