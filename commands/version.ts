import { defineCommand } from "../lib/cli/command.ts";
import { VERSION } from "../lib/version.ts";

export const command = defineCommand({
  spec: {
    name: "version",
    summary: "Show the version",
    arguments: [],
    options: {},
    examples: [{ line: "jottash version", does: "Version of jottash, of its runtime and of the platform." }],
    changes: false,
  },
  run: async ({ printer, platform }) => {
    await printer.line(`jottash ${VERSION}`);
    await printer.line(`- runtime: ${platform.runtime}`);
    await printer.line(`- platform: ${platform.os} ${platform.architecture}`);
  },
});
