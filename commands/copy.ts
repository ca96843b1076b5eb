import { defineCommand } from "../lib/cli/command.ts";
import { runSyncCommand } from "../lib/cli/sync_command.ts";
import { COPY_OPTIONS } from "../lib/cli/sync_options.ts";

export const command = defineCommand({
  spec: {
    name: "copy",
    summary: "Copy files and trees; what is the same is left alone",
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
    options: COPY_OPTIONS,
    examples: [
      { line: "jottash copy ~/Pictures jotta:Pictures", does: "Upload what is new or changed." },
      { line: "jottash copy jotta:Pictures /mnt/restore", does: "Download it all." },
      { line: "jottash copy -n ~/Pictures jotta:Pictures", does: "Only say what would be copied." },
      {
        line: "jottash copy --max-age 1d --no-traverse ~/Pictures jotta:Pictures",
        does: "Upload a few new files without a look at all the others.",
      },
    ],
    changes: true,
  },
  run: (context, { args, options, invocation }) =>
    runSyncCommand(context, { verb: "copy", isExact: false, args, options, invocation }),
});
