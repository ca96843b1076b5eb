import { defineCommand } from "../lib/cli/command.ts";
import { UsageError } from "../lib/errors.ts";
import { ConfigWizard } from "../lib/setup/wizard.ts";

export const command = defineCommand({
  spec: {
    name: "config",
    summary: "Set up remotes: sign in, choose device and mountpoint",
    description:
      'A menu, then one question after the other; Ctrl-C stops at any of them. Signs in with a login token, with the browser, or with user name and password. In scripts use "jottash config create". The config file has the format of rclone, which can use the same remotes.',
    arguments: [],
    options: {},
    examples: [{
      line: "jottash config",
      does: "Make, edit, rename, copy and delete remotes; set a password.",
    }],
    changes: true,
  },
  run: async (context) => {
    const instead =
      "In scripts use: jottash config create NAME --login-token-file FILE (or --login-token-stdin)";
    if (!context.canAsk) {
      throw new UsageError("Cannot ask questions: a terminal is needed", { hint: instead });
    }
    if (context.settings.dryRun) {
      throw new UsageError("Cannot use --dry-run with questions: each change is asked for");
    }
    const prompter = await context.prompter(instead);
    await new ConfigWizard(context, prompter).run();
  },
});
