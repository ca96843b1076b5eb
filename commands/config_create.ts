import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext } from "../lib/cli/context.ts";
import { ConflictError, UsageError } from "../lib/errors.ts";
import { text, toggle } from "../lib/options.ts";
import { RemoteSetup } from "../lib/setup/remote_setup.ts";

/** A login token has some 300 characters; a file much larger is another file. */
const MAX_TOKEN_BYTES = 64 * 1024;

/** Base64 of a JSON object, far longer than names of files are. */
const LOOKS_LIKE_A_TOKEN = /^\s*eyJ[\w+/=-]{60,}\s*$/;

export const command = defineCommand({
  spec: {
    name: "config create",
    summary: "Set up a remote without questions",
    description:
      "Signs in with a personal login token, which is made on the website of the service (Settings, Security) and works once. A remote of that name that is there already gets a new session and keeps its other settings.\n\n" +
      "A --device and --mountpoint are looked up, made where the service allows it, and saved; an --endpoint is saved too.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, as in NAME:path" }],
    options: {
      loginTokenFile: text({
        flag: "login-token-file",
        valueName: "FILE",
        help: "Read the login token from this file",
      }),
      loginTokenStdin: toggle({
        flag: "login-token-stdin",
        help: "Read the login token from standard input",
      }),
    },
    examples: [
      {
        line: "jottash config create jotta --login-token-file token.txt",
        does: "Sign in and save as jotta:",
      },
      {
        line: 'printf %s "$TOKEN" | jottash config create ci --login-token-stdin',
        does: "The same in a script.",
      },
      {
        line: "jottash config create ci --login-token-file FILE --device ci --mountpoint backup",
        does: "With a device and a mountpoint of its own.",
      },
    ],
    changes: true,
  },
  run: async (context, { args: [typed = ""], options }) => {
    const setup = new RemoteSetup(context, typed.replace(/:$/, ""));
    const { settings, printer } = context;
    const loginToken = await readLoginToken(context, options);
    if (settings.dryRun) return printer.notice(`Would sign in and save the remote "${setup.name}"`);
    const email = await setup.signIn(loginToken);
    const store = await context.configStore();
    printer.notice(`Signed in as ${email}; saved as "${setup.name}:" in ${store.path}`);
    if (settings.device !== undefined || settings.mountpoint !== undefined) {
      const { device, mountpoint } = await choosePlace(setup, settings);
      printer.notice(`It uses the mountpoint "${mountpoint}" of the device "${device}"`);
    }
  },
});

/** The login token is spent by now: a place that cannot be used must not look as if all had been in vain. */
async function choosePlace(setup: RemoteSetup, place: Parameters<RemoteSetup["choosePlace"]>[0]) {
  try {
    return await setup.choosePlace(place);
  } catch (error) {
    if (!(error instanceof ConflictError || error instanceof UsageError)) throw error;
    throw new ConflictError(error.message, {
      cause: error,
      code: error.code,
      hint: `"${setup.name}:" is signed in and saved all the same; choose its place with: jottash config`,
    });
  }
}

async function readLoginToken(
  context: CommandContext,
  { loginTokenFile, loginTokenStdin }: {
    readonly loginTokenFile: string | undefined;
    readonly loginTokenStdin: boolean;
  },
): Promise<string> {
  if ((loginTokenFile === undefined) !== loginTokenStdin) {
    throw new UsageError("Cannot create the remote: exactly one source for the login token is needed", {
      hint: 'Use --login-token-file FILE or --login-token-stdin; with questions: "jottash config"',
    });
  }
  if (loginTokenFile === undefined) return await readStdin(context);
  if (LOOKS_LIKE_A_TOKEN.test(loginTokenFile)) {
    // Without its text: no message shows a token.
    throw new UsageError("Cannot use the value of --login-token-file: it looks like a login token", {
      hint: "Save the token in a file and name that file, or use --login-token-stdin",
    });
  }
  return await context.readSmallFile(loginTokenFile, MAX_TOKEN_BYTES);
}

/** On a terminal the token is asked for, hidden: typed input would stay on the screen. */
async function readStdin(context: CommandContext): Promise<string> {
  const { terminal } = context;
  if (context.canAsk) {
    const prompter = await context.prompter("Use --login-token-file FILE");
    return await prompter.password({ message: "Personal login token" });
  }
  const decoder = new TextDecoder();
  let received = "";
  for await (const chunk of terminal.readStdin()) {
    received += decoder.decode(chunk, { stream: true });
    if (received.length > MAX_TOKEN_BYTES) {
      throw new UsageError("Cannot use the login token: standard input is too long");
    }
  }
  return received + decoder.decode();
}
