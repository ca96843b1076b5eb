import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext, Source } from "../lib/cli/context.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter, requireNoRules } from "../lib/cli/filters.ts";
import { openLineOutput } from "../lib/cli/line_output.ts";
import { ListingFailures } from "../lib/cli/listing.ts";
import { depthOf, HUMAN_READABLE, MAX_DEPTH, PLACE_ARGUMENT } from "../lib/cli/listing_options.ts";
import { forRecursiveWork } from "../lib/cli/recursive.ts";
import { UsageError } from "../lib/errors.ts";
import type { Filter } from "../lib/filter/filter.ts";
import { filterTree } from "../lib/listing/filtered_tree.ts";
import { formatTreeLine, formatTreeReport, type TreeLineOptions } from "../lib/listing/tree_line.ts";
import { comparisonOf, TREE_SORTS, type TreeSort } from "../lib/listing/tree_order.ts";
import { addUpSizes } from "../lib/listing/tree_sizes.ts";
import { type OptionDefinition, type OptionValues, text, toggle } from "../lib/options.ts";
import { type Branch, walkBranches } from "../lib/tree/branches.ts";
import { type DirectoryEntry, nameOf } from "../lib/tree/tree.ts";
import { visible } from "../lib/ui/visible.ts";

const OPTIONS = {
  all: toggle({ flag: "all", short: "a", help: "List names that begin with a dot too" }),
  dirsOnly: toggle({ flag: "dirs-only", short: "d", help: "List folders only" }),
  fullPath: toggle({ flag: "full-path", help: "Print the whole path of each entry" }),
  level: {
    flag: "level",
    valueName: "N",
    default: 0,
    help: "Go down only so many levels, 0 for all (default all)",
    parse: parseLevel,
  } as OptionDefinition<number>,
  size: toggle({ flag: "size", short: "s", help: "Print sizes, of folders with all below" }),
  humanReadable: HUMAN_READABLE,
  modtime: toggle({ flag: "modtime", short: "D", help: "Print times of files" }),
  protections: toggle({
    flag: "protections",
    short: "p",
    help: "Print permissions, as rclone: all the same",
  }),
  quote: toggle({ flag: "quote", short: "Q", help: "Names in double quotes" }),
  color: toggle({ flag: "color", short: "C", help: "Colours, also where there is no terminal" }),
  noindent: toggle({ flag: "noindent", help: "Without the lines of branches" }),
  noreport: toggle({ flag: "noreport", help: "Without the count at the end" }),
  output: text({
    flag: "output",
    short: "o",
    valueName: "FILE",
    help: "Write to this file instead of standard output",
  }),
  sort: {
    flag: "sort",
    valueName: "ORDER",
    default: "name",
    help: `Order: ${TREE_SORTS.join(", ")} (default name)`,
    parse: parseSort,
  } as OptionDefinition<TreeSort>,
  sortModtime: toggle({ flag: "sort-modtime", short: "t", help: "Sort by time, oldest first" }),
  sortCtime: toggle({ flag: "sort-ctime", help: "The same: no other time is known" }),
  version: toggle({ flag: "version", help: "Sort numbers in names as such: a9 before a10" }),
  sortReverse: toggle({ flag: "sort-reverse", short: "r", help: "The other way round" }),
  unsorted: toggle({ flag: "unsorted", short: "U", help: "The order does not matter" }),
  dirsfirst: toggle({ flag: "dirsfirst", help: "Folders before files" }),
  maxDepth: MAX_DEPTH,
  ...FILTER_OPTIONS,
} as const;

type Options = OptionValues<typeof OPTIONS>;

