import { defineCommand } from "../lib/cli/command.ts";
import { toggle } from "../lib/options.ts";

export const command = defineCommand({
  spec: {
    name: "listremotes",
    summary: "List the names of remotes, one a line",
    description: "Those of the config file and of the environment, each with a colon, as rclone prints them.",
    arguments: [],
    options: { long: toggle({ flag: "long", help: "The type of each remote too" }) },
    examples: [{ line: "jottash listremotes", does: "One name a line, as in jotta:" }],
    changes: false,
  },
  run: async (context, { options }) => {
    const names = (await context.remoteNames()).sort();
    const width = Math.max(0, ...names.map((name) => name.length)) + 1;
    const document = await context.shownConfig();
    for (const name of names) {
      const type = document.get(name, "type") ?? "";
      await context.printer.line(options.long ? `${`${name}:`.padEnd(width)} ${type}`.trimEnd() : `${name}:`);
    }
  },
});
