import { changeOptions, requireNoErrors, watchChanges } from "../lib/cli/changes.ts";
import { defineCommand } from "../lib/cli/command.ts";
import { ASK_OPTIONS, createDeletionApproval } from "../lib/cli/deletion_approval.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter, requireNoRules } from "../lib/cli/filters.ts";
import { MAX_DEPTH } from "../lib/cli/listing_options.ts";
import { forRecursiveWork } from "../lib/cli/recursive.ts";
import { UsageError } from "../lib/errors.ts";
import { filterTree } from "../lib/listing/filtered_tree.ts";
import { toggle } from "../lib/options.ts";
import { forEachFile } from "../lib/sync/each_file.ts";
import { removeEmptyDirectories } from "../lib/sync/remove_empty.ts";
import type { FileEntry } from "../lib/tree/tree.ts";

export const command = defineCommand({
  spec: {
    name: "delete",
    summary: "Delete the files in a folder, and keep the folders",
    description:
      "On a remote the files go to the trash of the account; with --hard-delete they are gone with all their versions. On this machine they are gone. Try it with --dry-run first.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {
      rmdirs: toggle({ flag: "rmdirs", help: "Remove the empty folders in PLACE afterwards" }),
      ...ASK_OPTIONS,
      maxDepth: MAX_DEPTH,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash delete -n jotta:photos/2019", does: "Only say what would be deleted." },
      { line: "jottash delete --include *.tmp jotta:work", does: "Delete only what matches." },
      {
        line: "jottash delete --rmdirs jotta:photos/2019",
        does: "Delete files and empty folders; 2019 stays.",
      },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""], options }) => {
    const { signal, settings } = context;
    const label = context.labelOf(place);
    const mayDelete = await createDeletionApproval(context, options);
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const source = await context.source(place);
    requireNoRules(source, filter);
    const { tree, file } = source;
    const forGood = await context.deletesForGood(place);
    const remove = async ({ path, size }: FileEntry) => {
      if (!await mayDelete({ path, size })) return;
      if (!settings.dryRun) await tree.removeFile(path, { signal });
      await context.report({ action: "deleted", path, size, forGood });
    };
    if (file !== undefined) return await remove(file);
    if (tree.side === "local" && (await context.parentOf(place)).name === "") {
      throw new UsageError(`Cannot delete the files in "${label}": it is a whole disk`, {
        hint: "Name a directory below it",
      });
    }
    await using _view = watchChanges(context);
    const engine = changeOptions(context);
    const whole = forRecursiveWork(context, tree, { filter });
    const errors = await forEachFile(filterTree(whole, { ...engine, filter }), engine, remove);
    if (options.rmdirs && errors.length === 0) {
      const more = await removeEmptyDirectories(forRecursiveWork(context, tree, { filter }), {
        ...engine,
        filter,
        keepRoot: true,
        remove: async (path) => {
          if (!settings.dryRun) await tree.removeDirectory(path, { signal });
          await context.report({ action: "directory-removed", path, noun: context.nounAt(place), forGood });
        },
      });
      return requireNoErrors(`remove all empty folders in "${label}"`, more);
    }
    requireNoErrors(`delete all files in "${label}"`, errors);
  },
});
