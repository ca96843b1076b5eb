/** The questions of `jottash config`, in the shape that users of rclone know. */
import { CancelledError, JottashError } from "../errors.ts";
import type { CommandContext } from "../cli/context.ts";
import { requireJottacloud } from "../cli/remote_config.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { SESSION_RECORD_KEY } from "../store/session_record.ts";
import type { Prompter } from "../ui/prompt.ts";
import { PlaceQuestions } from "./place_questions.ts";
import { RemoteSetup } from "./remote_setup.ts";
import { copySettings, describeSection, refuseNewName, SERVICE_TYPE } from "./remotes.ts";
import { describeRemotes, sessionState } from "./remotes_table.ts";
import { SignInQuestions } from "./sign_in_questions.ts";

type MenuChoice = "new" | "edit" | "rename" | "copy" | "delete" | "password" | "quit";

export class ConfigWizard {
  readonly #context: CommandContext;
  readonly #prompter: Prompter;
  readonly #signIn: SignInQuestions;
  readonly #place: PlaceQuestions;
  /** The remote that was signed in or changed and whose review is still to come. */
  #unreviewed: string | undefined;

  constructor(context: CommandContext, prompter: Prompter) {
    this.#context = context;
    this.#prompter = prompter;
    this.#signIn = new SignInQuestions(context, prompter);
    this.#place = new PlaceQuestions(context, prompter);
  }

  /** The menu of remotes, until the user quits. A step that fails is told and leads back to the menu. */
  async run(): Promise<void> {
    try {
      await this.#menus();
    } catch (error) {
      if (error instanceof CancelledError && this.#unreviewed !== undefined) {
        this.#say(`\nThe remote "${this.#unreviewed}" stays as it is now; "jottash config" changes it.`);
      }
      throw error;
    }
  }

