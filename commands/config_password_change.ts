import { defineCommand } from "../lib/cli/command.ts";
import {
  NEW_PASSWORD_OPTIONS,
  requireEncrypted,
  setNewConfigPassword,
} from "../lib/setup/config_password.ts";

export const command = defineCommand({
  spec: {
    name: "config password change",
    summary: "Change the password of the config",
    description: "Needs the present password, and a config that is encrypted.\n\n" +
      "The new password is asked for, twice; in scripts it comes from --new-password-command or JOTTASH_NEW_CONFIG_PASS. It is never a word of the command line, which others can read. Nobody can open the file without it.",
    arguments: [],
    options: NEW_PASSWORD_OPTIONS,
    examples: [
      {
        line: "jottash config password change",
        does: "Ask for the present password, then for a new one, twice.",
      },
      {
        line: "jottash config password change --new-password-command ./password",
        does: "With the password that this program prints.",
      },
    ],
    changes: true,
  },
  run: async (context, { options }) => {
    await requireEncrypted(context, "change the password");
    await setNewConfigPassword(context, options.newPasswordCommand);
  },
});
