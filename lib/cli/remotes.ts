/**
 * Remotes as a command line names them: which there are, what all sources say about one, a place in one as a tree.
 */
import type { RetryPolicy } from "../async/retry.ts";
import type { Edges } from "../edges.ts";
import { DirectoryNotFoundError, FileNotFoundError, UsageError } from "../errors.ts";
import { JOTTACLOUD_MASK } from "../names/mask.ts";
import { SHARED_OPTIONS, type SharedSettings } from "../shared_options/mod.ts";
import { parseConnectionString, type RemoteReference, withoutParameters } from "../path/connection_string.ts";
import type { RemoteLocation } from "../path/location.ts";
import { type Remote, TRASH_IS_READ_ONLY } from "../remote/remote.ts";
import { environmentNames, resolveOptions } from "../settings.ts";
import { ConfigDocument } from "../store/config_document.ts";
import type { ConfigStore } from "../store/config_file.ts";
import { environmentRemotes, environmentValues } from "../store/environment_remotes.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import { remoteNames, resolveProfile } from "../store/resolve_profile.ts";
import type { Accounts } from "./accounts.ts";
import { loadConfig } from "./config_access.ts";

export interface RemotesOptions {
  readonly edges: Edges;
  readonly flags: ReadonlyMap<string, string>;
  readonly accounts: Accounts;
  readonly retryPolicy: RetryPolicy;
  /** One that is empty where there is no place for a config file. */
  readonly config: () => Promise<ConfigStore>;
}

type RemotePath = Omit<RemoteLocation, "kind">;

export class Remotes {
  readonly #options: RemotesOptions;

  constructor(options: RemotesOptions) {
    this.#options = options;
  }

  /** Names of remotes of the config and of the environment. */
  async names(): Promise<string[]> {
    const document = await loadConfig(await this.#options.config());
    return remoteNames({ document, env: this.#options.edges.env });
  }

  /** The config as a person may look at it: with the remotes of the environment as sections. Not to be saved. */
  async shown(): Promise<ConfigDocument> {
    const document = await loadConfig(await this.#options.config());
    const { env } = this.#options.edges;
    for (const name of environmentRemotes(env, document.sections())) {
      document.addSection(name);
      for (const [key, value] of environmentValues(env, name)) document.set(name, key, value);
    }
    return document;
  }

  /** `NAME`, `NAME:` or a connection string without a path. Throws `UsageError`, `ConfigError`. */
  async profile(text: string): Promise<RemoteProfile> {
    const read = parseConnectionString(text.endsWith(":") ? text : `${text}:`);
    if (read === undefined || read.path !== "") {
      throw new UsageError(`Cannot use "${withoutParameters(text)}": it is not the name of a remote`, {
        hint: "Remotes are listed by: jottash config list",
      });
    }
    return await this.profileOf(read.remote);
  }

  /** Throws `ConfigError` unless there is such a remote, of a type that this program knows. */
  async profileOf(reference: RemoteReference): Promise<RemoteProfile> {
    const { edges: { env }, config } = this.#options;
    const store = await config();
    // A remote without a name has no section: a config that cannot be read does not matter to it.
    const document = reference.name.startsWith(":")
      ? ConfigDocument.parse("", store.path)
      : await loadConfig(store);
    return resolveProfile(reference, { document, env, configPath: store.path || undefined });
  }

  /** The options of every command as they are for this remote. */
  settingsOf(profile: RemoteProfile): SharedSettings {
    const { flags, edges } = this.#options;
    return resolveOptions(SHARED_OPTIONS, { flags, env: edges.env, profile }).values;
  }

  /**
   * Whether removals go past the trash; `variable` is the one for all remotes, where it is that which says so. Throws
   * `UsageError` for a remote that shows the trash, where nothing can be removed.
   */
  hardDelete(profile: RemoteProfile): { readonly isOn: boolean; readonly variable: string | undefined } {
    const { flags, edges: { env } } = this.#options;
    const { hardDelete, trashedOnly } = SHARED_OPTIONS;
    const { values, origins } = resolveOptions({ hardDelete, trashedOnly }, { flags, env, profile });
    if (values.trashedOnly) {
      throw new UsageError(`Cannot delete in "${profile.name}:": ${TRASH_IS_READ_ONLY}`);
    }
    const isFromVariable = values.hardDelete && origins.hardDelete === "environment";
    const variable = isFromVariable ? environmentNames(hardDelete).find((name) => env.get(name)) : undefined;
    return { isOn: values.hardDelete, variable };
  }

  /** The folder at a place; `label` is what messages call it, without parameters. */
  async tree({ remote, path }: RemotePath, label: string): Promise<Remote> {
    const [profile, { JottaRemote }, { TrashedRemote }, { createRemoteNames }] = await Promise.all([
      this.profileOf(remote),
      import("../remote/jotta_remote.ts"),
      import("../remote/trashed_remote.ts"),
      import("../names/remote_name.ts"),
    ]);
    const { retryPolicy, edges, accounts } = this.#options;
    const { encoding, trashedOnly, ...place } = await this.#placeOf(profile);
    return new (trashedOnly ? TrashedRemote : JottaRemote)({
      ...place,
      account: await accounts.accountOf(profile),
      remoteName: accounts.identityOf(profile),
      root: path,
      label,
      names: createRemoteNames(encoding),
      retryPolicy,
      retryContext: edges,
    });
  }

  /** Throws `UsageError` for a path that the service cannot hold, before anything is asked for there. */
  async checkNames({ remote, path }: RemotePath, label: string): Promise<void> {
    const reason = (await this.tree({ remote, path: "" }, `${remote.name}:`)).refusedReason(path);
    if (reason === undefined) return;
    throw new UsageError(`Cannot use "${label}": the service refuses the name: ${reason}`, {
      code: "name-refused",
      hint: "Use another name",
    });
  }

  /** Throws `DirectoryNotFoundError` when the device or the mountpoint of the remote is not there. */
  async requireMountpoint(reference: RemoteReference): Promise<void> {
    const profile = await this.profileOf(reference);
    const { device, mountpoint } = await this.#placeOf(profile);
    const account = await this.#options.accounts.accountOf(profile);
    try {
      await account.requireMountpoint(device, mountpoint);
    } catch (cause) {
      if (!(cause instanceof FileNotFoundError)) throw cause;
      throw new DirectoryNotFoundError(
        `Cannot use "${profile.name}:": there is no mountpoint "${mountpoint}" on a device "${device}"`,
        { cause, hint: 'Choose another with "jottash config", or with --device and --mountpoint' },
      );
    }
  }

  async #placeOf(profile: RemoteProfile) {
    const { device, mountpoint, encoding, ...rules } = this.settingsOf(profile);
    const { DEFAULT_DEVICE, DEFAULT_MOUNTPOINT } = await import("../remote/jotta_account.ts");
    return {
      device: device ?? DEFAULT_DEVICE,
      mountpoint: mountpoint ?? DEFAULT_MOUNTPOINT,
      encoding: encoding ?? JOTTACLOUD_MASK,
      hardDelete: rules.hardDelete,
      trashedOnly: rules.trashedOnly,
      noVersions: rules.noVersions,
      uploadResumeLimit: rules.uploadResumeLimit,
    };
  }
}
