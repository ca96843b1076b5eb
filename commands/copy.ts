import { defineCommand } from "../lib/cli/command.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { MAX_DEPTH } from "../lib/cli/listing_options.ts";
import { makeLocalTarget, openTarget } from "../lib/cli/target.ts";
import { runTransfers } from "../lib/cli/transfers.ts";
import { UsageError } from "../lib/errors.ts";
import { toggle } from "../lib/options.ts";
import { copySingleFile, copyTree } from "../lib/sync/copy.ts";
import { nameOf } from "../lib/tree/tree.ts";

export const command = defineCommand({
  spec: {
    name: "copy",
    summary: "Copy files and trees; what is the same already is left out",
    description:
      "Copies what is in SOURCE into the folder TARGET, which is made if it is missing. A single file keeps its name. Files of the same size and modification time (to the second) are left alone; nothing is ever deleted.\n\n" +
      "Content that the service knows by its MD5 is not sent again. A download gets its name only when size and MD5 are right. Symbolic links are left out, with a warning.\n\nA terminal shows the progress; elsewhere --progress prints a line now and then.",
    arguments: [
      {
        name: "SOURCE",
        kind: "location",
        help: "File or folder to copy: remote:path, or a path of this machine",
      },
      {
        name: "TARGET",
        kind: "location",
        help: "Folder to copy into: remote:path, or a path of this machine",
      },
    ],
    options: {
      createEmptyDirectories: toggle({
        flag: "create-empty-src-dirs",
        help: "Make empty folders at the target too",
      }),
      maxDepth: MAX_DEPTH,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash copy ~/Pictures jotta:Pictures", does: "Upload what is new or changed." },
      { line: "jottash copy jotta:Pictures /mnt/restore", does: "Download it all." },
      { line: "jottash copy -n ~/Pictures jotta:Pictures", does: "Only say what would be copied." },
    ],
    changes: true,
  },
  run: async (context, { args: [from = "", to = ""], options }) => {
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const source = await context.source(from);
    const [fromLabel, toLabel] = [context.labelOf(from), context.labelOf(to)];
    const target = await openTarget(context, to, {
      purpose: `copy "${fromLabel}" to`,
      hint: "Name the folder that is to hold the files",
    });
    const isTree = source.file === undefined;
    if (isTree && target.identity.startsWith(source.tree.identity)) {
      const state = target.identity === source.tree.identity
        ? "they are the same"
        : "the target is inside the source";
      throw new UsageError(`Cannot copy "${fromLabel}" to "${toLabel}": ${state}`);
    }
    if (!isTree && filter.hasConditions) {
      context.printer.warning(`No filter decides about "${fromLabel}": it is a single file`);
    }
    await makeLocalTarget(context, target);
    const { settings } = context;
    const copyOptions = {
      transfers: settings.transfers,
      checkers: settings.checkers,
      dryRun: settings.dryRun,
      createEmptyDirectories: options.createEmptyDirectories,
      filter,
    };
    await runTransfers(
      context,
      { what: `copy all of "${fromLabel}"`, isSingle: !isTree },
      async (transfer) => {
        const { tree, file } = source;
        if (file === undefined) return await copyTree(tree, target, copyOptions, transfer);
        const job = { source: tree, file, target, targetPath: nameOf(file.path) };
        return await copySingleFile(job, copyOptions, transfer);
      },
    );
  },
});
