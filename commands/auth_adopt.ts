import { defineCommand } from "../lib/cli/command.ts";
import { adopt } from "../lib/setup/adopt.ts";

export const command = defineCommand({
  spec: {
    name: "auth adopt",
    summary: "Go on with a session that came from another machine",
    description:
      "A config that was copied takes the session along, and two machines with one session end it for each other at the next refresh. So jottash does not refresh a copied session. When the other machine does not use it any more, this command makes it a session of this machine; while it does, sign in anew instead: jottash config reconnect NAME:.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, with or without colon" }],
    options: {},
    examples: [{ line: "jottash auth adopt jotta:", does: "After a move to a new machine." }],
    changes: true,
  },
  run: async (context, { args: [typed = ""] }) => {
    const { printer, settings } = context;
    const profile = await context.profile(typed);
    const { name } = profile;
    const adoption = await adopt(context, profile, { isDryRun: settings.dryRun });
    if (adoption === "own") return printer.notice(`Nothing to do: the session of "${name}:" was not copied`);
    if (settings.dryRun) return printer.notice(`Would take over the session of "${name}:"`);
    printer.notice(`Took over the session of "${name}:"`, {
      hint: "From now on no other machine may use it",
    });
  },
});
