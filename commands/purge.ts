import { defineCommand } from "../lib/cli/command.ts";
import { ASK_OPTIONS, createDeletionApproval } from "../lib/cli/deletion_approval.ts";
import { ConflictError, DirectoryNotFoundError, UsageError } from "../lib/errors.ts";

export const command = defineCommand({
  spec: {
    name: "purge",
    summary: "Delete a folder with all that is in it",
    description:
      "On a remote the folder goes to the trash of the account; the website of the service can restore it; with --hard-delete it is gone. On this machine it is gone. A whole mountpoint or disk is never deleted, nor the directory you are in.",
    arguments: [{ name: "FOLDER", kind: "location", help: "remote:path, or a path of this machine" }],
    options: { ...ASK_OPTIONS },
    examples: [
      { line: "jottash purge jotta:photos/2019", does: "Move the folder to the trash." },
      { line: "jottash purge -n jotta:photos/2019", does: "Only say what would be deleted." },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""], options }) => {
    const mayDelete = await createDeletionApproval(context, options);
    const { signal, settings } = context;
    const label = context.labelOf(place);
    const tree = await context.tree(place);
    const { tree: parent, name } = await context.parentOf(place);
    const here = await context.tree(".");
    if (tree.side === "local" && (name === "" || here.identity.startsWith(tree.identity))) {
      const state = name === "" ? "it is a whole disk" : "the current directory is in it";
      throw new UsageError(`Cannot purge "${label}": ${state}`, { hint: "Name a directory below it" });
    }
    const entry = await parent.stat(name, { signal });
    if (entry === undefined) {
      throw new DirectoryNotFoundError(`Cannot purge "${label}": there is no such ${context.nounAt(place)}`);
    }
    if (entry.kind === "file") {
      throw new ConflictError(`Cannot purge "${label}": it is a file`, {
        hint: `Delete a file with: ${context.commandAt("deletefile", place)}`,
      });
    }
    const forGood = await context.deletesForGood(place);
    if (!await mayDelete({ path: label })) return;
    if (!settings.dryRun) await tree.purge("", { signal });
    await context.report({ action: "directory-deleted", path: label, noun: context.nounAt(place), forGood });
  },
});
