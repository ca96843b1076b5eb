import { defineCommand } from "../lib/cli/command.ts";
import { describeSection } from "../lib/setup/remotes.ts";
import { printSections } from "../lib/setup/show.ts";

export const command = defineCommand({
  spec: {
    name: "config show",
    summary: "Show the settings of remotes, secrets hidden",
    arguments: [{
      name: "NAME",
      kind: "remote-name",
      help: "Only this remote; all without it",
      isOptional: true,
    }],
    options: {},
    examples: [{ line: "jottash config show jotta", does: "The settings of one remote." }],
    changes: false,
  },
  run: async (context, { args: [typed] }) => {
    await printSections(context, typed, describeSection);
  },
});
