import { defineCommand } from "../lib/cli/command.ts";
import { printListing, timeOf } from "../lib/cli/listing.ts";
import { formatLocalTime } from "../lib/units.ts";

export const command = defineCommand({
  spec: {
    name: "lsl",
    summary: "List files with their sizes and times, all levels",
    description:
      "One line for each file: size in bytes, modification time in the time zone of this machine, path.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {},
    examples: [{ line: "jottash lsl jotta:photos", does: "All files below the folder, with times." }],
    changes: false,
  },
  run: async (context, { args: [place = ""] }) => {
    await printListing(context, await context.source(place), {
      format: (entry) => {
        if (entry.kind !== "file") return undefined;
        const time = formatLocalTime(timeOf(entry), { precision: "nanoseconds" });
        return `${String(entry.size).padStart(9)} ${time} ${entry.path}`;
      },
    });
  },
});
