import { defineCommand } from "../lib/cli/command.ts";

export const command = defineCommand({
  spec: {
    name: "config list",
    summary: "List the names of remotes",
    arguments: [],
    options: {},
    examples: [{ line: "jottash config list", does: "One name a line, with a colon, as in jotta:" }],
    changes: false,
  },
  run: async (context) => {
    const document = await context.config();
    for (const name of document.sections()) await context.printer.line(`${name}:`);
  },
});
