import { defineCommand } from "../lib/cli/command.ts";
import { ConflictError, DirectoryNotFoundError } from "../lib/errors.ts";

const NOT_EMPTY_HINT = 'Empty folders in it are removed by "rmdirs", all that is in it by "purge"';

export const command = defineCommand({
  spec: {
    name: "rmdir",
    summary: "Remove an empty folder",
    description:
      "A folder with anything in it stays, also when that is an empty folder. On a remote, what is in the trash does not count; the folder goes to the trash with it, and with --hard-delete both are gone. A whole mountpoint is never removed.",
    arguments: [{ name: "FOLDER", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {},
    examples: [{ line: "jottash rmdir jotta:photos/2019", does: "Remove the folder if it is empty." }],
    changes: true,
  },
  run: async (context, { args: [place = ""] }) => {
    const { signal, settings } = context;
    const noun = context.nounAt(place);
    const refused = `Cannot remove the ${noun} "${context.labelOf(place)}"`;
    const { tree: parent, name } = await context.parentOf(place);
    const entry = await parent.stat(name, { signal });
    if (entry === undefined) throw new DirectoryNotFoundError(`${refused}: there is no such ${noun}`);
    if (entry.kind === "file") {
      throw new ConflictError(`${refused}: it is a file`, {
        hint: `Delete a file with: ${context.commandAt("deletefile", place)}`,
      });
    }
    // A remote looks for itself, and reads no more of a long listing than it has to.
    const isLooked = settings.dryRun || parent.side === "local";
    if (isLooked && (await parent.list(name, { signal })).length > 0) {
      throw new ConflictError(`${refused}: it is not empty`, { hint: NOT_EMPTY_HINT });
    }
    const forGood = await context.deletesForGood(place);
    if (!settings.dryRun) await parent.removeDirectory(name, { signal });
    await context.report({ action: "directory-removed", path: context.labelOf(place), noun, forGood });
  },
});