  async #menus(): Promise<void> {
    while (true) {
      const document = await this.#load();
      await this.#showRemotes(document);
      const choice = await this.#askMenu(document);
      if (choice === "quit") return;
      try {
        await this.#carryOut(choice, document);
      } catch (error) {
        if (!(error instanceof JottashError) || error instanceof CancelledError) throw error;
        this.#context.signal.throwIfAborted();
        this.#context.printer.error(error);
      }
      this.#unreviewed = undefined;
    }
  }

  async #showRemotes(document: ConfigDocument): Promise<void> {
    const names = remotesOf(document);
    if (names.length === 0) return this.#say("\nThere are no remotes yet: make the first one.\n");
    const lines = await describeRemotes(this.#context, document, names);
    this.#say(["", "Current remotes:", "", ...lines, ""].join("\n"));
  }

  async #askMenu(document: ConfigDocument): Promise<MenuChoice> {
    const isEmpty = remotesOf(document).length === 0;
    const needsRemote = isEmpty ? { disabled: "there is none yet" } : {};
    return await this.#prompter.select<MenuChoice>({
      message: "What would you like to do?",
      choices: [
        { value: "new", name: "New remote" },
        { value: "edit", name: "Edit existing remote", ...needsRemote },
        { value: "rename", name: "Rename remote", ...needsRemote },
        { value: "copy", name: "Copy remote", ...needsRemote },
        { value: "delete", name: "Delete remote", ...needsRemote },
        { value: "password", name: "Set configuration password" },
        { value: "quit", name: "Quit config" },
      ],
      default: isEmpty ? "new" : "quit",
    });
  }

  async #carryOut(choice: Exclude<MenuChoice, "quit">, document: ConfigDocument): Promise<void> {
    switch (choice) {
      case "new":
        return await this.#setUp(await this.#askNewName(document), { isNew: true });
      case "edit":
        return await this.#edit(document);
      case "rename":
        return await this.#rename(document);
      case "copy":
        return await this.#copy(document);
      case "delete":
        return await this.#delete(await this.#askRemote(document, "Which remote is to be deleted?"));
      case "password":
        return await this.#managePassword();
    }
  }

  async #managePassword(): Promise<void> {
    const { manageConfigPassword } = await import("./config_password.ts");
    await manageConfigPassword(this.#context, this.#prompter);
  }

  async #edit(document: ConfigDocument): Promise<void> {
    const name = await this.#askRemote(document, "Which remote is to be edited?");
    requireJottacloud(document, name, await this.#configPath());
    await this.#setUp(name, { isNew: false });
  }

  async #setUp(name: string, { isNew }: { readonly isNew: boolean }): Promise<void> {
    const setup = new RemoteSetup(this.#context, name);
    if (isNew || await this.#askWhetherToSignIn(name)) {
      if (!await this.#signIn.ask(setup)) return;
      this.#unreviewed = name;
    }
    if (await this.#place.ask(setup, { isNew })) this.#unreviewed = name;
    await this.#review(setup);
  }

  /** The default is what keeps the remote alive. */
  async #askWhetherToSignIn(name: string): Promise<boolean> {
    const state = await sessionState(this.#context, await this.#load(), name);
    return await this.#prompter.confirm(
      state === "none"
        ? { message: "Sign in now? (It has no session)", default: true }
        : { message: "Sign in again?", default: state === "ended" || state === "copied" },
    );
  }

  async #review(setup: RemoteSetup): Promise<void> {
    const document = await this.#load();
    const lines = describeSection(document, setup.name)
      .filter(([key]) => key !== SESSION_RECORD_KEY)
      .map(([key, value]) => `${key} = ${value}`);
    this.#say(["", `[${setup.name}]`, ...lines, ""].join("\n"));
    const next = await this.#prompter.select<"keep" | "edit" | "delete">({
      message: `Keep this "${setup.name}" remote?`,
      choices: [
        { value: "keep", name: "Yes, this is OK" },
        { value: "edit", name: "Edit this remote" },
        { value: "delete", name: "Delete this remote" },
      ],
    });
    if (next === "edit") await this.#setUp(setup.name, { isNew: false });
    else if (next === "delete") await this.#delete(setup.name);
    else this.#say(`\nSaved. Try: jottash lsd ${setup.name}:`);
    this.#unreviewed = undefined;
  }

  async #rename(document: ConfigDocument): Promise<void> {
    const from = await this.#askRemote(document, "Which remote is to be renamed?");
    const to = await this.#askNewName(document, `New name for "${from}"`);
    await this.#update((fresh) => fresh.renameSection(from, to));
    this.#context.accounts.forget(from);
  }

  async #copy(document: ConfigDocument): Promise<void> {
    const from = await this.#askRemote(document, "Which remote is to be copied?");
    requireJottacloud(document, from, await this.#configPath());
    const to = await this.#askNewName(document, "Name for the copy");
    // Two holders of one session would end it for each other at the next refresh (API reference 2.4).
    await this.#update((fresh) => copySettings(fresh, from, to));
    this.#say(`\n"${to}" gets the settings of "${from}"; it needs a session of its own.\n`);
    const setup = new RemoteSetup(this.#context, to);
    let isSignedIn = false;
    try {
      isSignedIn = await this.#signIn.ask(setup);
      this.#unreviewed = to;
    } finally {
      if (!isSignedIn) await this.#forgetWithoutSession(to);
    }
    if (isSignedIn) await this.#review(setup);
  }

  /** Without a session it is no remote; one that was signed in for stays. */
  async #forgetWithoutSession(name: string): Promise<void> {
    await this.#update((fresh) => {
      // Every sign-in writes this key, wherever the session itself is kept.
      if (fresh.get(name, "configVersion") === undefined) fresh.deleteSection(name);
    });
  }

  async #delete(name: string): Promise<void> {
    const message = `Delete the remote "${name}" from the config? (Its files stay.)`;
    if (!await this.#prompter.confirm({ message, default: false })) return;
    const document = await this.#load();
    const hasSession = document.get(name, "type") === "jottacloud" && Boolean(document.get(name, "token"));
    if (
      hasSession && await this.#prompter.confirm({
        message: "End its session at the service too?",
        default: true,
      })
    ) {
      await this.#endSession(name);
    }
    await this.#update((fresh) => fresh.deleteSection(name));
    this.#unreviewed = undefined;
    this.#context.accounts.forget(name);
  }

  async #endSession(name: string): Promise<void> {
    const { disconnect } = await import("./disconnect.ts");
    const { reason } = await disconnect(this.#context, await this.#context.profile(name));
    if (reason !== undefined) this.#say(`\nThe session goes on at the service: ${reason}.`);
  }

  async #askRemote(document: ConfigDocument, message: string): Promise<string> {
    const choices = remotesOf(document).map((name) => ({ value: name, name }));
    return await this.#prompter.select({ message, choices });
  }

  async #askNewName(document: ConfigDocument, message = "Name for the new remote"): Promise<string> {
    return await this.#prompter.input({
      message,
      validate: (answer) => refuseNewName(document, answer) ?? true,
    });
  }

  async #configPath(): Promise<string> {
    return (await this.#context.configStore()).path;
  }

  async #load(): Promise<ConfigDocument> {
    return await this.#context.config();
  }

  async #update(change: (document: ConfigDocument) => void): Promise<void> {
    await (await this.#context.configStore()).update(change);
  }

  #say(text: string): void {
    this.#context.area.write(`${text}\n`);
  }
}

/** The sections that are remotes: those of services only tell where one can sign in. */
function remotesOf(document: ConfigDocument): string[] {
  return document.sections().filter((name) => document.get(name, "type") !== SERVICE_TYPE);
}
