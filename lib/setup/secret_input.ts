/** Where a secret is read from: a file, standard input, a variable, or a hidden prompt; never the command line. */
import type { CommandContext } from "../cli/context.ts";
import { UsageError } from "../errors.ts";

/** A login token has some 300 characters; a file much larger is another file. */
const MAX_SECRET_BYTES = 64 * 1024;
/** Base64 of a JSON object, far longer than names of files are. */
const LOOKS_LIKE_A_TOKEN = /^\s*eyJ[\w+/=-]{60,}\s*$/;

export interface SecretSources {
  /** As in "login token". */
  readonly noun: string;
  /** Start of the options' names, as in `login-token`: `--login-token-file`, `--login-token-stdin`. */
  readonly flag: string;
  readonly file: string | undefined;
  readonly stdin: boolean;
  /** Read when neither of them is given. */
  readonly variable: string;
  readonly question: string;
  /** Whether the user is asked when there is no other source. */
  readonly mayAsk: boolean;
}

/** Throws `UsageError` when there is no source. No message repeats the secret. */
export async function readSecret(context: CommandContext, sources: SecretSources): Promise<string> {
  const { noun, flag, file, question } = sources;
  if (file !== undefined) {
    if (LOOKS_LIKE_A_TOKEN.test(file)) {
      throw new UsageError(`Cannot use the value of --${flag}-file: it looks like a ${noun}`, {
        hint: `Save the ${noun} in a file and name that file, or use --${flag}-stdin`,
      });
    }
    return await context.readSmallFile(file, MAX_SECRET_BYTES);
  }
  const variable = sources.stdin ? undefined : context.env.get(sources.variable);
  if (variable !== undefined && variable !== "") return variable;
  // On a terminal it is asked for, hidden: typed input would stay on the screen.
  if (context.canAsk && (sources.stdin || sources.mayAsk)) {
    const prompter = await context.prompter(`Use --${flag}-file FILE`);
    return await prompter.password({
      message: question,
      validate: (answer) => answer.trim() !== "" || `A ${noun} is needed`,
    });
  }
  if (sources.stdin) return await readStdin(context, noun);
  throw new UsageError(`Cannot sign in: exactly one source for the ${noun} is needed`, {
    hint: `Use --${flag}-file FILE or --${flag}-stdin; with questions: "jottash config"`,
  });
}

async function readStdin({ terminal }: CommandContext, noun: string): Promise<string> {
  const decoder = new TextDecoder();
  let received = "";
  for await (const chunk of terminal.readStdin()) {
    received += decoder.decode(chunk, { stream: true });
    if (received.length > MAX_SECRET_BYTES) {
      throw new UsageError(`Cannot use the ${noun}: standard input is too long`);
    }
  }
  return received + decoder.decode();
}

/** The first line of standard input that is not empty; what comes after it is left alone. */
export async function readLine({ terminal }: CommandContext, noun: string): Promise<string> {
  const decoder = new TextDecoder();
  let received = "";
  for await (const chunk of terminal.readStdin()) {
    received += decoder.decode(chunk, { stream: true });
    if (received.length > MAX_SECRET_BYTES) {
      throw new UsageError(`Cannot use the ${noun}: standard input is too long`);
    }
    if (/\S[^\n]*\n/.test(received)) break;
  }
  return received.trim().split("\n", 1)[0] ?? "";
}
