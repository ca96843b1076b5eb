/**
 * The accounts of a run and the lines to them: one session for all remotes that share one, opened on first use,
 * transports closed at the end. Nothing of this is loaded by a command that stays on this machine.
 */
import type { RetryPolicy } from "../async/retry.ts";
import type { Edges } from "../edges.ts";
import type { RemoteSessionContext } from "../auth/remote_session.ts";
import type { TokenSource } from "../auth/token_source.ts";
import type { HttpClient, HttpClientOptions } from "../http/client.ts";
import type { Logger } from "../log.ts";
import type { SharedSettings } from "../shared_options/mod.ts";
import type { JottaAccount } from "../remote/jotta_account.ts";
import type { ConfigStore } from "../store/config_file.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import { Network, type NetworkSettings } from "./network.ts";

/** A token request holds the lock of the config: it may not be silent for as long as a transfer. */
const MAX_SIGN_IN_TIMEOUT_MS = 30_000;

export interface AccountsOptions {
  readonly edges: Edges;
  readonly log: Logger;
  readonly retryPolicy: RetryPolicy;
  readonly network: NetworkSettings;
  /** Where sessions are kept that have no home of their own. */
  readonly configStore: () => Promise<ConfigStore>;
  /** Throws `ConfigError` where there is no such remote. */
  readonly profileOf: (remoteName: string) => Promise<RemoteProfile>;
  readonly settingsOf: (profile: RemoteProfile) => Promise<SharedSettings>;
}

interface OpenSession {
  readonly remoteName: string;
  /** Tells it from the others of this run. */
  readonly identity: string;
  tokens: Promise<TokenSource> | undefined;
  account: Promise<JottaAccount> | undefined;
}

export class Accounts {
  readonly #options: AccountsOptions;
  /** By what makes a session. */
  readonly #sessions = new Map<string, OpenSession>();
  readonly #opened: TokenSource[] = [];
  readonly #network: Network;
  #count = 0;

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#network = new Network(options.edges, options.network);
  }

  /** Breaks off what is still connected. */
  close(): void {
    this.#network.close();
  }

  /** Resolves when no session is being refreshed. */
  async settled(): Promise<void> {
    await Promise.all(this.#opened.map((session) => session.settled()));
  }

  /** The account of the remote of that name, signed in on first use. */
  async get(remoteName: string): Promise<JottaAccount> {
    return await this.accountOf(await this.#options.profileOf(remoteName));
  }

  /** The account of a remote, signed in on first use. */
  accountOf(profile: RemoteProfile): Promise<JottaAccount> {
    return this.#sessionOf(profile).account ??= this.#openAccount(profile);
  }

  /** The session of a remote; the same one for all its places. Sends nothing yet. */
  tokenSource(profile: RemoteProfile): Promise<TokenSource> {
    return this.#sessionOf(profile).tokens ??= this.#openSession(profile);
  }

  /** The same for remotes that share a session; shows nothing of it. */
  identityOf(profile: RemoteProfile): string {
    return this.#sessionOf(profile).identity;
  }

  /** What a session of this remote works with; for those who look at it or change it. */
  async sessionContext(profile: RemoteProfile): Promise<RemoteSessionContext> {
    const { edges, log, configStore } = this.#options;
    const { tokenFile, tokenGetCmd, tokenPutCmd } = await this.#options.settingsOf(profile);
    return {
      http: await this.signInHttp(),
      clock: edges.clock,
      edges,
      endpoints: await this.#endpoints(profile),
      config: await configStore(),
      log,
      options: { tokenFile, tokenGetCommand: tokenGetCmd, tokenPutCommand: tokenPutCmd },
    };
  }

  /** The next use of the account reads the config anew: its session has been replaced. */
  forget(remoteName: string): void {
    for (const [key, session] of this.#sessions) {
      if (session.remoteName === remoteName) this.#sessions.delete(key);
    }
  }

  /** HTTP without a session, for signing in. */
  async signInHttp(): Promise<HttpClient> {
    return await this.#http(MAX_SIGN_IN_TIMEOUT_MS);
  }

  #sessionOf(profile: RemoteProfile): OpenSession {
    const key = profile.sessionKey();
    let session = this.#sessions.get(key);
    if (session === undefined) {
      const remoteName = profile.name;
      const identity = `${remoteName}#${this.#count++}`;
      session = { remoteName, identity, tokens: undefined, account: undefined };
      this.#sessions.set(key, session);
    }
    return session;
  }

  async #openSession(profile: RemoteProfile): Promise<TokenSource> {
    const { openSession } = await import("../auth/remote_session.ts");
    const session = await openSession(await this.sessionContext(profile), profile);
    this.#opened.push(session);
    return session;
  }

  async #openAccount(profile: RemoteProfile): Promise<JottaAccount> {
    const [{ trustedHosts }, { ApiClient }, { JottaAccount }, endpoints, authorizer] = await Promise.all([
      import("../http/trusted_hosts.ts"),
      import("../api/client.ts"),
      import("../remote/jotta_account.ts"),
      this.#endpoints(profile),
      this.tokenSource(profile),
    ]);
    const isTrusted = trustedHosts(endpoints.api);
    const http = await this.#http(Infinity, { authorizer, isTrusted });
    const { api, jfs, www } = endpoints;
    return new JottaAccount({ http, api: new ApiClient(http, api), jfsBase: jfs, wwwBase: www });
  }

  async #endpoints(profile: RemoteProfile) {
    const { resolveEndpoints } = await import("../http/endpoints.ts");
    return resolveEndpoints((await this.#options.settingsOf(profile)).endpoint);
  }

  #http(
    maxTimeoutMs: number,
    session: Pick<HttpClientOptions, "authorizer" | "isTrusted"> = {},
  ): Promise<HttpClient> {
    const { log, retryPolicy } = this.#options;
    return this.#network.http(maxTimeoutMs, { log, retryPolicy, ...session });
  }
}
