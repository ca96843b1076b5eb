/** Times of two files, as far as they say whether the files are the same. */
import type { FileEntry } from "../tree/tree.ts";

/** The service keeps whole seconds and drops the fraction (API reference 6.5). */
const KEPT_MS = 1_000;

/**
 * How much later the target was changed than the source, by whole seconds, downwards, as the service keeps them:
 * `equal` when they are less than the window apart; `unknown` when either time is not known.
 */
export function compareTimes(
  source: Pick<FileEntry, "modifiedAtMs">,
  target: Pick<FileEntry, "modifiedAtMs">,
  modifyWindowMs: number,
): "equal" | "target-newer" | "source-newer" | "unknown" {
  if (source.modifiedAtMs === undefined || target.modifiedAtMs === undefined) return "unknown";
  const differenceMs = wholeSecond(target.modifiedAtMs) - wholeSecond(source.modifiedAtMs);
  if (Math.abs(differenceMs) < Math.max(modifyWindowMs, KEPT_MS)) return "equal";
  return differenceMs > 0 ? "target-newer" : "source-newer";
}

function wholeSecond(timeMs: number): number {
  return Math.floor(timeMs / KEPT_MS) * KEPT_MS;
}
