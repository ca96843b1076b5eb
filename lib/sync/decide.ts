/**
 * What becomes of one file, from what is known of it at both sides: pure, nothing is read. The rules are rclone's
 * (observed: rclone v1.60.1; documented: rclone.org/docs), but that a file that is skipped is never taken for the same.
 */
import type { FileEntry } from "../tree/tree.ts";
import { compareTimes } from "./compare.ts";
import type { CompareOptions } from "./sync_options.ts";

export type Decision =
  | { readonly act: "transfer" }
  | { readonly act: "unchanged" }
  /** The content is the same, the time is not: the target gets that of the source. */
  | { readonly act: "touch" }
  /** The target stays as it is, and does not hold the file. */
  | { readonly act: "skip"; readonly reason: string }
  /** They differ, and the target may not be changed. */
  | { readonly act: "refuse" }
  /** Only the contents tell: `same` when they are the same, `different` when not. */
  | { readonly act: "compare-content"; readonly same: Settled; readonly different: Settled };

/** A decision that needs no further look. */
export type Settled = Exclude<Decision, { act: "compare-content" }>;

/** `target` is the file that has the name there; undefined when none has. */
export function decide(source: FileEntry, target: FileEntry | undefined, options: CompareOptions): Decision {
  if (target === undefined) return { act: "transfer" };
  if (options.ignoreExisting) return { act: "skip", reason: "the target has a file of that name" };
  const different: Settled = options.immutable ? { act: "refuse" } : { act: "transfer" };
  if (options.by === "never") return different;
  const times = compareTimes(source, target, options.modifyWindowMs);
  if (options.update && times === "target-newer") {
    return { act: "skip", reason: "it is newer at the target" };
  }
  if (source.size !== target.size) return different;
  switch (options.by) {
    case "size":
      return { act: "unchanged" };
    case "checksum":
      return byContent(source, target, { same: { act: "unchanged" }, different });
    case "time":
  }
  // Rarely, but where both contents are known it costs nothing: a file that is moved must not be lost to another one.
  const isKnownToDiffer = source.md5 !== undefined && target.md5 !== undefined && source.md5 !== target.md5;
  if (times === "equal") return isKnownToDiffer ? different : { act: "unchanged" };
  // Another time is a change too, and nothing has to be read to refuse it.
  if (options.immutable) return { act: "refuse" };
  // A time that the source does not know cannot be given to the target.
  const same: Settled = source.modifiedAtMs === undefined ? { act: "unchanged" } : { act: "touch" };
  return byContent(source, target, { same, different });
}

function isKnownToDiffer(source: FileEntry, target: FileEntry): boolean {
  return source.md5 !== undefined && target.md5 !== undefined && source.md5 !== target.md5;
}

function byContent(
  source: FileEntry,
  target: FileEntry,
  outcome: { readonly same: Settled; readonly different: Settled },
): Decision {
  if (isKnownToDiffer(source, target)) return outcome.different;
  const isKnown = source.md5 !== undefined && target.md5 !== undefined;
  return isKnown ? outcome.same : { act: "compare-content", ...outcome };
}
