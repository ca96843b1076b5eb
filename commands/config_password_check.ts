import { defineCommand } from "../lib/cli/command.ts";
import { requireEncrypted } from "../lib/setup/config_password.ts";

export const command = defineCommand({
  spec: {
    name: "config password check",
    summary: "Check that the password opens the config",
    description:
      "Ends with status 0 when both are so, and with 2 otherwise: for a config in plain text too, so that a script can make sure.",
    arguments: [],
    options: {},
    examples: [{
      line: "jottash config password check --password-command ./password",
      does: "Check the password that this program prints.",
    }],
    changes: false,
  },
  run: async (context) => {
    await requireEncrypted(context, "check the password");
    await context.config();
    const { path } = await context.configStore();
    context.printer.notice(`${path} is encrypted, and the password opens it`);
  },
});
