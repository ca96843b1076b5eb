import { defineCommand } from "../lib/cli/command.ts";
import { removeConfigPassword } from "../lib/setup/config_password.ts";

export const command = defineCommand({
  spec: {
    name: "config password remove",
    summary: "Decrypt the config: make it plain text",
    description:
      "Needs the password once more. Whoever can read the file can use the accounts in it afterwards. A config that is plain text already stays as it is.",
    arguments: [],
    options: {},
    examples: [{ line: "jottash config password remove", does: "Make the config plain text." }],
    changes: true,
  },
  run: async (context) => {
    // The password is wanted for a dry run too: it tells whether the real one would work.
    await context.config();
    await removeConfigPassword(context);
  },
});
