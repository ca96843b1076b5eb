import { defineCommand } from "../lib/cli/command.ts";
import { ConflictError, FileNotFoundError } from "../lib/errors.ts";

export const command = defineCommand({
  spec: {
    name: "deletefile",
    summary: "Delete one file",
    description:
      "On a remote the file goes to the trash of the account, from where it can be restored on the website.",
    arguments: [{ name: "FILE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {},
    examples: [{ line: "jottash deletefile jotta:notes/old.txt", does: "Move the file to the trash." }],
    changes: true,
  },
  run: async (context, { args: [place = ""] }) => {
    const { signal, settings, printer } = context;
    const { tree, name } = await context.parentOf(place);
    const entry = await tree.stat(name, { signal });
    if (entry === undefined) throw new FileNotFoundError(`Cannot delete "${place}": there is no such file`);
    if (entry.kind === "directory") {
      throw new ConflictError(`Cannot delete "${place}": it is a folder`, {
        hint: `Delete it with all that is in it: jottash purge "${place}"`,
      });
    }
    if (settings.dryRun) return printer.notice(`Would delete "${place}"`);
    await tree.removeFile(name, { signal });
  },
});
