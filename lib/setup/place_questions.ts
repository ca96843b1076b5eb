/** Which device and mountpoint a remote uses: chosen among those of the account, or made. */
import type { CommandContext } from "../cli/context.ts";
import { DEFAULT_DEVICE, DEFAULT_MOUNTPOINT, isBuiltIn } from "../remote/jotta_account.ts";
import type { Prompter } from "../ui/prompt.ts";
import type { RemoteSetup } from "./remote_setup.ts";
import { refusePlaceName } from "./remotes.ts";

const ABOUT_PLACE = `
Files are kept on the device "${DEFAULT_DEVICE}", in its mountpoint
"${DEFAULT_MOUNTPOINT}", which the website shows as ${DEFAULT_MOUNTPOINT}.
`;

interface PickOptions {
  readonly names: readonly string[];
  /** What the remote uses so far. */
  readonly usual: string;
  readonly canMake: boolean;
}

export class PlaceQuestions {
  readonly #context: CommandContext;
  readonly #prompter: Prompter;

  constructor(context: CommandContext, prompter: Prompter) {
    this.#context = context;
    this.#prompter = prompter;
  }

  /** False when the remote keeps the place that it has. */
  async ask(setup: RemoteSetup, { isNew }: { readonly isNew: boolean }): Promise<boolean> {
    const usual = await this.#placeOf(setup.name);
    if (isNew) this.#say(ABOUT_PLACE);
    const message = isNew
      ? "Use a non-standard device/mountpoint?"
      : `Change its device/mountpoint? (Now: ${usual.device}/${usual.mountpoint})`;
    if (!await this.#prompter.confirm({ message, default: false })) return false;
    const account = await setup.account();
    const devices = (await account.devices()).map((each) => each.name);
    const device = await this.#pick("Device", { names: devices, usual: usual.device, canMake: true });
    const mountpoints = devices.includes(device)
      ? (await account.mountpoints(device)).map((each) => each.name)
      : [];
    const mountpoint = await this.#pick("Mountpoint", {
      names: mountpoints,
      usual: usual.mountpoint,
      canMake: !isBuiltIn(device),
    });
    await setup.choosePlace({ device, mountpoint });
    return true;
  }

  async #placeOf(name: string): Promise<{ readonly device: string; readonly mountpoint: string }> {
    const document = await this.#context.config();
    return {
      device: document.get(name, "device") || DEFAULT_DEVICE,
      mountpoint: document.get(name, "mountpoint") || DEFAULT_MOUNTPOINT,
    };
  }

  /** One of the names, or a new one where that is possible. A typed name that exists is that one, whatever its case. */
  async #pick(what: "Device" | "Mountpoint", { names, usual, canMake }: PickOptions): Promise<string> {
    const noun = what.toLowerCase();
    const choices: { value: string | undefined; name: string }[] = names.map((name) => ({
      value: name,
      name,
    }));
    if (canMake) choices.push({ value: undefined, name: `Make a new ${noun}` });
    const marked = known(names, usual);
    const picked = await this.#prompter.select<string | undefined>({
      message: what,
      choices,
      ...(marked === undefined ? {} : { default: marked }),
    });
    if (picked !== undefined) return picked;
    const typed = await this.#prompter.input({
      message: `Name of the new ${noun}`,
      validate: (answer) => refusePlaceName(answer, noun) ?? true,
    });
    return known(names, typed) ?? typed;
  }

  #say(text: string): void {
    this.#context.area.write(`${text}\n`);
  }
}

/** The service takes names that differ only by case for the same (API reference 3.3). */
function known(names: readonly string[], name: string): string | undefined {
  return names.find((each) => each.toLowerCase() === name.toLowerCase());
}
