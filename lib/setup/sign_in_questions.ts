/** "How do you sign in?", the questions of each way, and what to do when it does not work. */
import { LOGIN_TOKEN_PAGE } from "../auth/services.ts";
import type { Login } from "../auth/login.ts";
import type { CommandContext } from "../cli/context.ts";
import { CancelledError, JottashError } from "../errors.ts";
import { parseSessionRecord, SESSION_RECORD_KEY, type SignInMethod } from "../store/session_record.ts";
import type { Choice, Prompter } from "../ui/prompt.ts";
import { type BrowserPlan, BrowserQuestions, NoBrowserError } from "./browser_questions.ts";
import type { RemoteSetup } from "./remote_setup.ts";
import type { FormerWay } from "./sign_in.ts";

/** All that is decided before the first secret is asked for; a failed attempt can be repeated from here. */
type SignInPlan = BrowserPlan | { readonly method: "standard" } | { readonly method: "legacy" };

const METHODS: readonly Choice<SignInMethod>[] = [
  {
    value: "standard",
    name: "Standard: personal login token",
    description: "Best for nearly all: made on the website, works anywhere",
  },
  {
    value: "traditional",
    name: "Traditional: sign in with the browser",
    description: "For services without login tokens; one session a machine",
  },
  {
    value: "legacy",
    name: "Legacy: user name and password",
    description: "Ended by Jottacloud in 2025",
  },
];

const ABOUT_STANDARD = `
Make a personal login token on the website of your service,
under Settings, Security, and paste it here. It works once.
For Jottacloud the page is
${LOGIN_TOKEN_PAGE}
`;

const ABOUT_LEGACY = `
Jottacloud ended this way to sign in in 2025; it is here
for services that still have it. A machine that is not
registered may lose its session when another one signs in.
`;

const MAX_CODE_TRIES = 3;

/** Hints for failures of the browser sign-in, whose own ones name flags of the command line. */
const HINT_OF_TAKEN_PORT =
  "Another sign-in, perhaps of rclone, is under way: end it first, or use a browser on another machine";
const HINT_OF_TIMEOUT = "Start the sign-in again, or use a browser on another machine";

export class SignInQuestions {
  readonly #context: CommandContext;
  readonly #prompter: Prompter;
  readonly #browser: BrowserQuestions;
  readonly #leave: string;
  /** Typed for an attempt that failed, perhaps because of the password. */
  #typedName: string | undefined;

  /** `leave` is what giving up is called. */
  constructor(
    context: CommandContext,
    prompter: Prompter,
    { leave = "Back to the menu" }: { readonly leave?: string } = {},
  ) {
    this.#context = context;
    this.#prompter = prompter;
    this.#leave = leave;
    this.#browser = new BrowserQuestions(context, prompter);
  }

