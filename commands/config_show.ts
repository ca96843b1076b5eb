import { defineCommand } from "../lib/cli/command.ts";
import { describeSection, requireSection } from "../lib/setup/remotes.ts";

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
    const document = await context.config();
    const name = typed?.replace(/:$/, "");
    if (name !== undefined) requireSection(document, name);
    const names = name === undefined ? document.sections() : [name];
    for (const [index, each] of names.entries()) {
      if (index > 0) await context.printer.line("");
      await context.printer.line(`[${each}]`);
      for (const [key, value] of describeSection(document, each)) {
        await context.printer.line(`${key} = ${value}`);
      }
    }
  },
});
