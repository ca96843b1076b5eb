import { defineCommand } from "../lib/cli/command.ts";
import { formatSize } from "../lib/units.ts";

export const command = defineCommand({
  spec: {
    name: "about",
    summary: "Show how much space the account has",
    description:
      "Total and Free are left out where the account is unlimited. Files in the trash and old versions count as used.",
    arguments: [{
      name: "REMOTE",
      kind: "remote-location",
      help: "Name of the remote with its colon, as in jotta:",
    }],
    options: {},
    examples: [{ line: "jottash about jotta:", does: "Total, used and free space." }],
    changes: false,
  },
  run: async (context, { args: [place = ""] }) => {
    const remote = await context.remote(place, "show the space of");
    const { totalBytes, usedBytes, freeBytes } = await remote.about({ signal: context.signal });
    const rows = [["Total:", totalBytes], ["Used:", usedBytes], ["Free:", freeBytes]] as const;
    for (const [label, bytes] of rows) {
      if (bytes !== undefined) await context.printer.line(`${label.padEnd(8)} ${formatSize(bytes)}`);
    }
  },
});
