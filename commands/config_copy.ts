import { defineCommand } from "../lib/cli/command.ts";
import { asConfigFailure, requireJottacloud } from "../lib/cli/remote_config.ts";
import { copySettings, remoteNameOf, requireNewName, requireSection } from "../lib/setup/remotes.ts";
import type { ConfigDocument } from "../lib/store/config_file.ts";

export const command = defineCommand({
  spec: {
    name: "config copy",
    summary: "Make a remote with the settings of another one",
    description:
      "The new remote gets device, mountpoint and all other settings, and needs a session of its own: two remotes with one session would end it for each other, because its token works once.",
    arguments: [
      { name: "FROM", kind: "remote-name", help: "Name of the remote that has the settings" },
      { name: "TO", kind: "remote-name", help: "Name of the new remote" },
    ],
    options: {},
    examples: [
      { line: "jottash config copy jotta photos", does: "Then sign in: jottash config reconnect photos:" },
    ],
    changes: true,
  },
  run: async (context, { args: [typedFrom = "", typedTo = ""] }) => {
    const store = await context.configStore();
    const [from, to] = [remoteNameOf(typedFrom), remoteNameOf(typedTo)];
    const check = (document: ConfigDocument) => {
      requireSection(document, from, context.env);
      requireJottacloud(document, from, store.path);
      requireNewName(document, to, `copy "${from}" to "${to}"`);
    };
    check(await context.config());
    if (context.settings.dryRun) {
      return context.printer.notice(`Would copy the settings of the remote "${from}" to "${to}"`);
    }
    const copy = (document: ConfigDocument) => {
      check(document);
      copySettings(document, from, to);
    };
    await asConfigFailure(() => store.update(copy), "The config cannot be saved");
    context.printer.notice(`Copied the settings of the remote "${from}" to "${to}"`, {
      hint: `It needs a session of its own: jottash config reconnect ${to}:`,
    });
  },
});
