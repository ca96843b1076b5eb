import { defineCommand } from "../lib/cli/command.ts";
import { requireSection } from "../lib/setup/remotes.ts";

export const command = defineCommand({
  spec: {
    name: "config delete",
    summary: "Delete a remote from the config",
    description:
      "Only the settings on this machine, the sign-in included; nothing on the service is touched.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote" }],
    options: {},
    examples: [{ line: "jottash config delete old", does: "Forget the remote old:" }],
    changes: true,
  },
  run: async (context, { args: [typed = ""] }) => {
    const store = await context.configStore();
    const name = typed.replace(/:$/, "");
    requireSection(await store.load(), name);
    if (context.settings.dryRun) {
      return context.printer.notice(`Would delete the remote "${name}" from the config`);
    }
    await store.update((document) => {
      requireSection(document, name);
      document.deleteSection(name);
    });
    context.printer.notice(`Deleted the remote "${name}" from ${store.path}`);
  },
});
