import { defineCommand } from "../lib/cli/command.ts";
import { duration } from "../lib/options.ts";
import { problemOf } from "../lib/setup/session_problem.ts";
import { statusOf } from "../lib/setup/session_report.ts";

export const command = defineCommand({
  spec: {
    name: "auth check",
    summary: "Tell by the status whether a session is good for work",
    description:
      "Looks only at what is stored: nothing is sent, nothing is printed when all is well. Status 0: the access token lives long enough, or can be refreshed and the new one saved. Status 7: nobody is signed in, the session cannot be refreshed and ends before --min-ttl, it was copied from another machine, or a refresh was interrupted and the access token has ended. Whether the service has ended the session meanwhile is found out only by using it.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, with or without colon" }],
    options: {
      minTtl: duration({
        flag: "min-ttl",
        default: 0,
        minMs: 0,
        help: "How long an access token has to live, as in 30m (default: now)",
      }),
    },
    examples: [
      { line: "jottash auth check jotta:", does: "As the first line of a script." },
      { line: "jottash auth check ci: --min-ttl 30m", does: "Before a job of half an hour." },
    ],
    changes: false,
  },
  run: async (context, { args: [typed = ""], options }) => {
    const status = await statusOf(context, await context.profile(typed));
    const problem = problemOf(status, { nowMs: context.clock.now(), minTtlMs: options.minTtl });
    if (problem !== undefined) throw problem;
  },
});
