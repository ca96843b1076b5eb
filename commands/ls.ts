import { defineCommand } from "../lib/cli/command.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { printListing } from "../lib/cli/listing.ts";
import { depthOf, HUMAN_READABLE, MAX_DEPTH, PLACE_ARGUMENT } from "../lib/cli/listing_options.ts";
import { formatListedSize } from "../lib/listing/size_field.ts";

export const command = defineCommand({
  spec: {
    name: "ls",
    summary: "List files with their sizes, all levels",
    description: "One line for each file: size in bytes, path. Folders are not listed; lsd does that.",
    arguments: [PLACE_ARGUMENT],
    options: { humanReadable: HUMAN_READABLE, maxDepth: MAX_DEPTH, ...FILTER_OPTIONS },
    examples: [
      { line: "jottash ls jotta:", does: "All files of the remote." },
      { line: "jottash ls --max-depth 1 jotta:photos/2024", does: "The files of one folder." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    await printListing(context, await context.source(place), {
      filter,
      maxDepth: depthOf(options.maxDepth, { isRecursive: true }),
      format: (entry) =>
        entry.kind === "file"
          ? `${formatListedSize(entry.size, { isHuman: options.humanReadable, width: 9 })} ${entry.path}`
          : undefined,
    });
  },
});
