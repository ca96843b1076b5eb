/**
 * Where the password of an encrypted configuration comes from: a command, the environment, a question. The first of
 * these that is there decides; only a person gets another try.
 *
 * rclone's names stand beside ours, so that one setting serves both programs. Left out: the variables that rclone
 * hands to the command of a change of the password, and the key that it hands to its own child processes.
 */
import type { Env, Launcher } from "../edges.ts";
import { ConfigError, LocalError } from "../errors.ts";
import type { SharedSettings } from "../shared_options/mod.ts";
import { parseCommandLine } from "../store/command_line.ts";
import { type EncryptedConfig, noPassword } from "../store/config_encryption.ts";
import type { Prompter } from "../ui/prompt.ts";

/** A password manager may ask its owner to unlock it. */
const COMMAND_TIMEOUT_MS = 5 * 60_000;
const MAX_TRIES = 3;
const PASSWORD_VARIABLES = ["JOTTASH_CONFIG_PASS", "RCLONE_CONFIG_PASS"] as const;
const OTHER_COMMAND_VARIABLE = "RCLONE_PASSWORD_COMMAND";
const INSTEAD = `Give the password with --password-command COMMAND, or in ${PASSWORD_VARIABLES.join(" or ")}`;

export interface PasswordCommandContext {
  readonly launcher: Launcher;
  readonly signal: AbortSignal;
}

/** What the sources need; a command's context has it all. */
export interface PasswordSources extends PasswordCommandContext {
  readonly env: Env;
  readonly settings: Pick<SharedSettings, "passwordCommand" | "askPassword">;
  /** Whether there is somebody to ask. */
  readonly canAsk: boolean;
  prompter(instead: string): Promise<Prompter>;
}

/** A password that opens the file. Throws `ConfigError` where there is none, or a wrong one. */
export async function findConfigPassword(sources: PasswordSources, file: EncryptedConfig): Promise<string> {
  const { env, settings, canAsk } = sources;
  const command = settings.passwordCommand ?? env.get(OTHER_COMMAND_VARIABLE);
  if (command) return accept(file, await runPasswordCommand(command, sources), "that the command gives");
  for (const variable of PASSWORD_VARIABLES) {
    const password = env.get(variable);
    if (password) return accept(file, password, `in ${variable}`);
  }
  if (!canAsk || !settings.askPassword) throw noPassword(file.path, INSTEAD);
  return await ask(file, await sources.prompter(INSTEAD));
}

/**
 * What a command prints, without line ends at its end. Throws `ConfigError` when it fails or prints nothing; the
 * message names the program alone, because its arguments and what it prints may be secret.
 */
export async function runPasswordCommand(
  command: string,
  { launcher, signal }: PasswordCommandContext,
): Promise<string> {
  const words = parseCommandLine(command);
  const result = await launcher.run({ words, timeoutMs: COMMAND_TIMEOUT_MS, signal }).catch((cause) => {
    if (!(cause instanceof LocalError)) throw cause;
    throw commandFailed(cause.message, cause);
  });
  const password = result.stdout.replace(/[\r\n]+$/, "");
  const problem = result.status !== 0
    ? `ended with status ${result.status}`
    : password === ""
    ? "printed nothing"
    : undefined;
  if (problem === undefined) return password;
  throw commandFailed(`Cannot get the password of the configuration: the command "${words[0]}" ${problem}`);
}

function commandFailed(message: string, cause?: LocalError): ConfigError {
  return new ConfigError(message, {
    cause,
    code: "password-command-failed",
    hint: "It is the command that was given to get a password; run it by hand to see what it says",
  });
}

function accept(file: EncryptedConfig, password: string, origin: string): string {
  const reason = file.refuse(password);
  if (reason === undefined) return password;
  throw wrongPassword(file.path, `the password ${origin} does not open it: ${reason}`, password);
}

async function ask(file: EncryptedConfig, prompter: Prompter): Promise<string> {
  let message = `Password of the configuration ${file.path}`;
  let last = "";
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    last = await prompter.password({ message });
    const reason = file.refuse(last);
    if (reason === undefined) return last;
    message = `This password does not open it: ${reason}. Password`;
  }
  throw wrongPassword(file.path, `none of ${MAX_TRIES} passwords opens it`, last);
}

function wrongPassword(path: string, state: string, password: string): ConfigError {
  const note = hasOuterBlank(password) ? "; a blank at the start or the end of a password counts" : "";
  return new ConfigError(`Cannot read the configuration "${path}": ${state}`, {
    code: "config-password-wrong",
    hint: `Use the password that the file was encrypted with${note}`,
    data: { path },
  });
}

/** Blanks at an end are easily lost on the way; they are part of the password all the same. */
export function hasOuterBlank(password: string): boolean {
  return password !== password.trim();
}