export const command = defineCommand({
  spec: {
    name: "tree",
    summary: "Show folders and files as a tree",
    description:
      "Names that begin with a dot are left out without -a. With --size the whole tree is read before the first line.",
    arguments: [PLACE_ARGUMENT],
    options: OPTIONS,
    examples: [
      { line: "jottash tree jotta:photos", does: "All that is below the folder." },
      { line: "jottash tree -d --level 2 jotta:", does: "The upper folders." },
      { line: "jottash tree -s --human-readable .", does: "Where the space goes." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const source = await context.source(place);
    requireNoRules(source, filter);
    await printTree(context, { source, filter }, options);
  },
});

interface FilteredSource {
  readonly source: Source;
  readonly filter: Filter;
}

async function printTree(
  context: CommandContext,
  { source, filter }: FilteredSource,
  options: Options,
): Promise<void> {
  const failures = new ListingFailures(context);
  await using output = await openLineOutput(context, options.output, { mayDrive: options.color });
  const line = lineOptions(context, options);
  const counts = { directories: 0, files: 0 };
  const print = async ({ branch: { entry, lasts }, size }: Sized) => {
    if (lasts.length > 0) counts[entry.kind === "file" ? "files" : "directories"]++;
    await output.line(formatTreeLine({ entry, lasts, size }, line));
  };
  const branches = branchesOf(context, { source, filter, failures }, options);
  if (line.size === "none") {
    for await (const branch of branches) await print({ branch, size: undefined });
  } else {
    const all = await Array.fromAsync(branches);
    const sizes = addUpSizes(all);
    for (const [index, branch] of all.entries()) await print({ branch, size: sizes[index] });
  }
  if (!options.noreport) {
    await output.line("");
    await output.line(formatTreeReport(counts, { hasFiles: !options.dirsOnly }));
  }
  await output.finish();
  failures.throwIfAny(source);
}

interface Sized {
  readonly branch: Branch;
  readonly size: number | undefined;
}

const ROOT: DirectoryEntry = { kind: "directory", path: "", modifiedAtMs: undefined };

/** The root, then all below it. */
async function* branchesOf(
  context: CommandContext,
  { source, filter, failures }: FilteredSource & { readonly failures: ListingFailures },
  options: Options,
): AsyncGenerator<Branch> {
  yield { entry: ROOT, lasts: [] };
  if (source.file !== undefined) return yield { entry: source.file, lasts: [true] };
  const { signal, settings: { checkers } } = context;
  const sort = sortOf(options);
  const walk = {
    checkers,
    nanoseconds: sort === "mtime" || sort === "ctime",
    signal,
    maxDepth: Math.min(options.level || Infinity, depthOf(options.maxDepth, { isRecursive: true })),
    compare: comparisonOf({
      sort,
      isReversed: options.sortReverse,
      hasDirectoriesFirst: options.dirsfirst,
    }),
    accepts: ({ kind, path }: Branch["entry"]) =>
      (options.all || !nameOf(path).startsWith(".")) && (kind === "directory" || !options.dirsOnly),
  };
  const whole = forRecursiveWork(context, source.tree, { maxDepth: walk.maxDepth, filter });
  for await (const each of walkBranches(filterTree(whole, { filter, checkers }), walk)) {
    if ("entry" in each) yield each;
    else failures.add(each.path, each.error);
  }
}

function sortOf({ unsorted, sort, sortModtime, sortCtime, version }: Options): TreeSort | "none" {
  if (unsorted) return "none";
  return sortModtime ? "mtime" : sortCtime ? "ctime" : version ? "version" : sort;
}

function lineOptions(context: CommandContext, options: Options): TreeLineOptions {
  const isDriven = options.color && options.output === undefined && context.terminal.stdoutIsTerminal;
  return {
    hasIndent: !options.noindent,
    isFullPath: options.fullPath,
    isQuoted: options.quote,
    isColored: options.color,
    hasProtections: options.protections,
    size: options.humanReadable ? "human" : options.size ? "bytes" : "none",
    hasTimes: options.modtime,
    show: isDriven ? visible : (text) => text,
  };
}

function parseLevel(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new UsageError(`Cannot use "${value}" for --level: it is not a number of levels`);
}

function parseSort(value: string): TreeSort {
  const sort = TREE_SORTS.find((each) => each === value);
  if (sort !== undefined) return sort;
  throw new UsageError(`Cannot use "${value}" for --sort: there is no such order`, {
    hint: `Known: ${TREE_SORTS.join(", ")}`,
  });
}
