import { changeOptions, requireNoErrors, watchChanges } from "../lib/cli/changes.ts";
import { defineCommand } from "../lib/cli/command.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { MAX_DEPTH } from "../lib/cli/listing_options.ts";
import { forRecursiveWork } from "../lib/cli/recursive.ts";
import { ConflictError } from "../lib/errors.ts";
import { toggle } from "../lib/options.ts";
import { removeEmptyDirectories } from "../lib/sync/remove_empty.ts";

export const command = defineCommand({
  spec: {
    name: "rmdirs",
    summary: "Remove empty folders, all levels",
    description:
      "A folder that holds nothing but empty folders is empty too. On a remote they go to the trash, with --hard-delete they are gone. A whole mountpoint or disk and the directory you are in stay. Filters say which folders may go: a folder is not empty when what they leave out is in it.",
    arguments: [{ name: "FOLDER", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {
      leaveRoot: toggle({ flag: "leave-root", help: "Keep FOLDER itself also when it is empty" }),
      maxDepth: MAX_DEPTH,
      ...FILTER_OPTIONS,
    },
    examples: [
      {
        line: "jottash rmdirs jotta:photos",
        does: "Remove photos/2019 and the like where nothing is in them.",
      },
      {
        line: "jottash rmdirs --exclude /keep/** jotta:photos",
        does: "The same, with all that is in photos/keep left alone.",
      },
      { line: "jottash rmdirs -n jotta:photos", does: "Only say what would be removed." },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""], options }) => {
    const { signal, settings } = context;
    // Whether a folder of the last level is empty, only a look into it tells.
    const maxDepth = options.maxDepth > 0 ? options.maxDepth + 1 : options.maxDepth;
    const filter = await openFilter(context, { ...options, maxDepth });
    if (filter === undefined) return;
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
    const forGood = await context.deletesForGood(place);
    await using _view = watchChanges(context);
    const errors = await removeEmptyDirectories(forRecursiveWork(context, tree, { filter }), {
      ...changeOptions(context),
      filter,
      keepRoot: options.leaveRoot || isFixed,
      remove: async (path) => {
        if (!settings.dryRun) await tree.removeDirectory(path, { signal });
        await context.report({
          action: "directory-removed",
          path: path === "" ? label : path,
          noun,
          forGood,
        });
      },
    });
    requireNoErrors(`remove all empty folders in "${label}"`, errors);
  },
});