  /**
   * Signs in, in the way that the user chooses (`former` is marked at first, by default what the remote itself tells),
   * as often as the user tries. False when the user gives up. Throws when
   * the sign-in itself was good, and saving the session or using it for the first time was not.
   */
  async ask(setup: RemoteSetup, former?: FormerWay): Promise<boolean> {
    let plan: SignInPlan | undefined = await this.#askPlan(setup, former);
    while (plan !== undefined) {
      let isSignedIn = false;
      try {
        const email = await setup.signIn(
          telling(await this.#login(setup, plan), () => isSignedIn = true),
        );
        this.#say(`\nSigned in as ${email}.`);
        return true;
      } catch (error) {
        // The terminal has shown ^C on the line that the next message would go to.
        if (this.#context.signal.aborted) this.#say("");
        if (isSignedIn || !this.#isTrouble(error)) throw error;
        this.#say("");
        this.#context.printer.error(withQuestionsInMind(error));
        this.#say("");
        plan = await this.#askNext(setup, { plan, error });
      }
    }
    return false;
  }

  /** What the user can do something about; a stop is none, whatever error came of it. */
  #isTrouble(error: unknown): error is JottashError {
    return error instanceof JottashError && !(error instanceof CancelledError) &&
      !this.#context.signal.aborted;
  }

  async #askPlan(setup: RemoteSetup, former?: FormerWay): Promise<SignInPlan> {
    const record = former ??
      parseSessionRecord((await this.#context.config()).get(setup.name, SESSION_RECORD_KEY));
    while (true) {
      const method = await this.#prompter.select<SignInMethod>({
        message: "How do you sign in?",
        choices: METHODS,
        default: record.method ?? "standard",
      });
      if (method !== "traditional") return { method };
      const plan = await this.#browser.ask(setup, record.service);
      if (plan !== undefined) return plan;
    }
  }

  async #askNext(
    setup: RemoteSetup,
    { plan, error }: { readonly plan: SignInPlan; readonly error: JottashError },
  ): Promise<SignInPlan | undefined> {
    const choices: Choice<SignInPlan | "method" | "stop">[] = [];
    if (error instanceof NoBrowserError && plan.method === "traditional") {
      choices.push({ value: { ...plan, mode: "listen" }, name: "Open the address by hand on this machine" });
    } else {
      choices.push({ value: plan, name: "Try again" });
    }
    if (plan.method === "traditional" && plan.mode !== "paste") {
      choices.push({ value: { ...plan, mode: "paste" }, name: "Use a browser on another machine" });
    }
    choices.push({ value: "method", name: "Sign in in another way" });
    choices.push({ value: "stop", name: this.#leave });
    const next = await this.#prompter.select({ message: "How do you want to go on?", choices });
    if (next === "stop") return undefined;
    return next === "method" ? await this.#askPlan(setup) : next;
  }

  async #login(setup: RemoteSetup, plan: SignInPlan): Promise<Login> {
    switch (plan.method) {
      case "standard":
        return await this.#standardLogin(setup);
      case "traditional":
        return await this.#browser.login(setup, plan);
      case "legacy":
        return await this.#legacyLogin(setup);
    }
  }

  async #standardLogin(setup: RemoteSetup): Promise<Login> {
    this.#say(ABOUT_STANDARD);
    const loginToken = await this.#prompter.password({
      message: "Personal login token",
      validate: (answer) => answer.trim() !== "" || "A login token is needed",
    });
    return await setup.standardLogin(loginToken);
  }

  async #legacyLogin(setup: RemoteSetup): Promise<Login> {
    this.#say(ABOUT_LEGACY);
    const known = this.#typedName ?? (await this.#context.config()).get(setup.name, "username");
    const userName = this.#typedName = await this.#prompter.input({
      message: "User name (e-mail address)",
      validate: (answer) => answer.trim() !== "" || "A user name is needed",
      ...(known ? { default: known } : {}),
    });
    const password = await this.#prompter.password({
      message: "Password",
      validate: (answer) => answer !== "" || "A password is needed",
    });
    const registerDevice = await this.#prompter.confirm({
      message: "Register this machine with the service?",
      default: true,
    });
    return await setup.legacyLogin({
      userName: userName.trim(),
      password,
      registerDevice,
      askCode: this.#codeQuestion(),
    });
  }

  /** The question for the code; says from the second time on that the one before was wrong. */
  #codeQuestion(): () => Promise<string> {
    let tries = 0;
    return async () => {
      tries += 1;
      if (tries > 1) this.#say(`The service refused that code (try ${tries} of ${MAX_CODE_TRIES}).`);
      return await this.#prompter.input({
        message: "Code from the SMS",
        validate: (answer) => /^\d{6}$/.test(answer.replace(/[\s-]/g, "")) || "The code has six digits",
      });
    };
  }

  #say(text: string): void {
    this.#context.area.write(`${text}\n`);
  }
}

/** The same sign-in; calls back once the service has agreed. */
function telling(login: Login, signedIn: () => void): Login {
  return {
    ...(login.waitsForUser === undefined ? {} : { waitsForUser: login.waitsForUser }),
    signIn: async () => {
      const entries = await login.signIn();
      signedIn();
      return entries;
    },
  };
}

/** The same failure, with a hint that leads to one of the choices that follow. */
function withQuestionsInMind(error: JottashError): JottashError {
  const hint = error.data["osCode"] === "EADDRINUSE"
    ? HINT_OF_TAKEN_PORT
    : error.code === "login-timeout"
    ? HINT_OF_TIMEOUT
    : undefined;
  if (hint === undefined) return error;
  return new JottashError(error.message, { code: error.code, data: error.data, cause: error, hint });
}
