import { defineCommand } from "../lib/cli/command.ts";
import { toggle } from "../lib/options.ts";
import { userinfoOf } from "../lib/setup/userinfo.ts";
import { formatTable } from "../lib/ui/table.ts";

export const command = defineCommand({
  spec: {
    name: "config userinfo",
    summary: "Show who is signed in",
    description:
      "What the identity provider tells about the user: name, e-mail address and the like. For a legacy session it is what the service tells.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, with or without colon" }],
    options: { json: toggle({ flag: "json", help: "Write a JSON object" }) },
    examples: [
      { line: "jottash config userinfo jotta:", does: "One line for each thing that is known." },
      { line: "jottash config userinfo jotta: --json", does: "For programs." },
    ],
    changes: false,
  },
  run: async (context, { args: [typed = ""], options }) => {
    const { printer } = context;
    const info = await userinfoOf(context, await context.profile(typed));
    if (options.json) return await printer.line(JSON.stringify(info, undefined, 2));
    const rows = Object.entries(info).map(([name, value]) => [`${name}:`, value]);
    for (const line of formatTable(rows, { gap: 1 })) await printer.line(line);
  },
});
