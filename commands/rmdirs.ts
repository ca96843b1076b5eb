import { changeOptions, requireNoErrors } from "../lib/cli/changes.ts";
import { defineCommand } from "../lib/cli/command.ts";
import { ConflictError } from "../lib/errors.ts";
import { toggle } from "../lib/options.ts";
import { removeEmptyDirectories } from "../lib/sync/remove_empty.ts";

export const command = defineCommand({
  spec: {
    name: "rmdirs",
    summary: "Remove the empty folders in a folder, and the folder itself if it is empty",
    description:
      "A folder that holds nothing but empty folders is empty too. On a remote they go to the trash, with --hard-delete they are gone. A whole mountpoint or disk and the directory you are in stay.",
    arguments: [{ name: "FOLDER", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {
      leaveRoot: toggle({ flag: "leave-root", help: "Keep FOLDER itself also when it is empty" }),
    },
    examples: [
      {
        line: "jottash rmdirs jotta:photos",
        does: "Remove photos/2019 and the like where nothing is in them.",
      },
      { line: "jottash rmdirs -n jotta:photos", does: "Only say what would be removed." },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""], options: { leaveRoot } }) => {
    const { signal, settings, printer, log } = context;
    const label = context.labelOf(place);
    const noun = context.nounAt(place);
    const { tree, file } = await context.source(place);
    if (file !== undefined) {
      throw new ConflictError(`Cannot remove the empty folders in "${label}": it is a file`, {
        hint: `Delete a file with: ${context.commandAt("deletefile", place)}`,
      });
    }
    const { name } = await context.parentOf(place);
    const here = await context.tree(".");
    const isFixed = name === "" || here.identity.startsWith(tree.identity);
    const forGood = await context.deletesForGood(place) ? ", for good" : "";
    const errors = await removeEmptyDirectories(tree, {
      ...changeOptions(context),
      keepRoot: leaveRoot || isFixed,
      remove: async (path) => {
        if (settings.dryRun) {
          return printer.notice(`Would remove the empty ${noun} "${path === "" ? label : path}"${forGood}`);
        }
        await tree.removeDirectory(path, { signal });
        log.info("removed a folder", { path: path === "" ? label : path });
      },
    });
    requireNoErrors(`remove all empty folders in "${label}"`, errors);
  },
});
