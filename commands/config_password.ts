import { defineCommand } from "../lib/cli/command.ts";
import { UsageError } from "../lib/errors.ts";
import { manageConfigPassword } from "../lib/setup/config_password.ts";

export const command = defineCommand({
  spec: {
    name: "config password",
    summary: "Set, change or remove the password of the config",
    description:
      "An encrypted config is read and written as rclone does it, and both programs open it with the same password. It is taken from --password-command, JOTTASH_CONFIG_PASS or RCLONE_CONFIG_PASS, and asked for otherwise.",
    arguments: [],
    options: {},
    examples: [{ line: "jottash config password", does: "A menu; what it offers depends on the file." }],
    changes: true,
  },
  run: async (context) => {
    const instead = 'In scripts use "jottash config password set", "change", "remove" or "check"';
    if (!context.canAsk) {
      throw new UsageError("Cannot ask questions: a terminal is needed", { hint: instead });
    }
    if (context.settings.dryRun) {
      throw new UsageError("Cannot use --dry-run with questions: each change is asked for");
    }
    await manageConfigPassword(context, await context.prompter(instead));
  },
});
