/** From the options of a command to a login: what is missing is asked for where there is somebody to ask. */
import type { CommandContext } from "../cli/context.ts";
import { AuthError, UsageError } from "../errors.ts";
import type { Login } from "../auth/login.ts";
import type { SignInMethod } from "../store/session_record.ts";
import { refusedRedirect } from "./browser_questions.ts";
import type { RemoteSetup } from "./remote_setup.ts";
import { readLine, readSecret } from "./secret_input.ts";
import { methodOf, type SignInOptions } from "./sign_in_options.ts";

/** How the remote was signed in the last time: stands in for options that are not given. */
export interface FormerWay {
  readonly method?: SignInMethod | undefined;
  readonly service?: string | undefined;
  readonly userName?: string | undefined;
}

export interface SignInPlan {
  readonly method: SignInMethod;
  /** Reads secrets, asks questions; sends nothing yet. */
  readonly login: () => Promise<Login>;
}

interface Choice {
  readonly context: CommandContext;
  readonly setup: RemoteSetup;
  readonly options: SignInOptions;
  readonly former: FormerWay;
  /** Whether the method is known without a source of its secret: then the secret may be asked for. */
  readonly mayAsk: boolean;
}

const LOGIN_OF: Readonly<Record<SignInMethod, (choice: Choice) => Promise<Login>>> = {
  standard: standardLogin,
  traditional: browserLogin,
  legacy: legacyLogin,
};

/**
 * Reads and asks nothing yet. `former`: the remote is there, and its user is asked for what is missing. Throws `UsageError` for
 * options that do not go together or are not enough.
 */
export function planSignIn(
  context: CommandContext,
  setup: RemoteSetup,
  { options, former }: { readonly options: SignInOptions; readonly former?: FormerWay },
): SignInPlan {
  const wanted = methodOf(options);
  const method = wanted ?? former?.method ?? "standard";
  const isSame = former?.method === undefined || former.method === method;
  const mayAsk = options.method !== undefined || former !== undefined;
  const choice = { context, setup, options, former: isSame ? former ?? {} : {}, mayAsk };
  return { method, login: () => LOGIN_OF[method](choice) };
}

async function standardLogin({ context, setup, options, mayAsk }: Choice): Promise<Login> {
  const loginToken = await readSecret(context, {
    noun: "login token",
    flag: "login-token",
    file: options.loginTokenFile,
    stdin: options.loginTokenStdin,
    variable: "JOTTASH_LOGIN_TOKEN",
    question: "Personal login token",
    mayAsk,
  });
  return await setup.standardLogin(loginToken);
}

async function browserLogin({ context, setup, options, former }: Choice): Promise<Login> {
  const service = options.service ?? former.service;
  if (service === undefined) {
    const known = (await setup.services()).map((each) => each.key).join(", ");
    throw new UsageError("Cannot sign in with the browser: the service is not named", {
      hint: `Use --service KEY; known: ${known}`,
    });
  }
  return await setup.browserLogin(service, {
    mode: options.noBrowser ? "paste" : "listen",
    show: (url, opened) => context.area.write(invitation(url, { opened, pastes: options.noBrowser })),
    askRedirect: () => askRedirect(context),
  });
}

/** Without it nobody can sign in: `--quiet` does not hide it. */
function invitation(url: string, { opened, pastes }: { readonly opened: boolean; readonly pastes: boolean }) {
  const start = opened
    ? `Sign in with the browser that has been opened; if none\nis, open this address in one:\n\n${url}\n\n`
    : `To sign in, open this address in a browser:\n\n${url}\n\n`;
  return start +
    (pastes
      ? "At the end the browser shows an error page, because it\n" +
        "cannot reach http://localhost:53682/... and that is\n" +
        "expected. Give the whole address of that page here; it\n" +
        "works once, for a few minutes.\n"
      : "Waiting for the browser (Ctrl-C stops) ... From another\n" +
        "machine this works through\n" +
        "ssh -L 53682:127.0.0.1:53682 HOST, or use --no-browser.\n");
}

async function askRedirect(context: CommandContext): Promise<string> {
  if (!context.canAsk) return await readLine(context, "address");
  const prompter = await context.prompter("Give the address on standard input");
  // Hidden: it holds a code, and is long.
  return await prompter.password({
    message: "Address that the browser ended at",
    validate: (answer) => refusedRedirect(answer) ?? true,
  });
}

async function legacyLogin({ context, setup, options, former }: Choice): Promise<Login> {
  const prompter = await context.prompter("Use --user NAME, and --password-file FILE or --password-stdin");
  const userName = options.user ?? former.userName ?? await askUserName(context);
  const password = await readSecret(context, {
    noun: "password",
    flag: "password",
    file: options.passwordFile,
    stdin: options.passwordStdin,
    variable: "JOTTASH_PASSWORD",
    question: "Password",
    mayAsk: true,
  });
  let given = context.env.get("JOTTASH_CODE") ?? "";
  const askCode = async () => {
    const code = given;
    given = "";
    if (code !== "") return code;
    if (context.canAsk) return await prompter.input({ message: "Code that was sent by SMS" });
    throw new AuthError("Cannot sign in: the service asks for the code that it has sent by SMS", {
      code: "login-refused",
      hint: "Run it again with the code in JOTTASH_CODE, or in a terminal, where it is asked for",
    });
  };
  return await setup.legacyLogin({
    userName,
    password: password.replace(/\r?\n$/, ""),
    registerDevice: options.registerDevice,
    askCode,
  });
}

async function askUserName(context: CommandContext): Promise<string> {
  if (!context.canAsk) {
    throw new UsageError("Cannot sign in: the user name is missing", { hint: "Use --user NAME" });
  }
  const prompter = await context.prompter("Use --user NAME");
  return await prompter.input({
    message: "User name",
    validate: (answer) => answer.trim() !== "" || "A user name is needed",
  });
}
