import { defineCommand } from "../lib/cli/command.ts";
import { printListing, timeOf } from "../lib/cli/listing.ts";
import { toggle } from "../lib/options.ts";
import { formatLocalTime } from "../lib/units.ts";

export const command = defineCommand({
  spec: {
    name: "lsd",
    summary: "List folders",
    description:
      "One line for each folder: size (-1: not known), modification time, number of entries (-1), path, as rclone prints it. The service keeps no times of folders: 2000-01-01 00:00:00 stands for them.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: { recursive: toggle({ flag: "recursive", short: "R", help: "All levels" }) },
    examples: [
      { line: "jottash lsd jotta:", does: "The folders of the remote." },
      { line: "jottash lsd -R jotta:photos", does: "All folders below one." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    await printListing(context, await context.source(place), {
      maxDepth: options.recursive ? Infinity : 1,
      format: (entry) => {
        if (entry.kind !== "directory") return undefined;
        return `${"-1".padStart(12)} ${formatLocalTime(timeOf(entry)).padStart(13)} ${
          "-1".padStart(9)
        } ${entry.path}`;
      },
    });
  },
});
