/** Paths of the disk in memory: symbolic links, and names without case. */
import { foldName } from "../../lib/names/compare.ts";
import type { Node } from "./memory_file.ts";

export interface PathRules {
  readonly entries: ReadonlyMap<string, Node>;
  readonly foldsCase: boolean;
  /** Whether a link at the end of the path is followed too. */
  readonly last: boolean;
}

const MAX_LINKS = 40;

/** Where `path` leads, as the disk lists it; undefined when its links go in a circle. The result need not exist. */
export function resolveOnDisk(path: string, rules: PathRules): string | undefined {
  if (!path.startsWith("/")) throw new Error(`the memory disk wants absolute paths: ${path}`);
  let real = "";
  let links = 0;
  const parts = path.split("/");
  while (parts.length > 0) {
    const part = parts.shift() ?? "";
    if (part === "" || part === ".") continue;
    if (part === "..") {
      real = real.slice(0, Math.max(0, real.lastIndexOf("/")));
      continue;
    }
    const next = spelled(`${real}/${part}`, rules);
    const node = rules.entries.get(next);
    if (node?.kind !== "symlink" || (parts.length === 0 && !rules.last)) {
      real = next;
      continue;
    }
    if (++links > MAX_LINKS) return undefined;
    parts.unshift(...node.target.split("/"));
    if (node.target.startsWith("/")) real = "";
  }
  return real === "" ? "/" : real;
}

function spelled(path: string, { entries, foldsCase }: PathRules): string {
  if (!foldsCase || entries.has(path)) return path;
  const key = foldName(path);
  return [...entries.keys()].find((each) => foldName(each) === key) ?? path;
}

export function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}
