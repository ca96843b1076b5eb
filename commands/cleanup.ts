import { defineCommand } from "../lib/cli/command.ts";
import { formatQuantity } from "../lib/units.ts";

export const command = defineCommand({
  spec: {
    name: "cleanup",
    summary: "Empty the trash of the account",
    description:
      "All that is in the trash is gone for good: of the whole account, all its devices and mountpoints, whatever the path says, also what was deleted on the website or by other programs. Nothing is asked. See what is there with --dry-run, or on the website.",
    arguments: [{
      name: "REMOTE",
      kind: "remote-location",
      help: "Name of the remote with its colon, as in jotta:",
    }],
    options: {},
    examples: [
      { line: "jottash cleanup -n jotta:", does: "Only say how much is in the trash." },
      { line: "jottash cleanup jotta:", does: "Empty it." },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""] }) => {
    const { signal, settings, printer } = context;
    const remote = await context.remote(place, "empty the trash of");
    const { files, folders } = settings.dryRun
      ? await remote.countTrash({ signal })
      : await remote.emptyTrash({ signal });
    await context.report({ action: "trash-emptied", path: context.labelOf(place), files, folders });
    if (settings.dryRun) return;
    printer.notice(
      `Emptied the trash of the account: ${formatQuantity(files, "file")}, ${
        formatQuantity(folders, "folder")
      }`,
    );
  },
});
