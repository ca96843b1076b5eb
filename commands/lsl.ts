import { defineCommand } from "../lib/cli/command.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { printListing } from "../lib/cli/listing.ts";
import { depthOf, HUMAN_READABLE, MAX_DEPTH, PLACE_ARGUMENT } from "../lib/cli/listing_options.ts";
import { modifiedAtNsOf } from "../lib/listing/item.ts";
import { formatListedSize } from "../lib/listing/size_field.ts";
import { createTimeFormatter } from "../lib/listing/time_layout.ts";

export const command = defineCommand({
  spec: {
    name: "lsl",
    summary: "List files with their sizes and times, all levels",
    description:
      "One line for each file: size in bytes, modification time in the time zone of this machine, path. The service keeps whole seconds.",
    arguments: [PLACE_ARGUMENT],
    options: { humanReadable: HUMAN_READABLE, maxDepth: MAX_DEPTH, ...FILTER_OPTIONS },
    examples: [{ line: "jottash lsl jotta:photos", does: "All files below the folder, with times." }],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const formatTime = createTimeFormatter("2006-01-02 15:04:05.000000000");
    await printListing(context, await context.source(place), {
      filter,
      maxDepth: depthOf(options.maxDepth, { isRecursive: true }),
      nanoseconds: true,
      format: (entry) => {
        if (entry.kind !== "file") return undefined;
        const size = formatListedSize(entry.size, { isHuman: options.humanReadable, width: 9 });
        return `${size} ${formatTime(modifiedAtNsOf(entry))} ${entry.path}`;
      },
    });
  },
});
