import { defineCommand } from "../lib/cli/command.ts";
import { toggle } from "../lib/options.ts";
import { ownRemotes } from "../lib/setup/session_report.ts";
import { printSessions } from "../lib/setup/print_sessions.ts";

export const command = defineCommand({
  spec: {
    name: "auth status",
    summary: "Show sessions: method, place, expiry, last refresh",
    description:
      'Looks only at what is stored (a --token-get-cmd is run for it): nothing is sent, nothing changes, no secret is shown. The status is 0 also where something is wrong; for a verdict use "jottash auth check".\n\n' +
      "--json writes an array with remote, service, method, home (where it is kept: config, token-file, commands, environment), signedIn, expiresAt, canRefresh, rotatedAt, writable, copied, interruptedAt and problem; what is not known is null.",
    arguments: [{
      name: "NAME",
      kind: "remote-name",
      help: "Only these remotes; all without it",
      isOptional: true,
      isRepeated: true,
    }],
    options: { json: toggle({ flag: "json", help: "Write a JSON array" }) },
    examples: [
      { line: "jottash auth status", does: "All remotes." },
      { line: "jottash auth status jotta: --json", does: "For programs." },
    ],
    changes: false,
  },
  run: async (context, { args, options }) => {
    const names = args.length === 0 ? await ownRemotes(context) : await requireRemotes(args, context);
    await printSessions(context, names, { asJson: options.json });
  },
});

/** A name that is no remote is a mistake of the caller, not a session in trouble. */
async function requireRemotes(
  typed: readonly string[],
  context: Parameters<typeof printSessions>[0],
): Promise<readonly string[]> {
  for (const each of typed) await context.profile(each);
  return typed;
}
