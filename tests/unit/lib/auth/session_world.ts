/** A remote, what describes it, and a service of one function: the disk, the programs and the machine are fakes. */
import type { RemoteSessionContext } from "../../../../lib/auth/remote_session.ts";
import type { SessionHomeOptions } from "../../../../lib/auth/session_home.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { resolveEndpoints } from "../../../../lib/http/endpoints.ts";
import { Logger } from "../../../../lib/log.ts";
import { ConfigStore } from "../../../../lib/store/config_file.ts";
import { type ProfileOrigin, RemoteProfile } from "../../../../lib/store/remote_profile.ts";
import { formatToken, type StoredToken } from "../../../../lib/store/token_store.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { ScriptedLauncher } from "../../../fakes/scripted_launcher.ts";
import { type RequestHandler, ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

export const CONFIG = "/home/kari/c.conf";
const MINUTE = 60_000;

/** What the provider answers to a refresh. */
export const REFRESHED =
  '{"access_token":"new","token_type":"bearer","refresh_token":"next","expires_in":3600}';

export interface SessionWorldOptions {
  /** The whole config file. */
  readonly config?: string;
  /** Keys of the remote `jotta` outside the config. */
  readonly outside?: Readonly<Record<string, string>>;
  readonly origin?: ProfileOrigin;
  readonly options?: SessionHomeOptions;
  readonly env?: Readonly<Record<string, string>>;
  readonly machineId?: string | undefined;
  readonly handler?: RequestHandler;
}

export class SessionWorld {
  readonly clock = new FakeClock({ autoAdvance: true });
  readonly fileSystem = new MemoryFileSystem();
  readonly launcher = new ScriptedLauncher();
  readonly lines: string[] = [];
  readonly transport: ScriptedTransport;
  readonly context: RemoteSessionContext;
  readonly #options: SessionWorldOptions;

  constructor(options: SessionWorldOptions = {}) {
    this.#options = options;
    this.transport = new ScriptedTransport(options.handler ?? (() => ({ body: REFRESHED })));
    this.fileSystem.put(CONFIG, options.config ?? "", { mode: 0o600 });
    const log = new Logger("debug", (line) => this.lines.push(line));
    const edges = {
      clock: this.clock,
      random: new SeededRandom(),
      fileSystem: this.fileSystem,
      launcher: this.launcher,
      env: fakeEnv(options.env ?? { HOME: "/home/kari" }),
      platform: {
        os: "linux",
        architecture: "x86_64",
        runtime: "test",
        hostname: "host",
        machineId: () => Promise.resolve("machineId" in options ? options.machineId : "this machine"),
        currentDirectory: () => "/runner",
        changeDirectory: () => {},
        processId: 1,
      },
    } as const;
    this.context = {
      http: new HttpClient({ ...edges, transport: this.transport, log, userAgent: "test" }),
      clock: this.clock,
      edges,
      config: new ConfigStore(edges, CONFIG),
      endpoints: resolveEndpoints(undefined),
      log,
      options: options.options,
    };
  }

  /** The remote `jotta` as config and outside describe it. */
  async profile(): Promise<RemoteProfile> {
    const document = await this.context.config.load();
    const { outside = {}, origin = "environment" } = this.#options;
    const values = [
      ...document.entries("jotta").map(([key, value]) => [key, { value, origin: "config" }] as const),
      ...Object.entries(outside).map(([key, value]) => [key, { value, origin }] as const),
    ];
    return new RemoteProfile("jotta", document.has("jotta") ? "jotta" : undefined, new Map(values));
  }

  /** Forms of the requests to the provider. */
  get forms(): URLSearchParams[] {
    return this.transport.requests.map(({ body }) => new URLSearchParams(body));
  }
}

/** A token of the world's time that lives for `minutes` more. */
export function tokenFor(minutes: number, changes: Partial<StoredToken> = {}): string {
  return formatToken({
    accessToken: "old",
    tokenType: "Bearer",
    refreshToken: "refresh",
    expiresAtMs: new FakeClock().now() + minutes * MINUTE,
    ...changes,
  });
}

export function section(keys: Readonly<Record<string, string>>): string {
  return "[jotta]\ntype = jottacloud\n" +
    Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`).join("");
}
