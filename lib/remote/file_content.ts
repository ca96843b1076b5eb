/** What tells one content of a file from another, read from what the service has. No I/O. */
import type { Found } from "./jotta_calls.ts";

/** Content and times of a file, as the service has them; a time that it does not tell is undefined. */
export interface Content {
  readonly md5: string;
  readonly size: number;
  readonly createdAtMs: number | undefined;
  readonly modifiedAtMs: number | undefined;
}

/** Of a live, completed file; undefined for anything else. */
export function contentOf(found: Found | undefined): Content | undefined {
  if (found?.kind !== "file" || found.isDeleted) return undefined;
  const { current } = found.file;
  if (current?.state !== "COMPLETED" || current.md5 === undefined || current.size === undefined) {
    return undefined;
  }
  const { md5, size, modifiedAtMs, createdAtMs } = current;
  return { md5, size, modifiedAtMs, createdAtMs };
}

export function isSameFile(found: Found | undefined, wanted: Content): boolean {
  const content = contentOf(found);
  return content !== undefined && content.md5 === wanted.md5 && content.size === wanted.size;
}

/** A time that the service does not tell is taken for the right one. */
export function hasSameTime(found: Found | undefined, wanted: Content): boolean {
  const modifiedAtMs = contentOf(found)?.modifiedAtMs;
  return modifiedAtMs === undefined || wanted.modifiedAtMs === undefined ||
    modifiedAtMs === wanted.modifiedAtMs;
}
