/** Questions of the browser sign-in: which service, and how the browser and this program come together. */
import type { BrowserLoginOptions } from "../auth/browser_login.ts";
import type { Login } from "../auth/login.ts";
import type { Service } from "../auth/services.ts";
import type { CommandContext } from "../cli/context.ts";
import { AuthError } from "../errors.ts";
import type { Choice, Prompter } from "../ui/prompt.ts";
import type { RemoteSetup } from "./remote_setup.ts";

/**
 * `open`: a browser of this machine is opened. `listen`: the user opens the address in one. `paste`: the browser may
 * be anywhere; the user brings back the address that it ends at.
 */
export type BrowserMode = "open" | "listen" | "paste";

export interface BrowserPlan {
  readonly method: "traditional";
  readonly serviceKey: string;
  readonly mode: BrowserMode;
}

/** There is no browser to open: the user decides how to go on, and nothing waits meanwhile. */
export class NoBrowserError extends AuthError {
  constructor() {
    super("Cannot open a browser: this machine has none, or no screen for it");
  }
}

/** The service allows one session of this kind (API reference 2.2). */
const SESSION_RULE = `
The service allows one such session on a machine: its own
desktop program, or a second remote made like this, ends
it. Where its website has login tokens (under Settings,
Security), prefer those.
`;

const ABOUT_BROWSER = `
Answer "n" where this machine has no browser, as over ssh:
the browser of another machine will do.
`;

const REDIRECT_START = "http://localhost:53682/";

type ServiceChoice = { readonly service: Service } | "unlisted" | "back";

export class BrowserQuestions {
  readonly #context: CommandContext;
  readonly #prompter: Prompter;

  constructor(context: CommandContext, prompter: Prompter) {
    this.#context = context;
    this.#prompter = prompter;
  }

  /** Undefined when the user would rather sign in in another way. `usual` is marked at first. */
  async ask(setup: RemoteSetup, usual: string | undefined): Promise<BrowserPlan | undefined> {
    this.#say(SESSION_RULE);
    const service = await this.#askService(setup, usual);
    if (service === undefined) return undefined;
    this.#say(ABOUT_BROWSER);
    const opens = await this.#prompter.confirm({
      message: "Open the browser on this machine?",
      default: true,
    });
    return { method: "traditional", serviceKey: service.key, mode: opens ? "open" : "paste" };
  }

  /** The sign-in as planned; in mode `open` it ends with `NoBrowserError` where there is no browser. */
  async login(setup: RemoteSetup, { serviceKey, mode }: BrowserPlan): Promise<Login> {
    if (mode === "paste") {
      return await setup.browserLogin(serviceKey, {
        mode: "paste",
        show: (url) => this.#showForPaste(url),
        askRedirect: () => this.#askRedirect(),
      });
    }
    const show: BrowserLoginOptions["show"] = (url, opened) => {
      if (!opened && mode === "open") throw new NoBrowserError();
      this.#showForListen(url, opened);
    };
    return await setup.browserLogin(serviceKey, { mode: "listen", show });
  }

  async #askService(setup: RemoteSetup, usual: string | undefined): Promise<Service | undefined> {
    while (true) {
      const chosen = await this.#chooseService(await setup.services(), usual);
      if (chosen === "back") return undefined;
      if (chosen !== "unlisted") return chosen.service;
      await this.#explainServices();
      // The list would push the explanation off the screen at once.
      const next = await this.#prompter.select<"list" | "back">({
        message: "How do you want to go on?",
        choices: [
          { value: "list", name: "Look at the list of services again" },
          { value: "back", name: "Sign in in another way" },
        ],
      });
      if (next === "back") return undefined;
    }
  }

  async #chooseService(services: readonly Service[], usual: string | undefined): Promise<ServiceChoice> {
    const listed: Choice<ServiceChoice>[] = services.map((service) => ({
      value: { service },
      name: service.displayName,
    }));
    const known = listed[services.findIndex((service) => service.key === usual)] ?? listed[0];
    return await this.#prompter.select<ServiceChoice>({
      message: "Which service?",
      choices: [
        ...listed,
        { value: "unlisted", name: "Another one: how to add it" },
        { value: "back", name: "Back: sign in in another way" },
      ],
      ...(known === undefined ? {} : { default: known.value }),
    });
  }

  async #explainServices(): Promise<void> {
    this.#say(`
Add a section like this one to the config file, and the
service is listed:

[mybrand]
type = jottacloud-service
name = My Brand Cloud
domain = id.brand.example
realm = brand

Domain and realm are in the address of its sign-in page:
https://DOMAIN/auth/realms/REALM/...
Keys "client_id" and "scopes" are for services that refuse
the usual ones. The config file is
${(await this.#context.configStore()).path}
`);
  }

  #showForListen(url: string, opened: boolean): void {
    this.#say(
      opened
        ? `\nThe browser opens; sign in there. If nothing comes up, open\nthis address in it:\n\n${url}\n`
        : `\nOpen this address in a browser of this machine, and sign\nin there:\n\n${url}\n`,
    );
    this.#say("Waiting for the browser (Ctrl-C stops) ...");
  }

  #showForPaste(url: string): void {
    this.#say(`
1. Open this address in any browser, and sign in there:

${url}

2. The browser then shows an error page: it cannot reach
   ${REDIRECT_START}... and that is expected.
3. Copy the whole address of that page and paste it here.
`);
  }

  /** Hidden: it holds a code, and is long. */
  async #askRedirect(): Promise<string> {
    return await this.#prompter.password({
      message: "Address of that page",
      validate: (answer) => refusedRedirect(answer) ?? true,
    });
  }

  #say(text: string): void {
    this.#context.area.write(`${text}\n`);
  }
}

/**
 * Why this cannot be the address that the browser ended at; undefined when it may be. Told while the question still
 * stands: a wrong paste, such as the address of the sign-in page, is mended without another sign-in.
 */
export function refusedRedirect(answer: string): string | undefined {
  if (answer.trim() === "") return "The address is needed";
  if (/\b(?:code|error)=/.test(answer)) return undefined;
  return `It has to begin with ${REDIRECT_START} and have "code=" in it`;
}
