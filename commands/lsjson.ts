import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext, Source } from "../lib/cli/context.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter, requireNoRules } from "../lib/cli/filters.ts";
import { type ListedEntry, ListingFailures, visitEntries } from "../lib/cli/listing.ts";
import { type ItemOptions, readItem } from "../lib/cli/listing_items.ts";
import {
  depthOf,
  DIRS_ONLY,
  FILES_ONLY,
  MAX_DEPTH_OF_ONE,
  parseHashName,
  PLACE_ARGUMENT,
  RECURSIVE,
} from "../lib/cli/listing_options.ts";
import { UsageError } from "../lib/errors.ts";
import type { Filter } from "../lib/filter/filter.ts";
import { HASH_NAMES, type HashName } from "../lib/hash/kinds.ts";
import { formatJsonItem } from "../lib/listing/json_item.ts";
import { createTimeFormatter, jsonLayoutOf } from "../lib/listing/time_layout.ts";
import { type OptionDefinition, type OptionValues, toggle } from "../lib/options.ts";

const OPTIONS = {
  recursive: RECURSIVE,
  dirsOnly: DIRS_ONLY,
  filesOnly: FILES_ONLY,
  hash: toggle({ flag: "hash", help: "Show hashes: MD5 of remotes, all known ones of local files" }),
  hashType: {
    flag: "hash-type",
    valueName: "NAME",
    joinedBy: ",",
    default: [],
    help: "Show this hash; may be given several times",
    parse: (value: string) => value === "" ? [] : value.split(",").map(parseHashName),
  } as OptionDefinition<readonly HashName[]>,
  noModtime: toggle({ flag: "no-modtime", help: "Leave times empty" }),
  noMimetype: toggle({ flag: "no-mimetype", help: "Leave MIME types out" }),
  humanReadable: toggle({ flag: "human-readable", help: "Changes nothing: sizes are whole numbers here" }),
  stat: toggle({ flag: "stat", help: "Show the place itself, not what is in it" }),
  original: toggle({ flag: "original", help: "Show identifiers of files (there are none)" }),
  encrypted: toggle({ flag: "encrypted", help: "Show encrypted names (refused: there are none)" }),
  maxDepth: MAX_DEPTH_OF_ONE,
  ...FILTER_OPTIONS,
} as const;

type Options = OptionValues<typeof OPTIONS>;

export const command = defineCommand({
  spec: {
    name: "lsjson",
    summary: "List files and folders as JSON",
    description:
      "An array with one object a line, for each file and folder: Path, Name, Size (-1 for a folder), MimeType, ModTime, IsDir, where asked for Hashes and Metadata (btime, mtime, content-type). The service keeps no times of folders: 2000-01-01 stands for them.",
    arguments: [PLACE_ARGUMENT],
    options: OPTIONS,
    examples: [
      { line: "jottash lsjson jotta:photos", does: "The entries of one folder." },
      { line: "jottash lsjson -R --files-only --hash jotta:", does: "All files with MD5." },
      { line: "jottash lsjson --stat jotta:notes.txt", does: "One file." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    if (options.encrypted) {
      throw new UsageError("Cannot show encrypted names: encrypted remotes are not supported");
    }
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const source = await context.source(place);
    if (options.stat) await printPlace(context, source, options);
    else await printArray(context, { source, filter }, options);
  },
});

function itemOptions({ settings }: CommandContext, options: Options, failures: ListingFailures): ItemOptions {
  const { hash, hashType } = options;
  return {
    hasTime: !options.noModtime,
    hasMimeType: !options.noMimetype,
    hasMetadata: settings.metadata,
    hashes: hashType.length > 0 ? hashType : hash ? HASH_NAMES : [],
    failures,
  };
}

function isShown(entry: ListedEntry, { dirsOnly, filesOnly }: Options): boolean {
  return !(entry.kind === "directory" ? filesOnly : dirsOnly);
}

async function printArray(
  context: CommandContext,
  { source, filter }: { readonly source: Source; readonly filter: Filter },
  options: Options,
): Promise<void> {
  const { printer } = context;
  requireNoRules(source, filter);
  const failures = new ListingFailures(context);
  const formatTime = createTimeFormatter(jsonLayoutOf(source.tree.side));
  let previous: string | undefined;
  await printer.line("[");
  try {
    await visitEntries(context, source, {
      failures,
      filter,
      maxDepth: depthOf(options.maxDepth, { isRecursive: options.recursive }),
      needsMimeType: !options.noMimetype || context.settings.metadata,
      nanoseconds: !options.noModtime || context.settings.metadata,
      visit: async (entry) => {
        if (!isShown(entry, options)) return;
        const item = await readItem(
          context,
          { tree: source.tree, entry },
          itemOptions(context, options, failures),
        );
        if (previous !== undefined) await printer.line(`${previous},`);
        previous = formatJsonItem(item, { formatTime });
      },
    });
  } finally {
    // What was listed until a failure is an array too.
    if (previous !== undefined) await printer.line(previous);
    await printer.line("]");
  }
  failures.throwIfAny(source);
}

/** Of a folder that is named as the place, rclone tells neither name nor time: the current time stands there. */
async function printPlace(context: CommandContext, source: Source, options: Options): Promise<void> {
  const failures = new ListingFailures(context);
  const formatTime = createTimeFormatter(jsonLayoutOf(source.tree.side));
  const print = async (entry: ListedEntry) => {
    if (!isShown(entry, options)) return await context.printer.line("null");
    const item = await readItem(
      context,
      { tree: source.tree, entry },
      itemOptions(context, options, failures),
    );
    for (const line of formatJsonItem(item, { formatTime, isIndented: true }).split("\n")) {
      await context.printer.line(line);
    }
  };
  if (source.file === undefined) {
    await print({ kind: "directory", path: "", modifiedAtMs: context.clock.now() });
  } else {
    await visitEntries(context, source, { nanoseconds: true, visit: print });
  }
  failures.throwIfAny(source);
}
