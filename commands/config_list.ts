import { defineCommand } from "../lib/cli/command.ts";

export const command = defineCommand({
  spec: {
    name: "config list",
    summary: "List the names of remotes",
    description:
      "Those of the config file, and those that stand in the environment alone (JOTTASH_CONFIG_NAME_TYPE, RCLONE_CONFIG_NAME_TYPE).",
    arguments: [],
    options: {},
    examples: [{ line: "jottash config list", does: "One name a line, with a colon, as in jotta:" }],
    changes: false,
  },
  run: async (context) => {
    for (const name of await context.remoteNames()) await context.printer.line(`${name}:`);
  },
});
