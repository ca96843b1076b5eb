/** The password of the configuration, as users change it: by commands, and by a little menu in the shape of rclone's. */
import type { CommandContext } from "../cli/context.ts";
import { hasOuterBlank, runPasswordCommand } from "../cli/config_password.ts";
import { asConfigFailure } from "../cli/remote_config.ts";
import { ConfigError } from "../errors.ts";
import { text } from "../options.ts";
import type { Prompter } from "../ui/prompt.ts";

const NEW_PASSWORD_VARIABLE = "JOTTASH_NEW_CONFIG_PASS";
const INSTEAD = `Give it with --new-password-command COMMAND, or in ${NEW_PASSWORD_VARIABLE}`;

/** Options of the commands that set a password. */
export const NEW_PASSWORD_OPTIONS = {
  newPasswordCommand: text({
    flag: "new-password-command",
    valueName: "COMMAND",
    help: "Get the new password from the output of this command",
  }),
} as const;

/** The menu of `jottash config`, one choice: set, change or remove the password, or nothing. */
export async function manageConfigPassword(context: CommandContext, prompter: Prompter): Promise<void> {
  const store = await context.configStore();
  // Who cannot open the file is not asked for a new password.
  await context.config();
  const choice = await store.isEncrypted()
    ? await prompter.select<"set" | "remove" | "leave">({
      message: "The configuration is encrypted",
      choices: [
        { value: "set", name: "Change the password" },
        { value: "remove", name: "Remove the password: make it plain text" },
        { value: "leave", name: "Leave it as it is" },
      ],
      default: "leave",
    })
    : await prompter.select<"set" | "remove" | "leave">({
      message: "The configuration is not encrypted: who can read it can use your accounts",
      choices: [
        { value: "set", name: "Set a password" },
        { value: "leave", name: "Leave it as it is" },
      ],
      default: "set",
    });
  if (choice === "set") await setPassword(context, await askNewPassword(prompter));
  else if (choice === "remove") await removeConfigPassword(context);
}

/**
 * Encrypts the configuration with a new password: what the command prints, else what the environment has, else what
 * the user types. Throws `ConfigError` where the configuration cannot be read or saved.
 */
export async function setNewConfigPassword(
  context: CommandContext,
  newPasswordCommand: string | undefined,
): Promise<void> {
  // Who cannot open the file is not asked for a new password.
  await context.config();
  if (context.settings.dryRun) {
    const { path } = await context.configStore();
    return context.printer.notice(`Would encrypt ${path} with a new password`);
  }
  await setPassword(context, await findNewPassword(context, newPasswordCommand));
}

async function findNewPassword(context: CommandContext, command: string | undefined): Promise<string> {
  if (command !== undefined) return await runPasswordCommand(command, context);
  return context.env.get(NEW_PASSWORD_VARIABLE) || await askNewPassword(await context.prompter(INSTEAD));
}

async function setPassword(context: CommandContext, password: string): Promise<void> {
  const store = await context.configStore();
  const wasEncrypted = await store.isEncrypted();
  await asConfigFailure(() => store.setPassword(password), "The config cannot be saved");
  const what = wasEncrypted ? "Changed the password of" : "Encrypted";
  context.printer.notice(`${what} ${store.path}; nobody can open it without the password`);
  if (hasOuterBlank(password)) {
    context.log.warn("The password starts or ends with a blank, which is part of it");
  }
}

/** Makes the configuration plain text. Does nothing when it is. */
export async function removeConfigPassword(context: CommandContext): Promise<void> {
  const store = await context.configStore();
  if (!await store.isEncrypted()) {
    return context.printer.notice(`${store.path} is not encrypted: there is no password to remove`);
  }
  if (context.settings.dryRun) return context.printer.notice(`Would make ${store.path} plain text`);
  await asConfigFailure(() => store.setPassword(undefined), "The config cannot be saved");
  context.printer.notice(`Removed the password of ${store.path}, which is plain text now`);
}

/** Throws `ConfigError` unless the configuration is encrypted; `purpose` as in "check the password". */
export async function requireEncrypted(context: CommandContext, purpose: string): Promise<void> {
  const store = await context.configStore();
  if (await store.isEncrypted()) return;
  throw new ConfigError(`Cannot ${purpose} of "${store.path}": the file is not encrypted`, {
    code: "config-not-encrypted",
    hint: "Encrypt it with: jottash config password set",
    data: { path: store.path },
  });
}

/** A new password, typed twice. */
async function askNewPassword(prompter: Prompter): Promise<string> {
  let message = "New password of the configuration";
  while (true) {
    const password = await prompter.password({
      message,
      validate: (answer) => answer.trim() !== "" || "The password is blank",
    });
    const again = await prompter.password({ message: "The same password again" });
    if (again === password) return password;
    message = "The two passwords differ. New password of the configuration";
  }
}
