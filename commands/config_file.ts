import { defineCommand } from "../lib/cli/command.ts";

export const command = defineCommand({
  spec: {
    name: "config file",
    summary: "Show where the config file is",
    arguments: [],
    options: {},
    examples: [{ line: "jottash config file", does: "The path, whether the file exists or not." }],
    changes: false,
  },
  run: async (context) => await context.printer.line((await context.configStore()).path),
});
