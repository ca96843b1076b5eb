import { defineCommand } from "../lib/cli/command.ts";
import { aboutLines } from "../lib/cli/about_text.ts";
import { toggle } from "../lib/options.ts";

export const command = defineCommand({
  spec: {
    name: "about",
    summary: "Show how much space the account or the disk has",
    description:
      "Total and Free are left out where the account is unlimited. Files in the trash and old versions count as used.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:, or a path of this machine for its disk" }],
    options: {
      json: toggle({ flag: "json", help: "Write the numbers as JSON, in bytes" }),
      humanReadable: toggle({ flag: "human-readable", help: "Changes nothing: suffixes are there anyway" }),
      full: toggle({ flag: "full", help: "Write whole numbers of bytes" }),
    },
    examples: [
      { line: "jottash about jotta:", does: "Total, used and free space." },
      { line: "jottash about --json jotta:", does: "The same for a program." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options: { json, full } }) => {
    const tree = await context.tree(place);
    const { totalBytes, usedBytes, freeBytes } = await tree.about({ signal: context.signal });
    const usage = { total: totalBytes, used: usedBytes, free: freeBytes };
    for (const line of aboutLines(usage, json ? "json" : full ? "full" : "human")) {
      await context.printer.line(line);
    }
  },
});
