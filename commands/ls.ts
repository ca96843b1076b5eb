import { defineCommand } from "../lib/cli/command.ts";
import { printListing } from "../lib/cli/listing.ts";

export const command = defineCommand({
  spec: {
    name: "ls",
    summary: "List files with their sizes, all levels",
    description: "One line for each file: size in bytes, path. Folders are not listed; lsd does that.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {},
    examples: [
      { line: "jottash ls jotta:", does: "All files of the remote." },
      { line: "jottash ls jotta:photos/2024", does: "All files below one folder." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""] }) => {
    await printListing(context, await context.source(place), {
      format: (entry) =>
        entry.kind === "file" ? `${String(entry.size).padStart(9)} ${entry.path}` : undefined,
    });
  },
});
