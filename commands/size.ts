import { defineCommand } from "../lib/cli/command.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { visitEntries } from "../lib/cli/listing.ts";
import { depthOf, MAX_DEPTH, PLACE_ARGUMENT } from "../lib/cli/listing_options.ts";
import { toggle } from "../lib/options.ts";
import { formatCountSuffix, formatSize } from "../lib/units.ts";

/** What `--json` writes: rclone's keys. */
export interface SizeJson {
  readonly count: number;
  readonly bytes: number;
  /** Files whose size nobody tells; there are none. */
  readonly sizeless: number;
}

export const command = defineCommand({
  spec: {
    name: "size",
    summary: "Count files and add up their sizes",
    description: "Both numbers stand there twice, with a suffix and in full.",
    arguments: [PLACE_ARGUMENT],
    options: {
      json: toggle({ flag: "json", help: "Write count and bytes as JSON" }),
      humanReadable: toggle({ flag: "human-readable", help: "Changes nothing: both forms are shown anyway" }),
      maxDepth: MAX_DEPTH,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash size jotta:photos", does: "How much is below the folder." },
      { line: "jottash size --json .", does: "The same for a program." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    let count = 0;
    let bytes = 0;
    await visitEntries(context, await context.source(place), {
      filter,
      maxDepth: depthOf(options.maxDepth, { isRecursive: true }),
      visit: (entry) => {
        if (entry.kind !== "file") return;
        count++;
        bytes += entry.size;
      },
    });
    if (options.json) {
      return await context.printer.line(JSON.stringify({ count, bytes, sizeless: 0 } satisfies SizeJson));
    }
    await context.printer.line(`Total objects: ${formatCountSuffix(count)} (${count})`);
    await context.printer.line(`Total size: ${formatSize(bytes)} (${bytes} Byte)`);
  },
});
