/**
 * Words that people bring along from rclone and from the shell: commands that are not there, and the nearest that
 * is. One row each; a command that is made loses its row. (A test fails when a row hides a command.)
 */

interface OtherWord {
  readonly words: readonly string[];
  /** What does the same, or the most like it; undefined where nothing does. */
  readonly nearest?: string;
  /** By default the words are commands of rclone; others never were. */
  readonly isRclone?: false;
}

const OTHER_WORDS: readonly OtherWord[] = [
  {
    words: ["lsf", "lsjson", "tree", "ncdu", "size"],
    nearest: '"jottash ls" lists files with sizes, "jottash lsd -R" folders',
  },
  { words: ["listremotes"], nearest: '"jottash config list"' },
  { words: ["sync", "bisync"], nearest: '"jottash copy": what is new or changed, it deletes nothing' },
  { words: ["copyto"], nearest: '"jottash copy" into a folder, under the same name' },
  {
    words: ["move", "moveto"],
    nearest: '"jottash copy", then "jottash deletefile" or "jottash purge"',
  },
  {
    words: ["delete"],
    nearest: '"jottash deletefile" for one file, "jottash purge" for a folder with all in it',
  },
  { words: ["rmdir", "rmdirs"], nearest: '"jottash purge", which deletes what is in the folder too' },
  { words: ["check"], nearest: '"jottash copy -n" says what differs in size or time' },
  { words: ["hashsum", "md5sum", "sha1sum"], nearest: '"jottash copy" compares MD5 on the way' },
  { words: ["rcat", "touch"], nearest: '"jottash copy" of a file' },
  { words: ["cleanup", "link"], nearest: "the website of the service" },
  {
    words: ["config update", "config password"],
    nearest: '"jottash config" with questions, or "jottash config create" again',
  },
  {
    words: ["config reconnect"],
    nearest: '"jottash config create" signs in again and keeps the other settings',
  },
  { words: ["config userinfo"], nearest: '"jottash about"' },
  { words: ["config dump"], nearest: '"jottash config show"' },
  { words: ["config paths", "config touch"], nearest: '"jottash config file"' },
  { words: ["config disconnect"], nearest: '"jottash config delete"' },
  { words: ["mount", "nfsmount", "serve", "dedupe", "completion"] },
  { words: ["cp", "put", "get", "upload", "download"], nearest: '"jottash copy"', isRclone: false },
  {
    words: ["rm", "del", "remove"],
    nearest: '"jottash deletefile" for one file, "jottash purge" for a folder with all in it',
    isRclone: false,
  },
  {
    words: ["mv", "rename"],
    nearest: '"jottash copy", then "jottash deletefile" or "jottash purge"',
    isRclone: false,
  },
  { words: ["ll", "dir"], nearest: '"jottash lsd" for folders, "jottash lsl" for files', isRclone: false },
  { words: ["df", "du", "quota"], nearest: '"jottash about"', isRclone: false },
  { words: ["login", "signin", "init", "setup"], nearest: '"jottash config"', isRclone: false },
];

export interface OtherWordAnswer {
  /** What is the case, as in "there is no such command". */
  readonly state: string;
  readonly hint: string | undefined;
}

/** What to say about a command that is not there; undefined when the words mean nothing here either. */
export function answerOtherWord(typed: string): OtherWordAnswer | undefined {
  const row = OTHER_WORDS.find((each) => each.words.includes(typed));
  if (row === undefined) return undefined;
  const { nearest } = row;
  return {
    state: row.isRclone === false
      ? "there is no such command"
      : "rclone has this command, jottash does not have it yet",
    hint: nearest === undefined ? undefined : `Nearest: ${nearest}`,
  };
}

/** All words of the table, for tests. */
export function otherWords(): string[] {
  return OTHER_WORDS.flatMap((row) => row.words);
}
