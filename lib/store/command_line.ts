/**
 * Command lines in options and in the config (`--token-get-cmd`, `--password-command`), split by rclone's rule for
 * lists with spaces: words are separated by spaces, a word with spaces stands in double quotes, and a quote inside
 * of those is doubled. No shell, no variables, no single quotes; a backslash is an ordinary character.
 *
 * Source of fact: rclone's documentation of `--password-command` (documented). Where rclone makes an empty word of
 * two spaces in a row, they are one separator here; an empty word is written `""`.
 */
import { UsageError } from "../errors.ts";

const SEPARATOR = /[ \t\r\n]+/y;
const QUOTED = /"((?:[^"]|"")*)"(?=[ \t\r\n]|$)/y;
const PLAIN = /[^" \t\r\n]+(?=[ \t\r\n]|$)/y;

/** The program and its arguments. Throws `UsageError`, which does not repeat the text: it may contain a secret. */
export function parseCommandLine(text: string): [string, ...string[]] {
  const words: string[] = [];
  for (let position = 0; position < text.length;) {
    const quoted = matchAt(QUOTED, text, position);
    const match = matchAt(SEPARATOR, text, position) ?? quoted ?? matchAt(PLAIN, text, position);
    if (match === undefined) throw quoteError(position);
    if (quoted !== undefined) words.push((quoted[1] ?? "").replaceAll('""', '"'));
    else if (match[0].trim() !== "") words.push(match[0]);
    position += match[0].length;
  }
  const [program, ...rest] = words;
  if (program === undefined || program === "") {
    throw new UsageError("Cannot read the command: it names no program", {
      hint: 'Write the program and its arguments, as in: pass show "my password"',
    });
  }
  return [program, ...rest];
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}

function quoteError(position: number): UsageError {
  return new UsageError(`Cannot read the command: the quotes from character ${position + 1} on do not fit`, {
    hint: 'Put the whole word in double quotes, and write "" for a double quote inside of it',
  });
}
