/** Which rule decided, in words: what `--explain-filter` prints. */
import type { Reason, Verdict } from "./verdict.ts";
import { formatOrigin } from "./words.ts";

export interface Explanation extends Verdict {
  readonly path: string;
  readonly kind: "file" | "directory";
  /** The directory above the path that is left out with all in it; the reason is then that of the directory. */
  readonly excludedDirectory?: string;
}

/** `"a/b.jpg" is excluded by "- *.jpg" (--filter-from "rules.txt", line 3)`. */
export function formatExplanation(explanation: Explanation): string {
  const { path, kind, isIncluded, excludedDirectory, reason } = explanation;
  const name = path === "" ? "The root" : `"${path}${kind === "directory" ? "/" : ""}"`;
  const place = excludedDirectory === undefined ? "" : ` with the directory "${excludedDirectory}/"`;
  return `${name} is ${isIncluded ? "included" : "excluded"}${place}${formatReason(reason)}`;
}

function formatReason(reason: Reason): string {
  switch (reason.kind) {
    case "rule": {
      const { text, origin } = reason.rule;
      if (text === undefined) return `: no rule includes it, and --${origin.flag} leaves out everything else`;
      return ` by "${text}" (${formatOrigin(origin)})`;
    }
    case "no-rule":
      return ": no rule says otherwise";
    case "listed":
      return reason.origin === undefined
        ? ": it leads to a file that is listed"
        : ` by ${formatOrigin(reason.origin)}`;
    case "not-listed":
      return ": the list of files does not have it";
    case "size":
      return ": its size is out of bounds (--min-size, --max-size)";
    case "age":
      return ": its age is out of bounds (--min-age, --max-age)";
    case "depth":
      return ": it lies deeper than --max-depth";
    case "hash":
      return ": it belongs to another part of --hash-filter";
  }
}
