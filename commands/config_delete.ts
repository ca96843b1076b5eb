import { defineCommand } from "../lib/cli/command.ts";
import { asConfigFailure } from "../lib/cli/remote_config.ts";
import { remoteNameOf, requireSection } from "../lib/setup/remotes.ts";
import type { ConfigDocument } from "../lib/store/config_file.ts";

export const command = defineCommand({
  spec: {
    name: "config delete",
    summary: "Delete a remote from the config",
    description:
      'Forgets its settings and its session on this machine. Nothing on the service is touched: to end the session there too, run "jottash config disconnect NAME:" first.',
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote" }],
    options: {},
    examples: [{ line: "jottash config delete old", does: "Forget the remote old:" }],
    changes: true,
  },
  run: async (context, { args: [typed = ""] }) => {
    const store = await context.configStore();
    const name = remoteNameOf(typed);
    requireSection(await context.config(), name, context.env);
    if (context.settings.dryRun) {
      return context.printer.notice(`Would delete the remote "${name}" from the config`);
    }
    const remove = (document: ConfigDocument) => {
      requireSection(document, name, context.env);
      document.deleteSection(name);
    };
    await asConfigFailure(() => store.update(remove), "The config cannot be saved");
    context.printer.notice(`Deleted the remote "${name}" from ${store.path}`);
  },
});
