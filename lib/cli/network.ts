/** The lines of a run: transports as the options say, and the limits that all of them share. */
import type { RateLimiter } from "../async/rate_limit.ts";
import type { Edges, Transport } from "../edges.ts";
import { ConfigError, JottashError } from "../errors.ts";
import type { Bandwidth } from "../http/bandwidth.ts";
import type { HttpClient, HttpClientOptions } from "../http/client.ts";
import type { Pace } from "../http/pace.ts";
import type { SharedSettings } from "../shared_options/mod.ts";
import { USER_AGENT } from "../version.ts";

export type NetworkSettings = Pick<
  SharedSettings,
  | "timeout"
  | "contimeout"
  | "bind"
  | "caCert"
  | "userAgent"
  | "bwlimit"
  | "bwlimitFile"
  | "tpslimit"
  | "tpslimitBurst"
>;

interface Limits {
  readonly bandwidth: Bandwidth | undefined;
  readonly turns: RateLimiter | undefined;
  readonly pace: Pace;
}

export class Network {
  readonly #edges: Edges;
  readonly #settings: NetworkSettings;
  /** By their timeout. */
  readonly #transports = new Map<number, Promise<Transport>>();
  readonly #opened: Transport[] = [];
  #limits: Promise<Limits> | undefined;

  constructor(edges: Edges, settings: NetworkSettings) {
    this.#edges = edges;
    this.#settings = settings;
  }

  /** Breaks off what is still connected. */
  close(): void {
    for (const transport of this.#opened.splice(0)) transport.close();
    this.#transports.clear();
  }

  /**
   * A client with a timeout of its own, never longer than that of the run. Throws `ConfigError` for a certificate or an
   * address that cannot be used.
   */
  async http(
    maxTimeoutMs: number,
    options: Omit<HttpClientOptions, "transport" | "userAgent" | "clock" | "random" | keyof Limits>,
  ): Promise<HttpClient> {
    const { HttpClient } = await import("../http/client.ts");
    const { clock, random } = this.#edges;
    const timeoutMs = Math.min(this.#settings.timeout, maxTimeoutMs);
    const transport = this.#transports.get(timeoutMs) ?? this.#openTransport(timeoutMs);
    this.#transports.set(timeoutMs, transport);
    this.#limits ??= this.#createLimits();
    return new HttpClient({
      ...options,
      ...await this.#limits,
      transport: await transport,
      clock,
      random,
      userAgent: this.#settings.userAgent ?? USER_AGENT,
    });
  }

  async #openTransport(timeoutMs: number): Promise<Transport> {
    const { contimeout, bind, caCert } = this.#settings;
    const caCertificates: string[] = [];
    for (const path of caCert) caCertificates.push(await this.#readCertificates(path));
    const transport = this.#edges.transport({
      timeoutMs,
      connectTimeoutMs: contimeout,
      localAddress: bind,
      caCertificates,
    });
    this.#opened.push(transport);
    return transport;
  }

  async #readCertificates(path: string): Promise<string> {
    const { problemOfCertificates } = await import("../http/ca_certificates.ts");
    let text: string;
    try {
      text = await this.#edges.fileSystem.readText(path);
    } catch (cause) {
      if (!(cause instanceof JottashError)) throw cause;
      throw new ConfigError(`Cannot read "${path}": --ca-cert does not name a readable file`, { cause });
    }
    const problem = problemOfCertificates(text);
    if (problem === undefined) return text;
    throw new ConfigError(`Cannot use "${path}" for --ca-cert: ${problem}`);
  }

  /** Nothing of the user's limits is loaded, or in the way of a byte, where none is set. */
  async #createLimits(): Promise<Limits> {
    const { bwlimit: total, bwlimitFile: perFile, tpslimit, tpslimitBurst } = this.#settings;
    const { clock } = this.#edges;
    const [{ Pace }, bandwidth, rateLimit] = await Promise.all([
      import("../http/pace.ts"),
      total === undefined && perFile === undefined ? undefined : import("../http/bandwidth.ts"),
      tpslimit === 0 ? undefined : import("../async/rate_limit.ts"),
    ]);
    return {
      pace: new Pace(clock),
      bandwidth: bandwidth && new bandwidth.Bandwidth({ clock, total, perFile }),
      turns: rateLimit && new rateLimit.RateLimiter({
        clock,
        ratePerSecond: () => tpslimit,
        // The next one in line is served when nothing is owed: one less than may go at once.
        burst: () => tpslimitBurst - 1,
      }),
    };
  }
}
