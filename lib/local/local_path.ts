/**
 * Paths of the local disk as text, per platform; no I/O. What a path means to the service is in `path/`.
 *
 * Windows knows drive letters (`C:\`), paths relative to a drive's root (`\x`), network shares (`\\host\share`) and
 * takes `/` for `\`; a path relative to the current directory of another drive (`D:x`) is taken from that drive's
 * root, because only the system knows that directory. `~` is the shell's business and stays as it is.
 */

export type LocalPathPlatform = "linux" | "darwin" | "windows";

export interface LocalPaths {
  readonly separator: "/" | "\\";
  isAbsolute(path: string): boolean;
  /** What the user typed as an absolute path without `.`, `..`, doubled or trailing separators. */
  resolve(currentDirectory: string, typed: string): string;
  /** `directory` and `name` joined; an empty name is the directory itself. */
  join(directory: string, name: string): string;
  /** The directory that holds an absolute path; a root holds itself. */
  parentOf(path: string): string;
  /** The last name of an absolute path; empty for a root. */
  nameOf(path: string): string;
  /** For messages: relative to `currentDirectory` when below it, otherwise as it is. */
  display(path: string, currentDirectory: string): string;
  /** Can this be the name of one file: not empty, `.` or `..`, and no character that would lead elsewhere? */
  isName(name: string): boolean;
}

/** A root (`/`, `C:\`, `\\host\share\`), with its separator at the end, and the rest. */
interface Split {
  readonly root: string;
  readonly rest: string;
}

export function createLocalPaths(platform: LocalPathPlatform): LocalPaths {
  const isWindows = platform === "windows";
  const separator = isWindows ? "\\" : "/";
  const separators = isWindows ? /[\\/]+/ : /\/+/;
  const split = isWindows ? splitWindows : splitUnix;

  const segmentsOf = (text: string) => text.split(separators).filter((segment) => segment !== "");

  const resolve = (currentDirectory: string, typed: string) => {
    const here = split(currentDirectory);
    const there = split(typed);
    // `\x` on Windows: on the drive of the current directory.
    const onSameDrive = there.root === separator && isWindows;
    const root = there.root === "" || onSameDrive ? here.root : there.root;
    const segments: string[] = [];
    const start = there.root === "" ? segmentsOf(here.rest) : [];
    for (const segment of [...start, ...segmentsOf(there.rest)]) {
      if (segment === "..") segments.pop();
      else if (segment !== ".") segments.push(segment);
    }
    return root + segments.join(separator);
  };

  const join = (directory: string, name: string) => {
    if (name === "") return directory;
    return directory.endsWith(separator) ? directory + name : `${directory}${separator}${name}`;
  };

  const parentOf = (path: string) => {
    const { root, rest } = split(path);
    return root + segmentsOf(rest).slice(0, -1).join(separator);
  };

  const display = (path: string, currentDirectory: string) => {
    if (path === currentDirectory) return ".";
    const prefix = currentDirectory.endsWith(separator) ? currentDirectory : currentDirectory + separator;
    return path.startsWith(prefix) ? path.slice(prefix.length) : path;
  };

  return {
    separator,
    isAbsolute: (path) => split(path).root.length > 0 && !(isWindows && split(path).root === separator),
    resolve,
    join,
    parentOf,
    nameOf: (path) => segmentsOf(split(path).rest).at(-1) ?? "",
    display,
    isName: (name) => isPlainSegment(name) && !(isWindows && /[\\:]/.test(name)),
  };
}

function isPlainSegment(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/") && !name.includes("\0");
}

function splitUnix(path: string): Split {
  return path.startsWith("/") ? { root: "/", rest: path.slice(1) } : { root: "", rest: path };
}

function splitWindows(path: string): Split {
  const text = path.replaceAll("/", "\\");
  const share = /^\\\\([^\\]+)\\+([^\\]+)/.exec(text);
  if (share !== null) {
    return { root: `\\\\${share[1]}\\${share[2]}\\`, rest: text.slice(share[0].length) };
  }
  const drive = /^([A-Za-z]):/.exec(text);
  if (drive !== null) return { root: `${drive[1]?.toUpperCase()}:\\`, rest: text.slice(2) };
  return text.startsWith("\\") ? { root: "\\", rest: text.slice(1) } : { root: "", rest: text };
}
