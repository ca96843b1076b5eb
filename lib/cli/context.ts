/**
 * The services of a run, each built when first used: a command that needs no sign-in never touches one, and a
 * command that needs no XML never loads it. The only place that names concrete classes and stacks them.
 */
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../async/retry.ts";
import type { Clock, Edges, Env, FileSystem, Launcher, Platform, Random, Terminal } from "../edges.ts";
import { ConfigError, DirectoryNotFoundError, UsageError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { SharedSettings } from "../shared_options/mod.ts";
import { type RemoteReference, withoutParameters } from "../path/connection_string.ts";
import { type Location, parseLocation } from "../path/location.ts";
import type { Remote } from "../remote/remote.ts";
import type { ConfigDocument, ConfigStore } from "../store/config_file.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { TransferEventSink } from "../transfer/events.ts";
import { type FileEntry, nameOf, parentOf } from "../tree/tree.ts";
import type { LiveArea } from "../ui/live_area.ts";
import type { Printer } from "../ui/printer.ts";
import { terminalAbilities } from "../ui/style.ts";
import type { Prompter } from "../ui/prompt.ts";
import { Accounts } from "./accounts.ts";
import { openLocal } from "./local_place.ts";
import { hintOfColon, loadConfig } from "./config_access.ts";
import type { Remotes } from "./remotes.ts";
import type { Reporter } from "./report.ts";

/** A place that a command reads from: a whole tree, or one file in it. */
export interface Source {
  readonly tree: TargetTree;
  readonly file: FileEntry | undefined;
}

export interface ContextInput {
  readonly edges: Edges;
  readonly settings: SharedSettings;
  readonly flags: ReadonlyMap<string, string>;
  readonly printer: Printer;
  readonly area: LiveArea;
  readonly log: Logger;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export class CommandContext {
  readonly settings: SharedSettings;
  readonly printer: Printer;
  /** Where a progress view is drawn; shared with the printer. */
  readonly area: LiveArea;
  /** Whether lines on stderr can be drawn over. */
  readonly canDraw: boolean;
  /** Whether there is a terminal, with somebody to ask. */
  readonly canAsk: boolean;
  readonly log: Logger;
  readonly reporter: Reporter;
  /** Tells what a command did, or in a dry run would do. */
  readonly report: Reporter["report"];
  /** Aborted when the user stops the run. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  readonly terminal: Terminal;
  readonly platform: Platform;
  readonly env: Env;
  readonly fileSystem: FileSystem;
  readonly launcher: Launcher;
  readonly accounts: Accounts;
  readonly #flags: ReadonlyMap<string, string>;
  readonly #edges: Edges;
  #configStore: Promise<ConfigStore> | undefined;
  #remotes: Promise<Remotes> | undefined;

  constructor(input: ContextInput) {
    this.settings = input.settings;
    this.printer = input.printer;
    this.area = input.area;
    this.canDraw = terminalAbilities(input.edges.terminal, input.edges.env).stderrCursor;
    // Questions are painted on stderr, answers are typed on the terminal.
    this.canAsk = input.edges.terminal.isInteractive && input.edges.terminal.stderrIsTerminal;
    this.log = input.log;
    this.reporter = input.reporter;
    this.report = input.reporter.report;
    this.signal = input.signal;
    this.clock = input.edges.clock;
    this.random = input.edges.random;
    this.terminal = input.edges.terminal;
    this.platform = input.edges.platform;
    this.env = input.edges.env;
    this.fileSystem = input.edges.fileSystem;
    this.launcher = input.edges.launcher;
    this.#edges = input.edges;
    this.#flags = input.flags;
    this.accounts = new Accounts({
      edges: input.edges,
      log: input.log,
      retryPolicy: this.#retryPolicy(),
      network: input.settings,
      configStore: () => this.#configOrNone(),
      profileOf: (name) => this.profile(name),
      settingsOf: async (profile) => (await this.remotes()).settingsOf(profile),
    });
  }

  /** Breaks off what is still connected. */
  close(): void {
    this.accounts.close();
  }

  /** One for the whole run: it keeps the key of an encrypted file. */
  configStore(): Promise<ConfigStore> {
    return this.#configStore ??= this.#openConfigStore();
  }

  async #openConfigStore(): Promise<ConfigStore> {
    const { defaultConfigPath } = await import("../store/config_path.ts");
    const { env, platform } = this.#edges;
    return await this.configStoreAt(this.settings.config ?? defaultConfigPath(env, platform.os));
  }

  /** Another config file, which may be encrypted too. */
  async configStoreAt(path: string): Promise<ConfigStore> {
    const { ConfigStore } = await import("../store/config_file.ts");
    return new ConfigStore(this.#edges, path, {
      passwords: {
        find: async (file) => await (await import("./config_password.ts")).findConfigPassword(this, file),
      },
    });
  }

  /** A remote that comes from the environment alone needs no config file, and no place for one. */
  async #configOrNone(): Promise<ConfigStore> {
    try {
      return await this.configStore();
    } catch (error) {
      const { NO_HOME } = await import("../store/config_path.ts");
      if (!(error instanceof ConfigError) || error.code !== NO_HOME) throw error;
      const { HomelessConfig } = await import("../store/homeless_config.ts");
      return new HomelessConfig(this.#edges, error);
    }
  }

  async config(): Promise<ConfigDocument> {
    return await loadConfig(await this.configStore());
  }

  remotes(): Promise<Remotes> {
    return this.#remotes ??= import("./remotes.ts").then(({ Remotes }) =>
      new Remotes({
        edges: this.#edges,
        flags: this.#flags,
        retryPolicy: this.#retryPolicy(),
        accounts: this.accounts,
        config: () => this.#configOrNone(),
      })
    );
  }

  /** Questions to the user; every question fails where there is no terminal, `instead` says which flags do the same. */
  async prompter(instead: string): Promise<Prompter> {
    if (this.canAsk) {
      const { InquirerPrompter } = await import("../ui/inquirer_prompter.ts");
      return new InquirerPrompter(this.signal);
    }
    const { NoTerminalPrompter } = await import("../ui/prompt.ts");
    return new NoTerminalPrompter(instead);
  }

  /** What this machine gives to a sign-in. */
  get signInEdges(): Pick<Edges, "loopback" | "launcher" | "random" | "clock" | "platform"> {
    return this.#edges;
  }

  /** Stamp of this machine, for sessions that belong to it. */
  async machine(): Promise<string> {
    const { machineStamp } = await import("../auth/machine_stamp.ts");
    return await machineStamp(this.platform);
  }

  /** The remote that `NAME`, `NAME:` or a connection string names. Throws `UsageError`, `ConfigError`. */
  async profile(text: string): Promise<RemoteProfile> {
    return await (await this.remotes()).profile(text);
  }

  /** Names of the remotes of the config and of the environment. */
  async remoteNames(): Promise<string[]> {
    return await (await this.remotes()).names();
  }

  /** The config as a person may look at it: with the remotes of the environment as sections. Not to be saved. */
  async shownConfig(): Promise<ConfigDocument> {
    return await (await this.remotes()).shown();
  }

  /** What messages call the place at `text`: the parameters of a connection string may be secrets. */
  labelOf(text: string): string {
    return withoutParameters(text);
  }

  /** A command as hints name it, with the place where that can be shown whole. */
  commandAt(command: string, text: string): string {
    return text === this.labelOf(text) ? `jottash ${command} "${text}"` : `jottash ${command}`;
  }

  /** The place at `place`, whatever is there, if anything. */
  async tree(place: string | Location): Promise<TargetTree> {
    const location = typeof place === "string" ? parseLocation(place, this.platform.os) : place;
    if (location.kind === "local") {
      return (await this.#local(location.path)).tree(withoutParameters(location.path));
    }
    const label = typeof place === "string"
      ? withoutParameters(place)
      : `${location.remote.name}:${location.path}`;
    await (await this.remotes()).checkNames(location, label);
    return await (await this.remotes()).tree(location, label);
  }

  #local = (path: string) => openLocal(this.#edges, { path, settings: this.settings });

  /** A place in the cloud. Throws `ConfigError` with `purpose` for a path of this machine. */
  async remote(text: string, purpose: string): Promise<Remote> {
    const tree = await this.tree(text);
    if (tree.side === "remote") return tree;
    throw new ConfigError(`Cannot ${purpose} "${text}": it is a path of this machine, not a remote`, {
      hint: "Write it as NAME:path; remotes are listed by: jottash config list",
    });
  }

  /** The place at `text` for reading. Throws `DirectoryNotFoundError` when nothing is there. */
  async source(text: string): Promise<Source> {
    const { tree, name } = await this.parentOf(text);
    const entry = await tree.stat(name, { signal: this.signal });
    if (entry?.kind === "file") return { tree, file: entry };
    if (entry?.kind === "directory") return { tree: await this.tree(text), file: undefined };
    const location = parseLocation(text, this.platform.os);
    if (location.kind === "remote") await this.requireMountpoint(location.remote);
    throw new DirectoryNotFoundError(
      `Cannot find "${withoutParameters(text)}": there is no such file or ${this.nounAt(text)}`,
      { hint: await hintOfColon(this, text) },
    );
  }

  /**
   * Whether what is deleted at `text` goes past the trash of the account; a path of this machine has none. A variable
   * that says so for all remotes may have been forgotten: it is named.
   */
  async deletesForGood(text: string): Promise<boolean> {
    const location = parseLocation(text, this.platform.os);
    if (location.kind === "local") return false;
    const remotes = await this.remotes();
    const { isOn, variable } = remotes.hardDelete(await remotes.profileOf(location.remote));
    if (variable !== undefined) this.printer.warning(`Deletes for good, past the trash: ${variable} is set`);
    return isOn;
  }

  /** What holds files at `text`: a folder of a remote, a directory of this machine. */
  nounAt(text: string): "folder" | "directory" {
    return parseLocation(text, this.platform.os).kind === "remote" ? "folder" : "directory";
  }

  /** What holds the entry at `text`, and its name in there; for a root the root itself and the empty name. */
  async parentOf(text: string): Promise<{ readonly tree: TargetTree; readonly name: string }> {
    const location = parseLocation(text, this.platform.os);
    if (location.kind === "local") {
      const local = await this.#local(location.path);
      return { tree: local.parent(), name: local.name };
    }
    const { remote, path } = location;
    await (await this.remotes()).checkNames(location, withoutParameters(text));
    const parent = parentOf(path);
    return {
      tree: await (await this.remotes()).tree({ remote, path: parent }, `${remote.name}:${parent}`),
      name: nameOf(path),
    };
  }

  /** Throws `DirectoryNotFoundError` when the device or the mountpoint of the remote is not there. */
  async requireMountpoint(remote: RemoteReference): Promise<void> {
    await (await this.remotes()).requireMountpoint(remote);
  }

  transferContext(emit: TransferEventSink): TransferContext {
    const { clock, random } = this.#edges;
    const retryContext = { clock, random, signal: this.signal };
    return { retryPolicy: this.#retryPolicy(), retryContext, emit, keepsMetadata: this.settings.metadata };
  }

  /** A local text file that is known to be short. Throws `UsageError` for a directory and a longer file. */
  async readSmallFile(path: string, maxBytes: number): Promise<string> {
    const { kind, size } = await this.#edges.fileSystem.stat(path);
    if (kind === "directory") throw new UsageError(`Cannot read "${path}": it is a directory`);
    if (size > maxBytes) throw new UsageError(`Cannot use "${path}": it is longer than ${maxBytes} bytes`);
    return await this.#edges.fileSystem.readText(path);
  }

  #retryPolicy(): RetryPolicy {
    return { ...DEFAULT_RETRY_POLICY, maxAttempts: this.settings.lowLevelRetries };
  }
}
