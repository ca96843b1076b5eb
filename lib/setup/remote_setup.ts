/**
 * The steps of setting up a remote, for the wizard and for `config create`: sign in, choose device and mountpoint.
 * The session is on the disk before it is used for anything (API reference 2.4).
 */
import type { CommandContext } from "../cli/context.ts";
import {
  AuthError,
  CancelledError,
  ConfigError,
  ConflictError,
  FileNotFoundError,
  JottashError,
  UsageError,
} from "../errors.ts";
import { DEFAULT_DEVICE, isBuiltIn, type JottaAccount } from "../remote/jotta_account.ts";
import type { Login } from "../auth/login.ts";
import type { Service } from "../auth/services.ts";
import { checkRemoteName } from "../store/config_file.ts";
import { profileOfSection } from "../store/remote_profile.ts";
import { NewSession } from "./new_session.ts";
import {
  type BrowserWay,
  createBrowserLogin,
  createLegacyLogin,
  createSignInContext,
  createStandardLogin,
  type LegacyAccount,
  type SignInContext,
} from "./sign_in_methods.ts";

export class RemoteSetup {
  readonly #context: CommandContext;
  readonly name: string;

  /** Throws `ConfigError` for a name that no remote can have. */
  constructor(context: CommandContext, name: string) {
    const reason = checkRemoteName(name);
    if (reason !== undefined) throw new ConfigError(`Cannot call a remote "${name}": ${reason}`);
    this.#context = context;
    this.name = name;
  }

  /**
   * Signs in and saves the session, under a new remote or in place of the session of an existing one, whose other
   * settings stay. Resolves with the e-mail address of the account. What the login spends is spent only after the
   * config is known to be writable and the endpoint to be usable.
   */
  async signIn(login: Login): Promise<string> {
    await this.signInContext();
    await this.#refuseOtherType();
    await new NewSession(this.#context, this.name).signInAndSave(login);
    this.#context.accounts.forget(this.name);
    const email = await this.#confirmAccount();
    if (this.#context.env.get("JOTTASH_ACCESS_TOKEN")) {
      this.#context.printer.warning("JOTTASH_ACCESS_TOKEN is set: commands use it instead of this session");
    }
    return email;
  }

  /** With a personal login token, which works once. */
  async standardLogin(loginToken: string): Promise<Login> {
    return await createStandardLogin(await this.signInContext(), loginToken, await this.services());
  }

  /** With the browser. Throws `ConfigError` for a service that nobody knows. */
  async browserLogin(serviceKey: string, way: BrowserWay): Promise<Login> {
    const { requireService } = await import("../auth/services.ts");
    const service = requireService(await this.services(), serviceKey);
    return await createBrowserLogin(await this.signInContext(), service, way);
  }

  /** With user name and password. */
  async legacyLogin(account: LegacyAccount): Promise<Login> {
    return await createLegacyLogin(await this.signInContext(), account);
  }

  /** The brands that the browser sign-in can go to: the built-in ones and those of the config. */
  async services(): Promise<readonly Service[]> {
    const { servicesOf } = await import("../auth/services.ts");
    return servicesOf(await this.#context.config());
  }

  /** Throws `UsageError` for an endpoint that cannot be used. */
  async signInContext(): Promise<SignInContext> {
    const saved = (await this.#context.config()).get(this.name, "endpoint") || undefined;
    return await createSignInContext(this.#context, this.#context.settings.endpoint ?? saved);
  }

  /** A remote of another kind of cloud has keys that would mean something else here. */
  async #refuseOtherType(): Promise<void> {
    const type = (await this.#context.config()).get(this.name, "type");
    if (type === undefined || type === "" || type === "jottacloud") return;
    throw new ConfigError(
      `Cannot sign in as "${this.name}:": there is a remote of that name with type "${type}"`,
      { hint: "Choose another name, or delete that remote first" },
    );
  }

  /**
   * Uses the new session once, so that a sign-in that does not work is noticed here and not at night. The login token
   * is spent by now: the message says that the session is kept.
   */
  async #confirmAccount(): Promise<string> {
    try {
      return (await (await this.account()).customer(this.#context.signal)).email;
    } catch (cause) {
      if (!(cause instanceof JottashError) || cause instanceof CancelledError) throw cause;
      const isKept = `"${this.name}:" is signed in and saved all the same`;
      if (!(cause instanceof AuthError || cause instanceof FileNotFoundError)) {
        throw new JottashError(cause.message, {
          cause,
          code: cause.code,
          data: cause.data,
          hint: `${isKept}; later try: jottash about ${this.name}:`,
        });
      }
      const state = cause instanceof AuthError
        ? "the service refuses it"
        : "the service has no account for it";
      throw new AuthError(`Cannot use the new session of "${this.name}:": ${state}`, {
        cause,
        hint: `${isKept}; the login token may be of another service, or the endpoint of another account`,
      });
    }
  }

  /** Where remote and session are kept, for messages. */
  async home(): Promise<string> {
    const { path } = await this.#context.configStore();
    const home = await new NewSession(this.#context, this.name).home();
    if (home.kind === "config") return path;
    return `${path}, its session ${home.kind === "commands" ? "behind the put command" : `in ${home.path}`}`;
  }

  /** With the session of the config: one that variables tell, as JOTTASH_ACCESS_TOKEN does, is another one. */
  async account(): Promise<JottaAccount> {
    const document = await this.#context.config();
    return await this.#context.accounts.accountOf(profileOfSection(document, this.name));
  }

  /**
   * Saves device and mountpoint, in the spelling that the service has; missing ones are made where that is possible.
   * Throws `ConflictError` for a mountpoint that the built-in device does not have.
   */
  async choosePlace(
    place: { readonly device?: string | undefined; readonly mountpoint?: string | undefined },
  ) {
    const account = await this.account();
    const device = await account.ensureDevice(place.device ?? DEFAULT_DEVICE);
    const mountpoint = await account.ensureMountpoint(
      device,
      place.mountpoint ?? await this.#onlyMountpoint(device),
    );
    await (await this.#context.configStore()).update((document) => {
      document.set(this.name, "device", device);
      document.set(this.name, "mountpoint", mountpoint);
    });
    return { device, mountpoint };
  }

  /** As `choosePlace`; an error says that the sign-in, which may have spent a login token, was not in vain. */
  async choosePlaceAfterSignIn(place: Parameters<RemoteSetup["choosePlace"]>[0]) {
    try {
      return await this.choosePlace(place);
    } catch (error) {
      if (!(error instanceof ConflictError || error instanceof UsageError)) throw error;
      throw new ConflictError(error.message, {
        cause: error,
        code: error.code,
        hint: `"${this.name}:" is signed in and saved all the same; choose its place with: jottash config`,
      });
    }
  }

  /** What to use when only a device is named: Archive on the built-in one, elsewhere the one that there is. */
  async #onlyMountpoint(device: string): Promise<string> {
    if (isBuiltIn(device)) return "Archive";
    const names = (await (await this.account()).mountpoints(device)).map((mountpoint) => mountpoint.name);
    const [only] = names;
    if (only !== undefined && names.length === 1) return only;
    throw new UsageError(
      `Cannot choose a mountpoint of device "${device}": it has ${names.join(", ") || "none"}`,
      { hint: "Name one with --mountpoint; a new name is made" },
    );
  }
}
