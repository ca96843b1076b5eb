import { defineCommand } from "../lib/cli/command.ts";
import { printSessions } from "../lib/setup/print_sessions.ts";
import { ownRemotes } from "../lib/setup/session_report.ts";

export const command = defineCommand({
  spec: {
    name: "auth",
    summary: "Show the sessions of all remotes",
    description:
      'The same as "jottash auth status". Below it are "auth check", which answers with its status, "auth token", which hands out access tokens, and "auth adopt", which takes over a copied session.',
    arguments: [],
    options: {},
    examples: [{ line: "jottash auth", does: "All remotes." }],
    changes: false,
  },
  run: async (context) => await printSessions(context, await ownRemotes(context), { asJson: false }),
});
