/** The lists of `--files-from`, `--files-from-raw` and `--files-from0` (observed: rclone v1.76 `AddFile`). */
import { readLines } from "./lines.ts";
import { type FilterWord, type Origin, wordsOf } from "./words.ts";

export interface FileList {
  /** Paths of the files, each with the place where it stands first. */
  readonly files: ReadonlyMap<string, Origin>;
  /** All directories above them. */
  readonly directories: ReadonlySet<string>;
}

const LIST_FLAGS = [
  ["files-from", "rules"],
  ["files-from-raw", "raw"],
  ["files-from0", "nul"],
] as const;

/** The list that the words make together; undefined when there is none. An empty list holds no file. */
export function parseFileList(words: readonly FilterWord[]): FileList | undefined {
  const files = new Map<string, Origin>();
  const directories = new Set<string>();
  let isGiven = false;
  for (const [flag, mode] of LIST_FLAGS) {
    for (const { value, content = "" } of wordsOf(words, flag)) {
      isGiven = true;
      for (const { text, number } of readLines(content, mode)) {
        const path = withoutOuterSlashes(text);
        if (!files.has(path)) files.set(path, { flag, file: value, line: number });
        addParents(path, directories);
      }
    }
  }
  return isGiven ? { files, directories } : undefined;
}

function addParents(path: string, directories: Set<string>): void {
  const segments: string[] = [];
  for (const segment of path.split("/").slice(0, -1)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  // What a directory is in has been added with it: no path of a list is looked at from the root again and again.
  for (let path = segments.join("/"); path !== "" && !directories.has(path);) {
    directories.add(path);
    path = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  }
}

function withoutOuterSlashes(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === "/") end--;
  return path.slice(0, end).replace(/^\/+/, "");
}
