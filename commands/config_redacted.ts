import { defineCommand } from "../lib/cli/command.ts";
import { redactSection } from "../lib/setup/redacted.ts";
import { printSections } from "../lib/setup/show.ts";

export const command = defineCommand({
  spec: {
    name: "config redacted",
    summary: "Show remotes as they can stand in a bug report",
    description:
      "Hides secrets, and what tells whose remote it is: names of user, device and mountpoint, addresses that are not the service's own. All of it becomes three stars.",
    arguments: [{
      name: "NAME",
      kind: "remote-name",
      help: "Only this remote; all without it",
      isOptional: true,
    }],
    options: {},
    examples: [{ line: "jottash config redacted jotta", does: "Look it over, then paste it." }],
    changes: false,
  },
  run: async (context, { args: [typed] }) => {
    if (await printSections(context, typed, redactSection) > 0) {
      context.printer.notice("Look it over before you publish it");
    }
  },
});
