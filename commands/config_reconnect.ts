import { defineCommand } from "../lib/cli/command.ts";
import { remoteNameOf } from "../lib/setup/remotes.ts";
import { planReconnect } from "../lib/setup/reconnect.ts";
import { SIGN_IN_OPTIONS } from "../lib/setup/sign_in_options.ts";

export const command = defineCommand({
  spec: {
    name: "config reconnect",
    summary: "Sign in again, keeping the settings of a remote",
    description:
      'Signs in as the last time, or as the options say (see "jottash help config create"); on a terminal the secret is asked for. The session that there is stays in use until the new one is saved. It is ended at the service then, unless it was copied from another machine, where it goes on.',
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, with or without colon" }],
    options: SIGN_IN_OPTIONS,
    examples: [
      { line: "jottash config reconnect jotta:", does: "As the last time." },
      {
        line: "jottash config reconnect jotta: --login-token-file token.txt",
        does: "With a login token from a file.",
      },
      {
        line: "jottash config reconnect jotta: --method traditional --service jottacloud",
        does: "In another way from now on.",
      },
    ],
    changes: true,
  },
  run: async (context, { args: [typed = ""], options }) => {
    const { printer, settings } = context;
    const reconnect = await planReconnect(context, remoteNameOf(typed), options);
    if (settings.dryRun) {
      return printer.notice(`Would sign in again as "${reconnect.name}:" (${reconnect.method})`);
    }
    const { email, formerSession } = await reconnect.run();
    printer.notice(`Signed in as ${email}; saved as "${reconnect.name}:" in ${reconnect.home}`);
    if (formerSession === "goes-on") {
      printer.notice("The session before is not used here any more, but goes on at the service", {
        hint: "It can be ended on the website of the service, under Settings, Security",
      });
    }
  },
});
