/**
 * The services of a run, each built when first used: a command that needs no sign-in never touches one, and a
 * command that needs no XML never loads it. The only place that names concrete classes and stacks them.
 */
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../async/retry.ts";
import type { Clock, Edges, Platform, Terminal } from "../edges.ts";
import { ConfigError, DirectoryNotFoundError, FileNotFoundError, UsageError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { JOTTACLOUD_MASK } from "../names/mask.ts";
import { SHARED_OPTIONS, type SharedSettings } from "../options.ts";
import { parseLocation } from "../path/location.ts";
import type { Remote } from "../remote/remote.ts";
import { resolveOptions } from "../settings.ts";
import type { ConfigDocument, ConfigStore } from "../store/config_file.ts";
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
import { hintOfColon, loadConfig, requireJottacloud } from "./remote_config.ts";

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
  /** Aborted when the user stops the run. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly platform: Platform;
  readonly accounts: Accounts;
  readonly #edges: Edges;
  readonly #flags: ReadonlyMap<string, string>;
  #configStore: ConfigStore | undefined;

  constructor(input: ContextInput) {
    this.settings = input.settings;
    this.printer = input.printer;
    this.area = input.area;
    this.canDraw = terminalAbilities(input.edges.terminal, input.edges.env).stderrCursor;
    // Questions are painted on stderr, answers are typed on the terminal.
    this.canAsk = input.edges.terminal.isInteractive && input.edges.terminal.stderrIsTerminal;
    this.log = input.log;
    this.signal = input.signal;
    this.clock = input.edges.clock;
    this.terminal = input.edges.terminal;
    this.platform = input.edges.platform;
    this.#edges = input.edges;
    this.#flags = input.flags;
    this.accounts = new Accounts({
      edges: input.edges,
      log: input.log,
      retryPolicy: this.#retryPolicy(),
      timeoutMs: input.settings.timeout,
      configStore: () => this.configStore(),
      endpointOf: async (remote) => this.#remoteOptions(await this.#configWith(remote), remote).endpoint,
    });
  }

  /** Breaks off what is still connected. */
  close(): void {
    this.accounts.close();
  }

  async configStore(): Promise<ConfigStore> {
    if (this.#configStore === undefined) {
      const [{ ConfigStore }, { defaultConfigPath }] = await Promise.all([
        import("../store/config_file.ts"),
        import("../store/config_path.ts"),
      ]);
      const { env, platform } = this.#edges;
      this.#configStore = new ConfigStore(
        this.#edges,
        this.settings.config ?? defaultConfigPath(env, platform.os),
      );
    }
    return this.#configStore;
  }

  async config(): Promise<ConfigDocument> {
    return await loadConfig(await this.configStore());
  }

  /** Questions to the user; every question fails where there is no terminal, `instead` says which flags do the same. */
  async prompter(instead: string): Promise<Prompter> {
    if (this.canAsk) {
      const { InquirerPrompter } = await import("../ui/inquirer_prompter.ts");
      return new InquirerPrompter();
    }
    const { NoTerminalPrompter } = await import("../ui/prompt.ts");
    return new NoTerminalPrompter(instead);
  }

  /** The place at `text`, whatever is there, if anything. */
  async tree(text: string): Promise<TargetTree> {
    const location = parseLocation(text, this.platform.os);
    if (location.kind === "local") return (await openLocal(this.#edges, location.path)).tree(text);
    await this.#checkNames(text, location.remote, location.path);
    return await this.#remoteTree(location.remote, location.path, text);
  }

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
    throw new DirectoryNotFoundError(`Cannot find "${text}": there is no such file or ${this.nounAt(text)}`, {
      hint: await hintOfColon(this, text),
    });
  }

  /** What holds files at `text`: a folder of a remote, a directory of this machine. */
  nounAt(text: string): "folder" | "directory" {
    return parseLocation(text, this.platform.os).kind === "remote" ? "folder" : "directory";
  }

  /** What holds the entry at `text`, and its name in there; for a root the root itself and the empty name. */
  async parentOf(text: string): Promise<{ readonly tree: TargetTree; readonly name: string }> {
    const location = parseLocation(text, this.platform.os);
    if (location.kind === "local") {
      const local = await openLocal(this.#edges, location.path);
      return { tree: local.parent(), name: local.name };
    }
    const { remote, path } = location;
    const parent = parentOf(path);
    await this.#checkNames(text, remote, path);
    return { tree: await this.#remoteTree(remote, parent, `${remote}:${parent}`), name: nameOf(path) };
  }

  /** Throws `DirectoryNotFoundError` when the device or the mountpoint of the remote is not there. */
  async requireMountpoint(remoteName: string): Promise<void> {
    const { device, mountpoint } = await this.#placeOf(remoteName);
    const account = await this.accounts.get(remoteName);
    try {
      await account.requireMountpoint(device, mountpoint);
    } catch (cause) {
      if (!(cause instanceof FileNotFoundError)) throw cause;
      throw new DirectoryNotFoundError(
        `Cannot use "${remoteName}:": there is no mountpoint "${mountpoint}" on a device "${device}"`,
        { cause, hint: 'Choose another with "jottash config", or with --device and --mountpoint' },
      );
    }
  }

  transferContext(emit: TransferEventSink): TransferContext {
    const { clock, random } = this.#edges;
    return { retryPolicy: this.#retryPolicy(), retryContext: { clock, random, signal: this.signal }, emit };
  }

  /** A local text file that is known to be short. Throws `UsageError` for a directory and a longer file. */
  async readSmallFile(path: string, maxBytes: number): Promise<string> {
    const { kind, size } = await this.#edges.fileSystem.stat(path);
    if (kind === "directory") throw new UsageError(`Cannot read "${path}": it is a directory`);
    if (size > maxBytes) throw new UsageError(`Cannot use "${path}": it is longer than ${maxBytes} bytes`);
    return await this.#edges.fileSystem.readText(path);
  }

  /** Throws `UsageError` for a path that the service cannot hold, before anything is asked for there. */
  async #checkNames(text: string, remoteName: string, path: string): Promise<void> {
    const reason = (await this.#remoteTree(remoteName, "", `${remoteName}:`)).refusedReason(path);
    if (reason === undefined) return;
    throw new UsageError(`Cannot use "${text}": the service refuses the name: ${reason}`, {
      code: "name-refused",
      hint: "Use another name",
    });
  }

  async #remoteTree(name: string, path: string, label: string): Promise<Remote> {
    const [{ JottaRemote }, { createRemoteNames }, place] = await Promise.all([
      import("../remote/jotta_remote.ts"),
      import("../names/remote_name.ts"),
      this.#placeOf(name),
    ]);
    return new JottaRemote({
      account: await this.accounts.get(name),
      remoteName: name,
      device: place.device,
      mountpoint: place.mountpoint,
      root: path,
      label,
      names: createRemoteNames(place.encoding),
      retryPolicy: this.#retryPolicy(),
      retryContext: this.#edges,
    });
  }

  async #placeOf(remoteName: string) {
    const document = await this.#configWith(remoteName);
    const options = this.#remoteOptions(document, remoteName);
    const { DEFAULT_DEVICE, DEFAULT_MOUNTPOINT } = await import("../remote/jotta_account.ts");
    return {
      device: options.device ?? DEFAULT_DEVICE,
      mountpoint: options.mountpoint ?? DEFAULT_MOUNTPOINT,
      encoding: options.encoding ?? JOTTACLOUD_MASK,
    };
  }

  async #configWith(remoteName: string): Promise<ConfigDocument> {
    const document = await this.config();
    requireJottacloud(document, remoteName, (await this.configStore()).path);
    return document;
  }

  #remoteOptions(document: ConfigDocument, name: string) {
    const section = new Map(document.entries(name));
    return resolveOptions(SHARED_OPTIONS, { flags: this.#flags, env: this.#edges.env, section }).values;
  }

  #retryPolicy(): RetryPolicy {
    return { ...DEFAULT_RETRY_POLICY, maxAttempts: this.settings.lowLevelRetries };
  }
}
