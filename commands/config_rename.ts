import { defineCommand } from "../lib/cli/command.ts";
import { asConfigFailure } from "../lib/cli/remote_config.ts";
import { remoteNameOf, requireNewName, requireSection } from "../lib/setup/remotes.ts";
import type { ConfigDocument } from "../lib/store/config_file.ts";

export const command = defineCommand({
  spec: {
    name: "config rename",
    summary: "Give a remote of the config another name",
    description: "Settings and session stay as they are; only the name changes.",
    arguments: [
      { name: "OLD", kind: "remote-name", help: "Name of the remote now" },
      { name: "NEW", kind: "remote-name", help: "Name from now on; no remote may have it yet" },
    ],
    options: {},
    examples: [{ line: "jottash config rename jotta private", does: "What was jotta: is private: now." }],
    changes: true,
  },
  run: async (context, { args: [typedOld = "", typedNew = ""] }) => {
    const store = await context.configStore();
    const [from, to] = [remoteNameOf(typedOld), remoteNameOf(typedNew)];
    const check = (document: ConfigDocument) => {
      requireSection(document, from, context.env);
      requireNewName(document, to, `rename "${from}" to "${to}"`);
    };
    check(await context.config());
    if (context.settings.dryRun) {
      return context.printer.notice(`Would rename the remote "${from}" to "${to}"`);
    }
    const rename = (document: ConfigDocument) => {
      check(document);
      document.renameSection(from, to);
    };
    await asConfigFailure(() => store.update(rename), "The config cannot be saved");
    context.printer.notice(`Renamed the remote "${from}" to "${to}"`);
  },
});
