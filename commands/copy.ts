import { defineCommand } from "../lib/cli/command.ts";
import { makeLocalTarget, openTarget } from "../lib/cli/target.ts";
import { runTransfers } from "../lib/cli/transfers.ts";
import { UsageError } from "../lib/errors.ts";
import { toggle } from "../lib/options.ts";
import { copySingleFile, copyTree } from "../lib/sync/copy.ts";
import { nameOf } from "../lib/tree/tree.ts";

export const command = defineCommand({
  spec: {
    name: "copy",
    summary: "Copy files and trees, leaving out what is the same already",
    description:
      "Copies what is in SOURCE into the folder TARGET, which is made if it is missing. Either may be remote:path or a path of this machine. A single file keeps its name. Files of the same size and modification time (to the second) are left alone; nothing is ever deleted.\n\n" +
      "Uploads are compared by MD5 with what the service has: known content is not sent again. Downloads get their name only when size and MD5 are right.",
    arguments: [
      { name: "SOURCE", kind: "location", help: "File or folder to copy" },
      { name: "TARGET", kind: "location", help: "Folder to copy into" },
    ],
    options: {
      createEmptyDirectories: toggle({
        flag: "create-empty-src-dirs",
        help: "Make folders at the target also where they hold no file",
      }),
    },
    examples: [
      { line: "jottash copy ~/Pictures jotta:Pictures", does: "Upload what is new or changed." },
      { line: "jottash copy jotta:Pictures /mnt/restore", does: "Download it all." },
      { line: "jottash copy -n ~/Pictures jotta:Pictures", does: "Only say what would be copied." },
    ],
    changes: true,
  },
  run: async (context, { args: [from = "", to = ""], options }) => {
    const source = await context.source(from);
    const target = await openTarget(context, to, `copy "${from}" to`);
    const isTree = source.file === undefined;
    if (isTree && target.identity.startsWith(source.tree.identity)) {
      const state = target.identity === source.tree.identity
        ? "they are the same"
        : "the target is inside the source";
      throw new UsageError(`Cannot copy "${from}" to "${to}": ${state}`);
    }
    await makeLocalTarget(context, target);
    const { settings } = context;
    const copyOptions = {
      transfers: settings.transfers,
      checkers: settings.checkers,
      dryRun: settings.dryRun,
      createEmptyDirectories: options.createEmptyDirectories,
    };
    await runTransfers(context, { what: `copy all of "${from}"`, isSingle: !isTree }, async (transfer) => {
      const { tree, file } = source;
      if (file === undefined) return await copyTree(tree, target, copyOptions, transfer);
      const job = { source: tree, file, target, targetPath: nameOf(file.path) };
      return await copySingleFile(job, copyOptions, transfer);
    });
  },
});
