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
    words: ["ncdu"],
    nearest: '"jottash tree" with --size and --human-readable',
  },
  { words: ["bisync"], nearest: '"jottash sync" in one direction' },
  { words: ["config encryption"], nearest: '"jottash config password" with set, change, remove or check' },
  { words: ["authorize"], nearest: '"jottash config create" with --method traditional --no-browser' },
  { words: ["config edit"], nearest: '"jottash config", with questions' },
  { words: ["config paths", "config touch"], nearest: '"jottash config file"' },
  { words: ["mount", "nfsmount", "serve", "completion", "genautocomplete", "rc", "rcd", "selfupdate"] },
  { words: ["archive", "backend", "cryptcheck", "cryptdecode", "obscure", "settier"] },
  { words: ["copyurl"], nearest: '"jottash rcat", as in: curl ADDRESS | jottash rcat NAME:file' },
  { words: ["cp", "put", "get", "upload", "download"], nearest: '"jottash copy"', isRclone: false },
  {
    words: ["rm", "del", "remove"],
    nearest: '"jottash deletefile" for one file, "jottash purge" for a folder with all in it',
    isRclone: false,
  },
  { words: ["mv", "rename"], nearest: '"jottash moveto"', isRclone: false },
  {
    words: ["sha256sum", "sha512sum", "crc32sum"],
    nearest: '"jottash hashsum" with the name of the hash',
    isRclone: false,
  },
  { words: ["ll", "dir"], nearest: '"jottash lsd" for folders, "jottash lsl" for files', isRclone: false },
  { words: ["df", "du", "quota"], nearest: '"jottash about"', isRclone: false },
  { words: ["login", "signin", "init", "setup"], nearest: '"jottash config"', isRclone: false },
  { words: ["logout", "signout"], nearest: '"jottash config disconnect"', isRclone: false },
  { words: ["whoami"], nearest: '"jottash config userinfo"', isRclone: false },
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
