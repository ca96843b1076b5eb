import { defineCommand } from "../lib/cli/command.ts";
import { toggle } from "../lib/options.ts";
import { describeSection } from "../lib/setup/remotes.ts";

/** As rclone's `config dump` indents. */
const INDENT = 4;

export const command = defineCommand({
  spec: {
    name: "config dump",
    summary: "Write all remotes of the config as one JSON object",
    description:
      "One object for each remote, by its name, with the keys of the config file and text as values. Remotes that stand in the environment alone are in it too (rclone leaves them out). Secrets are three stars unless they are asked for.",
    arguments: [],
    options: {
      json: toggle({ flag: "json", help: "JSON, which it is in any case" }),
      showSecrets: toggle({
        flag: "show-secrets",
        help: "Write tokens and passwords too: whoever reads them can use the account",
      }),
    },
    examples: [
      { line: "jottash config dump", does: "All remotes, secrets hidden." },
      { line: "jottash config dump --show-secrets", does: "As rclone writes it." },
    ],
    changes: false,
  },
  run: async (context, { options }) => {
    const document = await context.shownConfig();
    const describe = (name: string) =>
      options.showSecrets ? document.entries(name) : describeSection(document, name);
    const remotes = Object.fromEntries(
      document.sections().map((name) => [name, Object.fromEntries(describe(name))]),
    );
    await context.printer.line(JSON.stringify(remotes, undefined, INDENT));
  },
});
