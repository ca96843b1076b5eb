/**
 * The accounts of a run and the lines to them: one session a remote, opened on first use, transports closed at the
 * end. Nothing of this is loaded by a command that stays on this machine.
 */
import type { RetryPolicy } from "../async/retry.ts";
import type { Edges, Transport } from "../edges.ts";
import type { TokenSource } from "../auth/token_source.ts";
import type { Authorizer } from "../http/authorizer.ts";
import type { HttpClient } from "../http/client.ts";
import type { Logger } from "../log.ts";
import type { JottaAccount } from "../remote/jotta_account.ts";
import type { ConfigStore } from "../store/config_file.ts";
import { USER_AGENT } from "../version.ts";

/** A token request holds the lock of the config: it may not be silent for as long as a transfer. */
const MAX_SIGN_IN_TIMEOUT_MS = 30_000;

export interface AccountsOptions {
  readonly edges: Pick<Edges, "clock" | "random" | "transport">;
  readonly log: Logger;
  readonly retryPolicy: RetryPolicy;
  /** Longest silence of a connection. */
  readonly timeoutMs: number;
  readonly configStore: () => Promise<ConfigStore>;
  /** The endpoint that a remote is reached through, if it has one of its own. */
  readonly endpointOf: (remoteName: string) => Promise<string | undefined>;
}

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #accounts = new Map<string, Promise<JottaAccount>>();
  readonly #sessions: TokenSource[] = [];
  /** By their timeout. */
  readonly #transports = new Map<number, Transport>();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** Breaks off what is still connected. */
  close(): void {
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
  }

  /** Resolves when no session is being refreshed. */
  async settled(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.settled()));
  }

  /** The account of a remote, signed in on first use. */
  get(remoteName: string): Promise<JottaAccount> {
    let account = this.#accounts.get(remoteName);
    if (account === undefined) {
      account = this.#open(remoteName);
      this.#accounts.set(remoteName, account);
    }
    return account;
  }

  /** The next use of the account reads the config anew: its session has been replaced. */
  forget(remoteName: string): void {
    this.#accounts.delete(remoteName);
  }

  /** HTTP without a session, for signing in. */
  async signInHttp(): Promise<HttpClient> {
    return await this.#http(Math.min(this.#options.timeoutMs, MAX_SIGN_IN_TIMEOUT_MS));
  }

  async #open(remoteName: string): Promise<JottaAccount> {
    const { configStore, endpointOf, edges, log, timeoutMs } = this.#options;
    const [{ resolveEndpoints }, { ApiClient }, { JottaAccount }, { openSession }] = await Promise.all([
      import("../http/endpoints.ts"),
      import("../api/client.ts"),
      import("../remote/jotta_account.ts"),
      import("../auth/remote_session.ts"),
    ]);
    const endpoints = resolveEndpoints(await endpointOf(remoteName));
    const config = await configStore();
    const authorizer = await openSession(
      { http: await this.signInHttp(), clock: edges.clock, config, log },
      remoteName,
    );
    this.#sessions.push(authorizer);
    const http = await this.#http(timeoutMs, authorizer);
    return new JottaAccount({ http, api: new ApiClient(http, endpoints.api), jfsBase: endpoints.jfs });
  }

  async #http(timeoutMs: number, authorizer?: Authorizer): Promise<HttpClient> {
    const { HttpClient } = await import("../http/client.ts");
    const { edges, log, retryPolicy } = this.#options;
    const transport = this.#transports.get(timeoutMs) ?? edges.transport({ timeoutMs });
    this.#transports.set(timeoutMs, transport);
    const { clock, random } = edges;
    const session = authorizer === undefined ? {} : { authorizer };
    return new HttpClient({ transport, clock, random, log, retryPolicy, userAgent: USER_AGENT, ...session });
  }
}
