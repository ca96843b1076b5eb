import { defineCommand } from "../lib/cli/command.ts";
import { ConflictError, DirectoryNotFoundError } from "../lib/errors.ts";

export const command = defineCommand({
  spec: {
    name: "purge",
    summary: "Delete a folder with all that is in it",
    description:
      "On a remote the folder goes to the trash of the account, from where it can be restored on the website. On this machine it is gone.",
    arguments: [{ name: "FOLDER", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {},
    examples: [
      { line: "jottash purge jotta:photos/2019", does: "Move the folder to the trash." },
      { line: "jottash purge -n jotta:photos/2019", does: "Only say what would be deleted." },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""] }) => {
    const { signal, settings, printer } = context;
    const tree = await context.tree(place);
    const { tree: parent, name } = await context.parentOf(place);
    const entry = await parent.stat(name, { signal });
    if (entry === undefined) {
      throw new DirectoryNotFoundError(`Cannot purge "${place}": there is no such folder`);
    }
    if (entry.kind === "file") {
      throw new ConflictError(`Cannot purge "${place}": it is a file`, {
        hint: `Delete a file with: jottash deletefile "${place}"`,
      });
    }
    if (settings.dryRun) return printer.notice(`Would delete the folder "${place}" with all that is in it`);
    await tree.purge("", { signal });
  },
});
