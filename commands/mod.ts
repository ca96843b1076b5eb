/** The command table: the only place where commands are registered; each is loaded when it is called. */
import type { CommandTable, CommandTableRow } from "../lib/cli/command.ts";
import type { Command } from "../lib/cli/command.ts";

type Loader = () => Promise<{ readonly command: Command }>;

function row(group: string, name: string, summary: string, load: Loader): CommandTableRow {
  return { group, name, summary, load: async () => (await load()).command };
}

const LOOK = "Look";
const MOVE = "Copy and move";
const CHANGE = "Make and change";
const DELETE = "Delete";
const JOBS = "Jobs";
const SETUP = "Set up";
const SESSIONS = "Sessions";
const HELP = "Help";

export const COMMANDS: CommandTable = [
  row(LOOK, "ls", "List files with their sizes, all levels", () => import("./ls.ts")),
  row(LOOK, "lsl", "List files with their sizes and times, all levels", () => import("./lsl.ts")),
  row(LOOK, "lsd", "List folders", () => import("./lsd.ts")),
  row(LOOK, "lsf", "List files and folders in a form for scripts", () => import("./lsf.ts")),
  row(LOOK, "lsjson", "List files and folders as JSON", () => import("./lsjson.ts")),
  row(LOOK, "tree", "Show folders and files as a tree", () => import("./tree.ts")),
  row(LOOK, "size", "Count files and add up their sizes", () => import("./size.ts")),
  row(LOOK, "md5sum", "Write the MD5 of files, as md5sum does", () => import("./md5sum.ts")),
  row(LOOK, "sha1sum", "Write the SHA-1 of files, as sha1sum does", () => import("./sha1sum.ts")),
  row(LOOK, "hashsum", "Write hash sums of files", () => import("./hashsum.ts")),
  row(LOOK, "check", "Compare the files of two places, and change nothing", () => import("./check.ts")),
  row(
    LOOK,
    "checksum",
    "Compare the files of a place with a list of hash sums",
    () => import("./checksum.ts"),
  ),
  row(
    LOOK,
    "verify",
    "Prove by reading that files are there and whole",
    () => import("./verify.ts"),
  ),
  row(
    LOOK,
    "doctor",
    "Find damaged uploads and other trouble, mend it",
    () => import("./doctor.ts"),
  ),
  row(LOOK, "cat", "Write the content of files to standard output", () => import("./cat.ts")),
  row(LOOK, "about", "Show how much space the account or the disk has", () => import("./about.ts")),
  row(MOVE, "copy", "Copy files and trees; what is the same is left alone", () => import("./copy.ts")),
  row(
    MOVE,
    "copyto",
    "Copy a file to another name, or a folder elsewhere",
    () => import("./copyto.ts"),
  ),
  row(MOVE, "sync", "Make a folder the same as another, deleting the rest", () => import("./sync.ts")),
  row(MOVE, "move", "Move files and trees into a folder", () => import("./move.ts")),
  row(MOVE, "moveto", "Move or rename a file or folder", () => import("./moveto.ts")),
  row(MOVE, "rcat", "Write standard input to a file", () => import("./rcat.ts")),
  row(CHANGE, "mkdir", "Make a folder", () => import("./mkdir.ts")),
  row(CHANGE, "touch", "Set the time of files, or make an empty file", () => import("./touch.ts")),
  row(CHANGE, "link", "Make, show or remove a public link", () => import("./link.ts")),
  row(DELETE, "deletefile", "Delete one file", () => import("./deletefile.ts")),
  row(DELETE, "delete", "Delete the files in a folder, and keep the folders", () => import("./delete.ts")),
  row(DELETE, "purge", "Delete a folder with all that is in it", () => import("./purge.ts")),
  row(DELETE, "rmdir", "Remove an empty folder", () => import("./rmdir.ts")),
  row(DELETE, "rmdirs", "Remove empty folders, all levels", () => import("./rmdirs.ts")),
  row(
    DELETE,
    "dedupe",
    "Find files with the same content, and keep one of each",
    () => import("./dedupe.ts"),
  ),
  row(DELETE, "cleanup", "Empty the trash of the account", () => import("./cleanup.ts")),
  row(JOBS, "jobs", "List runs that can be picked up, and how they ended", () => import("./jobs.ts")),
  row(JOBS, "jobs show", "Show all that is known of a job, and what failed", () => import("./jobs_show.ts")),
  row(
    JOBS,
    "jobs resume",
    "Go on with a job that was stopped or interrupted",
    () => import("./jobs_resume.ts"),
  ),
  row(
    JOBS,
    "jobs retry-failed",
    "Try again what failed in a job, and nothing else",
    () => import("./jobs_retry_failed.ts"),
  ),
  row(
    JOBS,
    "jobs forget",
    "Forget jobs, so that they are not listed any more",
    () => import("./jobs_forget.ts"),
  ),
  row(SETUP, "listremotes", "List the names of remotes, one a line", () => import("./listremotes.ts")),
  row(SETUP, "config", "Set up remotes: sign in, choose device and mountpoint", () => import("./config.ts")),
  row(SETUP, "config create", "Set up a remote without questions", () => import("./config_create.ts")),
  row(SETUP, "config show", "Show the settings of remotes, secrets hidden", () => import("./config_show.ts")),
  row(SETUP, "config list", "List the names of remotes", () => import("./config_list.ts")),
  row(SETUP, "config update", "Change settings of a remote", () => import("./config_update.ts")),
  row(
    SETUP,
    "config reconnect",
    "Sign in again, keeping the settings of a remote",
    () => import("./config_reconnect.ts"),
  ),
  row(
    SETUP,
    "config disconnect",
    "End the session of a remote, here and at the service",
    () => import("./config_disconnect.ts"),
  ),
  row(SETUP, "config userinfo", "Show who is signed in", () => import("./config_userinfo.ts")),
  row(SETUP, "config rename", "Give a remote of the config another name", () => import("./config_rename.ts")),
  row(
    SETUP,
    "config copy",
    "Make a remote with the settings of another one",
    () => import("./config_copy.ts"),
  ),
  row(SETUP, "config delete", "Delete a remote from the config", () => import("./config_delete.ts")),
  row(
    SETUP,
    "config import",
    "Take over remotes from the config of rclone",
    () => import("./config_import.ts"),
  ),
  row(
    SETUP,
    "config redacted",
    "Show remotes as they can stand in a bug report",
    () => import("./config_redacted.ts"),
  ),
  row(
    SETUP,
    "config dump",
    "Write all remotes of the config as one JSON object",
    () => import("./config_dump.ts"),
  ),
  row(SETUP, "config file", "Show where the config file is", () => import("./config_file.ts")),
  row(
    SETUP,
    "config password",
    "Set, change or remove the password of the config",
    () => import("./config_password.ts"),
  ),
  row(
    SETUP,
    "config password set",
    "Encrypt the config with a password",
    () => import("./config_password_set.ts"),
  ),
  row(
    SETUP,
    "config password change",
    "Change the password of the config",
    () => import("./config_password_change.ts"),
  ),
  row(
    SETUP,
    "config password remove",
    "Decrypt the config: make it plain text",
    () => import("./config_password_remove.ts"),
  ),
  row(
    SETUP,
    "config password check",
    "Check that the password opens the config",
    () => import("./config_password_check.ts"),
  ),
  row(SESSIONS, "auth", "Show the sessions of all remotes", () => import("./auth.ts")),
  row(
    SESSIONS,
    "auth status",
    "Show sessions: method, place, expiry, last refresh",
    () => import("./auth_status.ts"),
  ),
  row(
    SESSIONS,
    "auth check",
    "Tell by the status whether a session is good for work",
    () => import("./auth_check.ts"),
  ),
  row(
    SESSIONS,
    "auth token",
    "Write an access token to standard output",
    () => import("./auth_token.ts"),
  ),
  row(
    SESSIONS,
    "auth adopt",
    "Go on with a session that came from another machine",
    () => import("./auth_adopt.ts"),
  ),
  row(HELP, "version", "Show the version", () => import("./version.ts")),
  row(HELP, "help", "Show help for all commands, or for one", () => import("./help.ts")),
];
