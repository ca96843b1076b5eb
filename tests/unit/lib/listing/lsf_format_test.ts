import { equal, throws } from "node:assert/strict";
import type { ListingItem } from "../../../../lib/listing/item.ts";
import { createLsfFormatter, type LsfOptions, parseLsfFormat } from "../../../../lib/listing/lsf_format.ts";
import { UsageError } from "../../../../lib/errors.ts";

const FILE: ListingItem = {
  path: 'a, "b"',
  isDirectory: false,
  size: 7,
  modifiedAtNs: 5n,
  mimeType: "text/plain",
  hashes: { md5: "m", sha1: "s" },
  metadata: { mtime: "<now>" },
};
const FOLDER: ListingItem = { ...FILE, path: "folder", isDirectory: true, size: -1, hashes: undefined };

const DEFAULTS: LsfOptions = {
  format: "p",
  isCsv: false,
  hasDirectorySlash: true,
  isAbsolute: false,
  hash: "md5",
  formatTime: (ns) => `at ${ns}`,
};

const CASES: readonly (readonly [title: string, item: ListingItem, options: Partial<LsfOptions>, string])[] =
  [
    ["the path", FILE, {}, 'a, "b"'],
    ["a folder with its slash", FOLDER, {}, "folder/"],
    ["a folder without", FOLDER, { hasDirectorySlash: false }, "folder"],
    ["a slash before", FOLDER, { isAbsolute: true }, "/folder/"],
    ["all parts in the order of the letters", FILE, { format: "tshmp" }, 'at 5;7;m;text/plain;a, "b"'],
    ["another hash", FILE, { format: "h", hash: "sha1" }, "s"],
    ["an unknown hash as nothing", FILE, { format: "hp", hash: "crc32" }, ';a, "b"'],
    ["a folder's hash as nothing", FOLDER, { format: "hs" }, ";-1"],
    ["what there is not as nothing", FILE, { format: "ioT" }, ";;"],
    ["metadata as Go's JSON", FILE, { format: "M" }, '{"mtime":"\\u003cnow\\u003e"}'],
    ["no metadata as an empty object", { ...FILE, metadata: undefined }, { format: "M" }, "{}"],
    ["a format without letters as an empty line", FILE, { format: "" }, ""],
    ["an empty separator", FILE, { format: "ss", separator: "" }, "77"],
    ["a long separator", FILE, { format: "ss", separator: "<->" }, "7<->7"],
    ["CSV with quotes", FILE, { format: "sp", isCsv: true }, '7,"a, ""b"""'],
    ["CSV with another separator", FILE, { format: "ss", isCsv: true, separator: ";" }, "7;7"],
    [
      "CSV with the first character of a separator",
      FILE,
      { format: "ss", isCsv: true, separator: ";;" },
      "7;7",
    ],
    ["CSV with a comma for an empty separator", FILE, { format: "ss", isCsv: true, separator: "" }, "7,7"],
    ["CSV of a name with a space before", { ...FILE, path: " x" }, { isCsv: true }, '" x"'],
    ["CSV of a line break", { ...FILE, path: "a\nb" }, { isCsv: true }, '"a\nb"'],
  ];

for (const [title, item, options, expected] of CASES) {
  Deno.test(`createLsfFormatter() shows ${title}`, () => {
    equal(createLsfFormatter({ ...DEFAULTS, ...options })(item), expected);
  });
}

Deno.test("parseLsfFormat() refuses letters that stand for nothing, and encrypted names", () => {
  for (const format of ["pz", "e", "p p", "toString"]) {
    throws(() => parseLsfFormat(format), (error) => error instanceof UsageError && error.hint !== undefined);
  }
});
