/** File entries out of nothing. */
import type { FileEntry } from "../../../../lib/tree/tree.ts";

export function fileEntry(path: string, more: Partial<Omit<FileEntry, "kind" | "path">> = {}): FileEntry {
  return { kind: "file", path, size: 1, modifiedAtMs: 0, ...more };
}
