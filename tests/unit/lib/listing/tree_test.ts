/** Lines, order and sums of `tree`. */
import { deepEqual, equal } from "node:assert/strict";
import { colorName } from "../../../../lib/listing/tree_color.ts";
import {
  formatTreeLine,
  formatTreeReport,
  formatTreeSize,
  type TreeLineOptions,
} from "../../../../lib/listing/tree_line.ts";
import { compareVersions, comparisonOf, type TreeOrder } from "../../../../lib/listing/tree_order.ts";
import { addUpSizes } from "../../../../lib/listing/tree_sizes.ts";
import type { Branch } from "../../../../lib/tree/branches.ts";
import type { DirectoryEntry, FileEntry } from "../../../../lib/tree/tree.ts";

const file = (path: string, size = 0, modifiedAtMs = 0): FileEntry => ({
  kind: "file",
  path,
  size,
  modifiedAtMs,
});
const directory = (path: string, modifiedAtMs = 0): DirectoryEntry => ({
  kind: "directory",
  path,
  modifiedAtMs,
});

const PLAIN: TreeLineOptions = {
  hasIndent: true,
  isFullPath: false,
  isQuoted: false,
  isColored: false,
  hasProtections: false,
  size: "none",
  hasTimes: false,
  show: (text) => text,
};

Deno.test("formatTreeLine() draws the branches down to the entry", () => {
  const line = (lasts: readonly boolean[]) =>
    formatTreeLine({ entry: file("a/b/c"), size: undefined, lasts }, PLAIN);
  equal(line([true]), "└── c");
  equal(line([false, true, false]), "│       ├── c");
});

Deno.test("formatTreeLine() tells what it is asked for, of folders only the size", () => {
  const at = new Date(2024, 1, 3, 4, 5).getTime();
  const options: TreeLineOptions = { ...PLAIN, hasProtections: true, size: "bytes", hasTimes: true };
  const lasts = [true];
  equal(
    formatTreeLine({ entry: file("x", 5, at), size: 5, lasts }, options),
    "└── [-rw-rw-rw-           5 Feb 03 04:05]  x",
  );
  equal(formatTreeLine({ entry: directory("d", at), size: 5, lasts }, options), "└── [          5]  d");
});

Deno.test("formatTreeLine() shows names as they are to be shown", () => {
  const options: TreeLineOptions = {
    ...PLAIN,
    hasIndent: false,
    isFullPath: true,
    isQuoted: true,
    isColored: true,
    show: (text) => text.replace("\x1b", "ESC"),
  };
  equal(
    formatTreeLine({ entry: directory(""), size: undefined, lasts: [] }, options),
    '\x1b[1;34m"/"\x1b[0m',
  );
  equal(
    formatTreeLine({ entry: file("a/\x1b.zip"), size: undefined, lasts: [true, true] }, options),
    '\x1b[1;31m"/a/ESC.zip"\x1b[0m',
  );
});

Deno.test("colorName() goes by the ending, for folders too", () => {
  equal(colorName("x", { name: "x.JPG", isDirectory: false }), "\x1b[1;35mx\x1b[0m");
  equal(colorName("x", { name: "x.exe", isDirectory: true }), "\x1b[1;32mx\x1b[0m");
  equal(colorName("x", { name: "x.txt", isDirectory: false }), "x");
});

/** As rclone v1.60.1 prints them (observed). */
const SIZES: Readonly<Record<number, string>> = {
  0: "0",
  1023: "1023",
  1024: "1024",
  1025: "1.0K",
  1536: "1.5K",
  10188: "9.9K",
  10239: "10.0K",
  10240: "10K",
  10750: "10K",
  1048576: "1024K",
  1048577: "1.0M",
  10485760: "10M",
};

Deno.test("formatTreeSize() rounds as rclone", () => {
  for (const [bytes, text] of Object.entries(SIZES)) equal(formatTreeSize(Number(bytes)), text);
});

Deno.test("formatTreeReport() counts no directories where there is no file", () => {
  equal(formatTreeReport({ directories: 2, files: 1 }, { hasFiles: true }), "2 directories, 1 files");
  equal(formatTreeReport({ directories: 2, files: 0 }, { hasFiles: true }), "0 directories, 0 files");
  equal(formatTreeReport({ directories: 2, files: 0 }, { hasFiles: false }), "0 directories");
});

const ENTRIES = [
  file("b", 1, 30),
  directory("d", 20),
  file("a10", 9, 10),
  file("a9", 1, 20),
  directory("c", 40),
];

const ORDERS: readonly (readonly [order: Partial<TreeOrder>, names: string])[] = [
  [{}, "a10 a9 b c d"],
  [{ isReversed: true }, "d c b a9 a10"],
  [{ sort: "version" }, "a9 a10 b c d"],
  [{ sort: "size" }, "c d a9 b a10"],
  [{ sort: "size", isReversed: true }, "a10 a9 b c d"],
  [{ sort: "mtime" }, "a10 a9 d b c"],
  [{ sort: "ctime" }, "a10 a9 d b c"],
  [{ hasDirectoriesFirst: true }, "c d a10 a9 b"],
  [{ hasDirectoriesFirst: true, sort: "mtime" }, "d c a10 a9 b"],
];

Deno.test("comparisonOf() sorts by what is asked for, then by name", () => {
  for (const [order, names] of ORDERS) {
    const compare = comparisonOf({ sort: "name", isReversed: false, hasDirectoriesFirst: false, ...order });
    equal(ENTRIES.toSorted(compare).map((entry) => entry.path).join(" "), names, JSON.stringify(order));
  }
  equal(comparisonOf({ sort: "none", isReversed: true, hasDirectoriesFirst: true }), undefined);
});

Deno.test("compareVersions() counts digits as numbers", () => {
  const names = ["a 2", "b", "a10", "1a", "a2", "A3", "a1b10", "1", "a1b3", "a1", "a02"];
  deepEqual(names.sort(compareVersions), [
    "1",
    "1a",
    "A3",
    "a1",
    "a1b3",
    "a1b10",
    "a2",
    "a02",
    "a10",
    "a 2",
    "b",
  ]);
});

Deno.test("addUpSizes() adds files to all folders above them, and to no other", () => {
  const branch = (entry: FileEntry | DirectoryEntry, depth: number): Branch => ({
    entry,
    lasts: Array.from({ length: depth }, () => false),
  });
  const branches = [
    branch(directory(""), 0),
    branch(directory("a"), 1),
    branch(directory("a/b"), 2),
    branch(file("a/b/x", 1), 3),
    branch(file("a/y", 2), 2),
    branch(directory("c"), 1),
    branch(file("c/z", 4), 2),
    branch(directory("e"), 1),
  ];
  deepEqual(addUpSizes(branches), [7, 3, 1, 1, 2, 4, 4, 0]);
});
