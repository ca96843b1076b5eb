/**
 * The steps of setting up a remote, for the wizard and for `config create`: sign in, choose device and mountpoint.
 * The session is on the disk before it is used for anything (API reference 2.4).
 */
import type { CommandContext } from "../cli/context.ts";
import { asConfigFailure } from "../cli/remote_config.ts";
import { AuthError, ConfigError, JottashError, NetworkError, ServiceError, UsageError } from "../errors.ts";
import { DEFAULT_DEVICE, isBuiltIn, type JottaAccount } from "../remote/jotta_account.ts";
import { checkRemoteName } from "../store/config_file.ts";

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
   * Signs in with a personal login token and saves the session, under a new remote or in place of the session of an
   * existing one, whose other settings stay. Resolves with the e-mail address of the account. The login token is
   * spent only after the config is known to be writable and the endpoint to be usable.
   */
  async signIn(loginToken: string): Promise<string> {
    const [{ StandardLogin }, { resolveEndpoints }] = await Promise.all([
      import("../auth/standard_login.ts"),
      import("../http/endpoints.ts"),
    ]);
    const { clock, settings } = this.#context;
    resolveEndpoints(settings.endpoint);
    await this.#refuseOtherType();
    const store = await this.#context.configStore();
    const login = new StandardLogin({ http: await this.#context.accounts.signInHttp(), clock }, loginToken);
    const save = () =>
      store.exclusively(async (config) => {
        await config.reserve();
        const keys = await login.signIn();
        await config.change((document) => {
          for (const [key, value] of keys) document.set(this.name, key, value);
          if (settings.endpoint !== undefined) document.set(this.name, "endpoint", settings.endpoint);
        });
      });
    await asConfigFailure(save, "The config cannot be saved");
    this.#context.accounts.forget(this.name);
    return await this.#confirmAccount();
  }

  /** A remote of another kind of cloud has keys that would mean something else here. */
  async #refuseOtherType(): Promise<void> {
    const type = (await this.#context.config()).get(this.name, "type");
    if (type === undefined || type === "" || type === "jottacloud") return;
    throw new ConfigError(
      `Cannot sign in as "${this.name}": there is a remote of that name with type "${type}"`,
      { hint: "Choose another name, or delete that remote first" },
    );
  }

  /**
   * Uses the new session once, so that a sign-in that does not work is noticed here and not at night. The login token
   * is spent by now: where only the service is out of reach, the message says that the session is kept.
   */
  async #confirmAccount(): Promise<string> {
    try {
      return (await (await this.account()).customer(this.#context.signal)).email;
    } catch (cause) {
      if (cause instanceof NetworkError || cause instanceof ServiceError) {
        throw new JottashError(cause.message, {
          cause,
          code: cause.code,
          data: cause.data,
          hint: `"${this.name}:" is signed in and saved all the same; later try: jottash about ${this.name}:`,
        });
      }
      if (!(cause instanceof AuthError)) throw cause;
      throw new AuthError(`Cannot use the new session of "${this.name}": the service refuses it`, {
        cause,
        hint: "The login token may be of another service, or the endpoint of another account",
      });
    }
  }

  account(): Promise<JottaAccount> {
    return this.#context.accounts.get(this.name);
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
