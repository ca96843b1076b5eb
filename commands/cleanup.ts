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
    if (settings.dryRun) {
      const { files, folders } = await remote.countTrash({ signal });
      if (files + folders === 0) return printer.notice("Nothing to do: the trash is empty");
      return printer.notice(
        `Would empty the trash of the account: ${formatQuantity(files, "file")}, ${
          formatQuantity(folders, "folder")
        } with all that is in them`,
      );
    }
    const { files, folders } = await remote.emptyTrash({ signal });
    printer.notice(
      `Emptied the trash of the account: ${formatQuantity(files, "file")}, ${
        formatQuantity(folders, "folder")
      }`,
    );
  },
});
