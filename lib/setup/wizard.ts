/** The questions of `jottash config`, in the shape that users of rclone know. */
import { LOGIN_TOKEN_PAGE } from "../auth/services.ts";
import { CancelledError, JottashError } from "../errors.ts";
import { DEFAULT_DEVICE, DEFAULT_MOUNTPOINT, isBuiltIn } from "../remote/jotta_account.ts";
import type { CommandContext } from "../cli/context.ts";
import { requireJottacloud } from "../cli/remote_config.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import type { Prompter } from "../ui/prompt.ts";
import { formatTable } from "../ui/table.ts";
import { describeSection, refuseNewName, refusePlaceName } from "./remotes.ts";
import { RemoteSetup } from "./remote_setup.ts";

/** Another login token may do better. */
const TOKEN_TROUBLE: ReadonlySet<string> = new Set(["login-token-invalid", "login-token-refused"]);

type MenuChoice = "new" | "edit" | "rename" | "copy" | "delete" | "password" | "quit";

export class ConfigWizard {
  readonly #context: CommandContext;
  readonly #prompter: Prompter;
  /** The remote that was signed in or changed and whose review is still to come. */
  #unreviewed: string | undefined;

  constructor(context: CommandContext, prompter: Prompter) {
    this.#context = context;
    this.#prompter = prompter;
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
      this.#showRemotes(document);
      const choice = await this.#askMenu(document);
      if (choice === "quit") return;
      try {
        await this.#carryOut(choice, document);
      } catch (error) {
        if (!(error instanceof JottashError) || error instanceof CancelledError) throw error;
        this.#context.printer.error(error);
      }
      this.#unreviewed = undefined;
    }
  }

  #showRemotes(document: ConfigDocument): void {
    const rows = document.sections().map((name) => [name, document.get(name, "type") ?? ""]);
    if (rows.length === 0) return this.#say("\nThere are no remotes yet: make the first one.\n");
    const table = formatTable([["Name", "Type"], ["====", "===="], ...rows]);
    this.#say(["", "Current remotes:", "", ...table, ""].join("\n"));
  }

  async #askMenu(document: ConfigDocument): Promise<MenuChoice> {
    const isEmpty = document.sections().length === 0;
    const needsRemote = isEmpty ? { disabled: "there is none yet" } : {};
    return await this.#prompter.select<MenuChoice>({
      message: "What would you like to do?",
      choices: [
        { value: "new", name: "New remote" },
        { value: "edit", name: "Edit existing remote", ...needsRemote },
        { value: "rename", name: "Rename remote", ...needsRemote },
        { value: "copy", name: "Copy remote", ...needsRemote },
        { value: "delete", name: "Delete remote", ...needsRemote },
        { value: "password", name: "Set configuration password", disabled: "not available yet" },
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
        return;
    }
  }

  async #edit(document: ConfigDocument): Promise<void> {
    const name = await this.#askRemote(document, "Which remote is to be edited?");
    requireJottacloud(document, name, await this.#configPath());
    await this.#setUp(name, { isNew: false });
  }

  async #setUp(name: string, { isNew }: { readonly isNew: boolean }): Promise<void> {
    const setup = new RemoteSetup(this.#context, name);
    const signsIn = isNew || await this.#prompter.confirm({ message: "Sign in again?", default: false });
    if (signsIn && !await this.#signIn(setup)) return;
    await this.#choosePlace(setup, await this.#questionOfPlace(name, isNew));
    await this.#review(setup);
  }

  /** False when the user gives up after a login token that did not work. */
  async #signIn(setup: RemoteSetup): Promise<boolean> {
    await this.#prompter.select({
      message: "How do you sign in?",
      choices: [
        {
          value: "standard",
          name: "Standard: personal login token",
          description: "Works for Jottacloud and all its other brands; the token is made on the website",
        },
        {
          value: "traditional",
          name: "Traditional: sign in with the browser",
          disabled: "not available yet",
        },
        { value: "legacy", name: "Legacy: user name and password", disabled: "not available yet" },
      ],
    });
    this.#say(
      "\nMake a personal login token on the website of your service, under Settings,\n" +
        `Security, and paste it here. It works once. For Jottacloud the page is\n${LOGIN_TOKEN_PAGE}\n`,
    );
    while (true) {
      const loginToken = await this.#prompter.password({
        message: "Personal login token",
        validate: (answer) => answer.trim() !== "" || "A login token is needed",
      });
      try {
        const email = await setup.signIn(loginToken);
        this.#unreviewed = setup.name;
        this.#say(`\nSigned in as ${email}.\n`);
        return true;
      } catch (error) {
        if (!(error instanceof JottashError) || !TOKEN_TROUBLE.has(error.code)) throw error;
        this.#context.printer.error(error);
      }
      if (!await this.#prompter.confirm({ message: "Try another login token?", default: true })) return false;
    }
  }

  /** For a remote that exists, "no" keeps what it has: the question has to say so. */
  async #questionOfPlace(name: string, isNew: boolean): Promise<string> {
    if (isNew) {
      return `Use a non-standard device/mountpoint? (Standard: ${DEFAULT_DEVICE}/${DEFAULT_MOUNTPOINT})`;
    }
    const document = await this.#load();
    const device = document.get(name, "device") || DEFAULT_DEVICE;
    const mountpoint = document.get(name, "mountpoint") || DEFAULT_MOUNTPOINT;
    return `Change its device/mountpoint? (Now: ${device}/${mountpoint})`;
  }

  async #choosePlace(setup: RemoteSetup, message: string): Promise<void> {
    if (!await this.#prompter.confirm({ message, default: false })) return;
    const account = await setup.account();
    const devices = (await account.devices()).map((each) => each.name);
    const device = await this.#pick("Device", devices, { canMake: true });
    const mountpoints = devices.includes(device)
      ? (await account.mountpoints(device)).map((each) => each.name)
      : [];
    const mountpoint = await this.#pick("Mountpoint", mountpoints, { canMake: !isBuiltIn(device) });
    await setup.choosePlace({ device, mountpoint });
    this.#unreviewed = setup.name;
  }

  /** One of the names, or a new one where that is possible. */
  async #pick(
    what: "Device" | "Mountpoint",
    names: readonly string[],
    { canMake }: { readonly canMake: boolean },
  ): Promise<string> {
    const noun = what.toLowerCase();
    const choices: { value: string | undefined; name: string }[] = names.map((name) => ({
      value: name,
      name,
    }));
    if (canMake) choices.push({ value: undefined, name: `Make a new ${noun}` });
    const picked = await this.#prompter.select<string | undefined>({ message: what, choices });
    if (picked !== undefined) return picked;
    return await this.#prompter.input({
      message: `Name of the new ${noun}`,
      validate: (answer) => refusePlaceName(answer, noun, names) ?? true,
    });
  }

  async #review(setup: RemoteSetup): Promise<void> {
    const document = await this.#load();
    const lines = describeSection(document, setup.name).map(([key, value]) => `${key} = ${value}`);
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
    else this.#say(`\nSaved. Try: jottash lsd ${setup.name}:\n`);
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
    await this.#update((fresh) => {
      fresh.copySection(from, to);
      fresh.deleteKey(to, "token");
    });
    this.#say(`\n"${to}" gets the settings of "${from}"; it needs a session of its own.\n`);
    const setup = new RemoteSetup(this.#context, to);
    let isSignedIn = false;
    try {
      isSignedIn = await this.#signIn(setup);
    } finally {
      if (!isSignedIn) await this.#forgetWithoutSession(to);
    }
    if (isSignedIn) await this.#review(setup);
  }

  /** Without a session it is no remote; one that was signed in for stays. */
  async #forgetWithoutSession(name: string): Promise<void> {
    await this.#update((fresh) => {
      if (fresh.get(name, "token") === undefined) fresh.deleteSection(name);
    });
  }

  async #delete(name: string): Promise<void> {
    const message = `Delete the remote "${name}" from the config? (Nothing on the service is touched.)`;
    if (!await this.#prompter.confirm({ message, default: false })) return;
    await this.#update((fresh) => fresh.deleteSection(name));
    this.#unreviewed = undefined;
    this.#context.accounts.forget(name);
  }

  async #askRemote(document: ConfigDocument, message: string): Promise<string> {
    const choices = document.sections().map((name) => ({ value: name, name }));
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
