import { defineCommand } from "../lib/cli/command.ts";
import { runSyncCommand } from "../lib/cli/sync_command.ts";
import { COPY_OPTIONS } from "../lib/cli/sync_options.ts";

export const command = defineCommand({
  spec: {
    name: "copyto",
    summary: "Copy a file to another name, or a folder elsewhere",
    description:
      'A single file SOURCE is copied to TARGET, which is its new path and name; a file of that name is replaced. A folder is copied as by "jottash copy": what is in SOURCE goes into the folder TARGET.',
    arguments: [
      {
        name: "SOURCE",
        kind: "location",
        help: "File or folder to copy: remote:path, or a path of this machine",
      },
      {
        name: "TARGET",
        kind: "location",
        help: "Its path and name there: remote:path, or a path of this machine",
      },
    ],
    options: COPY_OPTIONS,
    examples: [
      { line: "jottash copyto db.dump jotta:dumps/monday.dump", does: "Upload under another name." },
      { line: "jottash copyto jotta:a.txt jotta:b.txt", does: "A second file of the same content." },
    ],
    changes: true,
  },
  run: (context, { args, options, invocation }) =>
    runSyncCommand(context, { verb: "copy", isExact: true, args, options, invocation }),
});
