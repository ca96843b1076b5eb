import { defineCommand } from "../lib/cli/command.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { ListingFailures, visitEntries } from "../lib/cli/listing.ts";
import { readItem } from "../lib/cli/listing_items.ts";
import {
  depthOf,
  DIRS_ONLY,
  FILES_ONLY,
  MAX_DEPTH_OF_ONE,
  parseHashName,
  PLACE_ARGUMENT,
  RECURSIVE,
} from "../lib/cli/listing_options.ts";
import type { HashName } from "../lib/hash/kinds.ts";
import { createLsfFormatter, parseLsfFormat } from "../lib/listing/lsf_format.ts";
import { createTimeFormatter, layoutOf, maxLayoutOf, showsFractions } from "../lib/listing/time_layout.ts";
import { type OptionDefinition, text, toggle } from "../lib/options.ts";

export const command = defineCommand({
  spec: {
    name: "lsf",
    summary: "List files and folders in a form for scripts",
    description: [
      "One line for each entry, by default its name, folders with a slash. --format names the parts of a line: p path, s size, t modification time, h hash (MD5, or --hash), m MIME type, M metadata as JSON; i, o and T are empty.",
      "--time-format takes a time written as the result is wanted (2006-01-02 15:04:05 stands for year, month, day, hours, minutes, seconds), a name such as RFC3339, DateOnly or Kitchen, or max for all digits that the place has.",
    ].join("\n\n"),
    arguments: [PLACE_ARGUMENT],
    options: {
      format: {
        flag: "format",
        short: "F",
        valueName: "LETTERS",
        default: "p",
        help: 'Parts of a line (default "p")',
        parse: parseLsfFormat,
      } as OptionDefinition<string>,
      separator: {
        flag: "separator",
        short: "s",
        valueName: "TEXT",
        default: undefined,
        help: 'What stands between the parts (default ";")',
        parse: (value: string) => value,
      } as OptionDefinition<string | undefined>,
      dirSlash: {
        ...toggle({
          flag: "dir-slash",
          short: "d",
          help: "A slash after folders (on; =false leaves it out)",
        }),
        default: true,
      },
      recursive: RECURSIVE,
      dirsOnly: DIRS_ONLY,
      filesOnly: FILES_ONLY,
      absolute: toggle({ flag: "absolute", help: "A slash before each path" }),
      humanReadable: toggle({
        flag: "human-readable",
        help: "Changes nothing: sizes are whole numbers here",
      }),
      csv: toggle({ flag: "csv", help: "Lines of CSV, with quotes where they are needed" }),
      hash: {
        flag: "hash",
        valueName: "NAME",
        default: "md5",
        help: 'The hash that h shows (default "md5"); of remotes there is only MD5',
        parse: parseHashName,
      } as OptionDefinition<HashName>,
      timeFormat: text({ flag: "time-format", valueName: "LAYOUT", help: "How t shows times" }),
      maxDepth: MAX_DEPTH_OF_ONE,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash lsf jotta:photos", does: "The names in one folder." },
      { line: "jottash lsf -R --files-only --format hsp jotta:", does: "MD5, size and path of all files." },
      { line: "jottash lsf -F pt --time-format RFC3339 --csv .", does: "A table for a spreadsheet." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const source = await context.source(place);
    const { format, separator, hash, dirSlash, absolute, csv, dirsOnly, filesOnly } = options;
    const layout = options.timeFormat === "max"
      ? maxLayoutOf(source.tree.side)
      : layoutOf(options.timeFormat ?? "DateTime");
    const formatItem = createLsfFormatter({
      format,
      separator,
      hash,
      isCsv: csv,
      hasDirectorySlash: dirSlash,
      isAbsolute: absolute,
      formatTime: createTimeFormatter(layout),
    });
    const shows = (letter: string) => format.includes(letter);
    const failures = new ListingFailures(context);
    await visitEntries(context, source, {
      failures,
      filter,
      maxDepth: depthOf(options.maxDepth, { isRecursive: options.recursive }),
      needsMimeType: shows("m") || shows("M"),
      nanoseconds: shows("M") || shows("t") && showsFractions(layout),
      visit: async (entry) => {
        if (entry.kind === "directory" ? filesOnly : dirsOnly) return;
        const item = await readItem(context, { tree: source.tree, entry }, {
          hasTime: shows("t"),
          hasMimeType: shows("m"),
          hasMetadata: shows("M"),
          hashes: shows("h") ? [hash] : [],
          failures,
        });
        await context.printer.line(formatItem(item));
      },
    });
    failures.throwIfAny(source);
  },
});
