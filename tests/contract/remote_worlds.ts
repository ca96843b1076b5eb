/** The real remote over real HTTP against an emulator of its own, without the login dance and without real waits. */
import { ApiClient } from "../../lib/api/client.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../../lib/async/retry.ts";
import type { Clock, Transport } from "../../lib/edges.ts";
import { AuthError } from "../../lib/errors.ts";
import { HttpClient, type HttpClientOptions } from "../../lib/http/client.ts";
import { trustedHosts } from "../../lib/http/trusted_hosts.ts";
import { SILENT_LOGGER } from "../../lib/log.ts";
import { JOTTACLOUD_MASK } from "../../lib/names/mask.ts";
import { createRemoteNames } from "../../lib/names/remote_name.ts";
import { JottaAccount } from "../../lib/remote/jotta_account.ts";
import { JottaRemote, type JottaRemoteOptions } from "../../lib/remote/jotta_remote.ts";
import { createDenoTransport } from "../../lib/sys/deno_transport.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

export interface EmulatorWorldOptions extends EmulatorOptions {
  readonly retryPolicy?: Partial<RetryPolicy>;
  /** Made instead of the real line. */
  readonly transport?: (real: Transport) => Transport;
  /** Limits of the line, as the options of a run make them. */
  readonly limits?: (clock: Clock) => Pick<HttpClientOptions, "bandwidth" | "turns">;
}

export type RemoteWorldPlace = Partial<
  Pick<JottaRemoteOptions, "device" | "mountpoint" | "hardDelete" | "noVersions" | "uploadResumeLimit">
>;

export interface EmulatorWorld {
  readonly emulator: Emulator;
  readonly clock: FakeClock;
  readonly account: JottaAccount;
  readonly policy: RetryPolicy;
  /** Sessions begun so far, the first included. */
  sessions(): number;
  /** A tree at `root` of the built-in device's Archive, or of another place. */
  remote(root?: string, place?: RemoteWorldPlace): JottaRemote;
}

export async function withEmulator(
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): Promise<void> {
  await using emulator = await startEmulator(options);
  const real = createDenoTransport();
  const transport = options.transport?.(real) ?? real;
  try {
    await work(worldOf(emulator, transport, options));
  } finally {
    real.close();
  }
}

function worldOf(emulator: Emulator, transport: Transport, options: EmulatorWorldOptions): EmulatorWorld {
  const policy = { ...DEFAULT_RETRY_POLICY, ...options.retryPolicy };
  const clock = new FakeClock({ autoAdvance: true });
  const random = new SeededRandom();
  const session = new TestSession(emulator);
  const common = { transport, clock, random, log: SILENT_LOGGER, userAgent: "jottash-test" };
  const isTrusted = trustedHosts(emulator.endpoint);
  const http = new HttpClient({
    ...common,
    ...options.limits?.(clock),
    retryPolicy: policy,
    authorizer: session,
    isTrusted,
  });
  const api = new ApiClient(http, emulator.endpoint);
  const account = new JottaAccount({ http, api, jfsBase: `${emulator.endpoint}/jfs` });
  const remote: EmulatorWorld["remote"] = (root = "", place = {}) =>
    new JottaRemote({
      device: "Jotta",
      mountpoint: "Archive",
      ...place,
      account,
      remoteName: "jotta",
      root,
      label: `jotta:${root}`,
      names: createRemoteNames(JOTTACLOUD_MASK),
      retryPolicy: policy,
      retryContext: { clock, random },
    });
  return { emulator, clock, account, policy, sessions: () => session.count, remote };
}

/** Gets a session whenever one is refused, a bounded number of times. */
class TestSession {
  count = 0;
  readonly #emulator: Emulator;
  #token = "";

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  accessToken(): Promise<string> {
    return this.#token === "" ? this.renew("") : Promise.resolve(this.#token);
  }

  renew(rejected: string): Promise<string> {
    if (rejected !== this.#token) return Promise.resolve(this.#token);
    if (++this.count > 20) {
      return Promise.reject(new AuthError("Cannot renew the session: it was renewed too often"));
    }
    this.#token = this.#emulator.issueTokens().accessToken;
    return Promise.resolve(this.#token);
  }
}
