/** Is the file at the target the same as the one at the source, as far as can be seen without reading them? */
import type { FileEntry } from "../tree/tree.ts";

/**
 * Same size and same modification time to the second. The service keeps whole seconds and drops the fraction
 * (API reference 6.5), so both sides are cut to whole seconds, downwards. An unknown time is never the same.
 */
export function isSameFile(source: FileEntry, target: FileEntry): boolean {
  return source.size === target.size &&
    source.modifiedAtMs !== undefined && target.modifiedAtMs !== undefined &&
    Math.floor(source.modifiedAtMs / 1000) === Math.floor(target.modifiedAtMs / 1000);
}
