import { defineCommand } from "../lib/cli/command.ts";
import { duration, toggle } from "../lib/options.ts";
import { accessTokenOf } from "../lib/setup/access_token.ts";

export const command = defineCommand({
  spec: {
    name: "auth token",
    summary: "Write an access token to standard output",
    description:
      "Refreshes the session where needed, as every command does. Whoever has the access token can use the account until it ends, about an hour at most; it cannot be refreshed.\n\n" +
      "So one machine can keep the session, the only one that refreshes it, and hand out access tokens to the others, which then cannot end it for each other. The others run with\n\n" +
      "--token-get-cmd 'ssh nas jottash auth token jotta: --min-ttl 30m'\n\n" +
      "or with the token in the variable JOTTASH_ACCESS_TOKEN.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, with or without colon" }],
    options: {
      minTtl: duration({
        flag: "min-ttl",
        default: 0,
        minMs: 0,
        help: "How long it has to live, as in 30m (default: no matter how long)",
      }),
      json: toggle({ flag: "json", help: "Write a JSON object with accessToken and expiresAt" }),
    },
    examples: [
      {
        line: "jottash auth token jotta: --min-ttl 30m",
        does: "One that is good for a job of half an hour.",
      },
      { line: "jottash auth token jotta: --json", does: "With the time when it ends." },
    ],
    changes: false,
  },
  run: async (context, { args: [typed = ""], options }) => {
    const { printer, terminal } = context;
    const profile = await context.profile(typed);
    const { token, expiresAtMs } = await accessTokenOf(context, profile, options.minTtl);
    if (terminal.stdoutIsTerminal) {
      printer.warning("Whoever sees this token can use the account until it ends");
    }
    if (!options.json) return await printer.line(token);
    const expiresAt = expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString();
    await printer.line(JSON.stringify({ accessToken: token, expiresAt }));
  },
});
