import { defineCommand } from "../lib/cli/command.ts";
import { runSyncCommand } from "../lib/cli/sync_command.ts";
import { MOVE_OPTIONS } from "../lib/cli/sync_options.ts";

export const command = defineCommand({
  spec: {
    name: "moveto",
    summary: "Move or rename a file or folder",
    description:
      "SOURCE becomes TARGET, its new path and name. The service moves within an account by itself: files keep their versions, times and links, and nothing is transferred. A file takes the place of a file, which goes to the trash (the service may drop it from there). A folder is moved into one that is there already: files take the place of files, the rest of it stays.\n\n" +
      'Between an account and this machine it works as "jottash move".',
    arguments: [
      {
        name: "SOURCE",
        kind: "location",
        help: "File or folder: remote:path, or a path of this machine",
      },
      {
        name: "TARGET",
        kind: "location",
        help: "Its new path and name: remote:path, or a path of this machine",
      },
    ],
    options: MOVE_OPTIONS,
    examples: [
      { line: "jottash moveto jotta:a.txt jotta:notes/b.txt", does: "Move and rename a file." },
      { line: "jottash moveto jotta:Photos jotta:photos", does: "Change the case of a folder's name." },
      { line: "jottash moveto dump.sql jotta:dumps/monday.sql", does: "Upload, and remove it here." },
    ],
    changes: true,
  },
  run: (context, { args, options, invocation }) =>
    runSyncCommand(context, { verb: "move", isExact: true, args, options, invocation }),
});
