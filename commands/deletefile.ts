import { isBrokenLink } from "../lib/cli/broken_link.ts";
import { defineCommand } from "../lib/cli/command.ts";
import { ASK_OPTIONS, createDeletionApproval } from "../lib/cli/deletion_approval.ts";
import { ConflictError, FileNotFoundError } from "../lib/errors.ts";

export const command = defineCommand({
  spec: {
    name: "deletefile",
    summary: "Delete one file",
    description:
      "On a remote the file goes to the trash of the account; the website of the service can restore it; with --hard-delete it is gone with all its versions. On this machine it is gone.",
    arguments: [{ name: "FILE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: { ...ASK_OPTIONS },
    examples: [{ line: "jottash deletefile jotta:notes/old.txt", does: "Move the file to the trash." }],
    changes: true,
  },
  run: async (context, { args: [place = ""], options }) => {
    const mayDelete = await createDeletionApproval(context, options);
    const { signal, settings } = context;
    const label = context.labelOf(place);
    const { tree, name } = await context.parentOf(place);
    const entry = await tree.stat(name, { signal });
    if (entry === undefined && !await isBrokenLink(tree, name)) {
      throw new FileNotFoundError(`Cannot delete "${label}": there is no such file`);
    }
    if (entry?.kind === "directory") {
      throw new ConflictError(`Cannot delete "${label}": it is a ${context.nounAt(place)}`, {
        // A whole mountpoint or disk is not purged either.
        hint: name === ""
          ? undefined
          : `Delete it with all that is in it: ${context.commandAt("purge", place)}`,
      });
    }
    const forGood = await context.deletesForGood(place);
    if (!await mayDelete({ path: label })) return;
    if (!settings.dryRun) await tree.removeFile(name, { signal });
    await context.report({ action: "deleted", path: label, forGood });
  },
});
