import { defineCommand } from "../lib/cli/command.ts";
import { disconnect } from "../lib/setup/disconnect.ts";

export const command = defineCommand({
  spec: {
    name: "config disconnect",
    summary: "End the session of a remote, here and at the service",
    description:
      "Tells the service that the session is over, and forgets it on this machine; the remote keeps its other settings. Where the service cannot be told, the command says so: the session then lives on until it is ended on the website (Settings, Security). An access token that was handed out already works until it expires, an hour at most.\n\n" +
      "A session that was copied from another machine is only forgotten: it goes on there.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, with or without colon" }],
    options: {},
    examples: [
      { line: "jottash config disconnect jotta:", does: 'Later: "jottash config reconnect jotta:".' },
    ],
    changes: true,
  },
  run: async (context, { args: [typed = ""] }) => {
    const { printer, settings } = context;
    const profile = await context.profile(typed);
    const name = profile.name;
    if (settings.dryRun) return printer.notice(`Would end the session of "${name}:"`);
    const { wasSignedIn, reason } = await disconnect(context, profile);
    if (!wasSignedIn) return printer.notice(`Nothing to end: "${name}:" has no session`);
    if (reason === undefined) return printer.notice(`Ended the session of "${name}:"`);
    printer.warning(`The session of "${name}:" is forgotten here, but goes on at the service: ${reason}`, {
      hint: "It can be ended on the website of the service, under Settings, Security",
    });
  },
});
