import { defineCommand } from "../lib/cli/command.ts";
import { runSyncCommand } from "../lib/cli/sync_command.ts";
import { SYNC_OPTIONS } from "../lib/cli/sync_options.ts";

export const command = defineCommand({
  spec: {
    name: "sync",
    summary: "Make a folder the same as another, deleting the rest",
    description:
      'Makes the folder TARGET hold what SOURCE holds: copies as "jottash copy" does, then deletes the files of TARGET that SOURCE does not have, and the folders that are empty then. On a remote they go to the trash of the account. Try it with --dry-run first. A single file is copied into TARGET, and nothing is deleted.\n\n' +
      "Nothing is deleted when anything failed or could not be read, nor when SOURCE holds no files at all. What the filters leave out stays in TARGET.",
    arguments: [
      {
        name: "SOURCE",
        kind: "location",
        help: "Folder that is not changed: remote:path, or a path of this machine",
      },
      {
        name: "TARGET",
        kind: "location",
        help: "Folder that becomes the same: remote:path, or a path of this machine",
      },
    ],
    options: SYNC_OPTIONS,
    examples: [
      { line: "jottash sync -n ~/Pictures jotta:Pictures", does: "Only say what would be done." },
      {
        line: "jottash sync --backup-dir jotta:old ~/Pictures jotta:Pictures",
        does: "Keep what is replaced or deleted in another folder.",
      },
      {
        line: "jottash sync --max-delete 100 ~/Pictures jotta:Pictures",
        does: "Delete nothing if more than 100 files would go.",
      },
    ],
    changes: true,
  },
  run: (context, { args, options, invocation }) =>
    runSyncCommand(context, { verb: "sync", isExact: false, args, options, invocation }),
});
