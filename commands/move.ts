import { defineCommand } from "../lib/cli/command.ts";
import { runSyncCommand } from "../lib/cli/sync_command.ts";
import { MOVE_OPTIONS } from "../lib/cli/sync_options.ts";

export const command = defineCommand({
  spec: {
    name: "move",
    summary: "Move files and trees into a folder",
    description:
      "Moves what is in SOURCE into the folder TARGET, which is made if it is missing. A single file keeps its name. Within an account and within this machine nothing is transferred; otherwise a file of SOURCE is removed when TARGET is known to hold it, and on a remote it goes to the trash. What fails stays in SOURCE.\n\n" +
      "A folder that is missing at the target moves as a whole. Other folders of SOURCE stay, without their files; --delete-empty-src-dirs removes them.",
    arguments: [
      {
        name: "SOURCE",
        kind: "location",
        help: "File or folder to move: remote:path, or a path of this machine",
      },
      {
        name: "TARGET",
        kind: "location",
        help: "Folder to move into: remote:path, or a path of this machine",
      },
    ],
    options: MOVE_OPTIONS,
    examples: [
      { line: "jottash move ~/Scans jotta:Scans", does: "Upload, and remove what has arrived." },
      { line: "jottash move --min-age 30d ~/Scans jotta:Scans", does: "Only what is older than 30 days." },
      { line: "jottash move jotta:inbox jotta:archive", does: "Within the account, without a transfer." },
    ],
    changes: true,
  },
  run: (context, { args, options, invocation }) =>
    runSyncCommand(context, { verb: "move", isExact: false, args, options, invocation }),
});
