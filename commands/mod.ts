/** The command table: the only place where commands are registered; each is loaded when it is called. */
import type { CommandTable, CommandTableRow } from "../lib/cli/command.ts";
import type { Command } from "../lib/cli/command.ts";

type Loader = () => Promise<{ readonly command: Command }>;

function row(group: string, name: string, summary: string, load: Loader): CommandTableRow {
  return { group, name, summary, load: async () => (await load()).command };
}

const LOOK = "Look";
const MOVE = "Copy and change";
const SETUP = "Set up";

export const COMMANDS: CommandTable = [
  row(LOOK, "ls", "List files with their sizes, all levels", () => import("./ls.ts")),
  row(LOOK, "lsl", "List files with their sizes and times, all levels", () => import("./lsl.ts")),
  row(LOOK, "lsd", "List folders", () => import("./lsd.ts")),
  row(LOOK, "cat", "Write the content of files to standard output", () => import("./cat.ts")),
  row(LOOK, "about", "Show how much space the account has", () => import("./about.ts")),
  row(MOVE, "copy", "Copy files and trees; what is the same already is left out", () => import("./copy.ts")),
  row(MOVE, "mkdir", "Make a folder", () => import("./mkdir.ts")),
  row(MOVE, "deletefile", "Delete one file", () => import("./deletefile.ts")),
  row(MOVE, "purge", "Delete a folder with all that is in it", () => import("./purge.ts")),
  row(SETUP, "config", "Set up remotes: sign in, choose device and mountpoint", () => import("./config.ts")),
  row(SETUP, "config create", "Set up a remote without questions", () => import("./config_create.ts")),
  row(SETUP, "config show", "Show the settings of remotes, secrets hidden", () => import("./config_show.ts")),
  row(SETUP, "config list", "List the names of remotes", () => import("./config_list.ts")),
  row(SETUP, "config delete", "Delete a remote from the config", () => import("./config_delete.ts")),
  row(SETUP, "config file", "Show where the config file is", () => import("./config_file.ts")),
  row(SETUP, "version", "Show the version", () => import("./version.ts")),
  row(SETUP, "help", "Show help for all commands, or for one", () => import("./help.ts")),
];
