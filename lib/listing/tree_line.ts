/** One line of `tree`: the branches before it, what is told of the entry, its name. */
import { type DirectoryEntry, type FileEntry, nameOf } from "../tree/tree.ts";
import { modifiedAtNsOf } from "./item.ts";
import { createTimeFormatter } from "./time_layout.ts";
import { colorName } from "./tree_color.ts";

export interface TreeLineOptions {
  readonly hasIndent: boolean;
  readonly isFullPath: boolean;
  readonly isQuoted: boolean;
  readonly isColored: boolean;
  /** Permissions: every file of a cloud has the same ones, and rclone tells those of local files too. */
  readonly hasProtections: boolean;
  readonly size: "none" | "bytes" | "human";
  readonly hasTimes: boolean;
  /** What makes a name safe to show. */
  readonly show: (text: string) => string;
}

export interface TreeLineEntry {
  readonly entry: FileEntry | DirectoryEntry;
  /** Of the entry with all that is below it; undefined where it is not shown. */
  readonly size: number | undefined;
  /** For each level from the first down to the entry: whether it is the last of its directory. Empty for the root. */
  readonly lasts: readonly boolean[];
}

const PROTECTIONS = "-rw-rw-rw-";
const ROOT_NAME = "/";
const K = 1024;
const UNITS = ["K", "M", "G", "T", "P", "E"] as const;

const formatTime = createTimeFormatter("Jan 02 15:04");

export function formatTreeLine({ entry, size, lasts }: TreeLineEntry, options: TreeLineOptions): string {
  const isRoot = lasts.length === 0;
  const properties = propertiesOf(entry, size, options);
  const shown = properties.length === 0 ? "" : `[${properties.join(" ")}]  `;
  const branches = options.hasIndent ? branchesOf(lasts) : "";
  const path = isRoot ? ROOT_NAME : options.isFullPath ? `/${entry.path}` : nameOf(entry.path);
  const quote = options.isQuoted ? '"' : "";
  const name = `${quote}${options.show(path)}${quote}`;
  const isDirectory = entry.kind === "directory";
  const colored = options.isColored ? colorName(name, { name: nameOf(entry.path), isDirectory }) : name;
  return branches + shown + colored;
}

/** `2 directories, 4 files`, never in the singular, as rclone. A tree without any file counts no directories either. */
export function formatTreeReport(
  counts: { readonly directories: number; readonly files: number },
  { hasFiles }: { readonly hasFiles: boolean },
): string {
  const directories = counts.files === 0 ? 0 : counts.directories;
  return `${directories} directories${hasFiles ? `, ${counts.files} files` : ""}`;
}

function propertiesOf(
  entry: FileEntry | DirectoryEntry,
  size: number | undefined,
  options: TreeLineOptions,
): string[] {
  const isFile = entry.kind === "file";
  const properties: string[] = [];
  if (isFile && options.hasProtections) properties.push(PROTECTIONS);
  if (size !== undefined && options.size !== "none") {
    properties.push(options.size === "human" ? formatTreeSize(size).padStart(4) : String(size).padStart(11));
  }
  if (isFile && options.hasTimes) properties.push(formatTime(modifiedAtNsOf(entry)));
  return properties;
}

/** `9.9K`, ` 10K`; a unit begins above its own size, so that 1024 is still `1024`. */
export function formatTreeSize(bytes: number): string {
  let unit = "";
  let value = bytes;
  for (const [index, each] of UNITS.entries()) {
    const length = K ** (index + 1);
    if (bytes <= length) break;
    [unit, value] = [each, bytes / length];
  }
  return unit === "" || value >= 10 ? `${value.toFixed(0)}${unit}` : `${value.toFixed(1)}${unit}`;
}

function branchesOf(lasts: readonly boolean[]): string {
  if (lasts.length === 0) return "";
  const above = lasts.slice(0, -1).map((isLast) => isLast ? "    " : "│   ");
  return `${above.join("")}${lasts.at(-1) === true ? "└── " : "├── "}`;
}
