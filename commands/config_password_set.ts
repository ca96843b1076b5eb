import { defineCommand } from "../lib/cli/command.ts";
import { NEW_PASSWORD_OPTIONS, setNewConfigPassword } from "../lib/setup/config_password.ts";

export const command = defineCommand({
  spec: {
    name: "config password set",
    summary: "Encrypt the config with a password",
    description:
      "The file is encrypted as rclone does it, and rclone opens it with the same password. A config that is encrypted already gets the new password.\n\n" +
      "The new password is asked for, twice; in scripts it comes from --new-password-command or JOTTASH_NEW_CONFIG_PASS. It is never a word of the command line, which others can read. Nobody can open the file without it.",
    arguments: [],
    options: NEW_PASSWORD_OPTIONS,
    examples: [
      { line: "jottash config password set", does: "Ask for a new password, twice." },
      {
        line: "jottash config password set --new-password-command ./password",
        does: "With the password that this program prints.",
      },
    ],
    changes: true,
  },
  run: async (context, { options }) => {
    await setNewConfigPassword(context, options.newPasswordCommand);
  },
});
