/**
 * A faithful emulator of Jottacloud on loopback: identity, JFS, the JSON API, uploads and public links on one origin,
 * with the service's own paths. Built from the API reference alone; imports nothing of jottash, so that no mistake
 * sits on both sides.
 *
 * Left out on purpose: the event websocket and its token (5.16), photo albums (5.10), the web interface's private
 * actions (5.9), purging of the trash after 30 days (6.4), revision states ADDED and PROCESSING (4.6), the device type
 * in a form body (3.3), and which client ids the legacy login has registered (2.3): it takes any.
 */
import { Account } from "./account.ts";
import { routeAdmin } from "./admin.ts";
import { BlobStore } from "./blobs.ts";
import { type Fault, Faults } from "./faults.ts";
import { IssuedSecrets } from "./issued_secrets.ts";
import { DEFAULT_REALM } from "./realms.ts";
import { type RecordedRequest, RequestLog } from "./request_log.ts";
import { route } from "./router.ts";
import { Server } from "./server.ts";
import type { Service, TransferStats } from "./service.ts";
import { Sessions } from "./sessions.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";
import { TreeView } from "./tree_view.ts";
import { Uploads } from "./uploads.ts";

export type { Fault, FaultAction, FaultMatch } from "./faults.ts";
export type { RecordedRequest } from "./request_log.ts";
export type { SeenFile, SeenRevision, SyntheticTree, TreeView } from "./tree_view.ts";
export { DEFAULT_SWITCHES, type Switches } from "./switches.ts";

export interface EmulatorOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Life of an access token; default 3600. Fractions work. */
  readonly tokenLifetimeSeconds?: number;
  /** Capacity and quota; default -1, unlimited. */
  readonly quotaBytes?: number;
  /** Content is kept in a fresh directory below this one, removed by stop(); default: the system's temporary one. */
  readonly dataDirectory?: string;
  readonly switches?: Partial<Switches>;
  /** Milliseconds since the epoch; default Date.now. */
  readonly now?: () => number;
}

/** Counters since the start. */
export interface EmulatorStats extends TransferStats {
  readonly requests: number;
  readonly logins: number;
  readonly refreshes: number;
  /** Token families revoked. */
  readonly revocations: number;
  readonly faultsFired: number;
  /** Different contents stored. */
  readonly blobs: number;
  /** Upload ids still open. */
  readonly openUploads: number;
  readonly usedBytes: number;
}

export interface IssuedSession {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAtMs: number;
}

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** A fresh single-use personal login token. */
  readonly loginToken: string;
  /** Internal user name, as in `/jfs/<username>/`. */
  readonly username: string;
  readonly email: string;
  /** Password of the dead legacy login. */
  readonly password: string;
  readonly tokenUrl: string;
  readonly wellKnown: string;
  /** Another single-use login token, of another realm if wished. */
  issueLoginToken(realm?: string): string;
  /** A signed-in session without the login dance; client `jottacli` of realm `jottacloud`. */
  issueTokens(clientId?: string): IssuedSession;
  /**
   * Everything secret that was given out since the start, oldest first: access, refresh and id tokens, login tokens and
   * what is in them, authorization codes, client secrets, ids of uploads. A snapshot.
   */
  issuedSecrets(): readonly string[];
  /** Revokes every refresh token at once; access tokens live on. */
  revokeSessions(): void;
  /** The last 10,000 requests, oldest first (a snapshot). */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  setSwitches(switches: Partial<Switches>): void;
  readonly stats: EmulatorStats;
  /** Request-free view of the stored tree. */
  readonly tree: TreeView;
  /** Closes all connections and removes the content. Safe to call twice. */
  stop(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const directory = await makeContentDirectory(options.dataDirectory);
  try {
    return assemble(options, directory);
  } catch (error) {
    await Deno.remove(directory, { recursive: true });
    throw error;
  }
}

/** A directory of its own for every run: content left by an earlier one must not be appended to. */
async function makeContentDirectory(parent: string | undefined): Promise<string> {
  if (parent !== undefined) await Deno.mkdir(parent, { recursive: true });
  return await Deno.makeTempDir({
    prefix: "jottacloud-emulator-",
    ...(parent === undefined ? {} : { dir: parent }),
  });
}

function assemble(options: EmulatorOptions, directory: string): Emulator {
  const now = options.now ?? Date.now;
  let switches: Switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const account = new Account({
    blobs: new BlobStore(directory),
    now,
    quotaBytes: options.quotaBytes ?? -1,
    switches: () => switches,
  });
  const secrets = new IssuedSecrets();
  const tokenLifetimeSeconds = options.tokenLifetimeSeconds ?? 3600;
  const sessions = new Sessions({ account, now, tokenLifetimeSeconds, secrets });
  const stats: TransferStats = {
    allocations: 0,
    deduplicated: 0,
    uploads: 0,
    uploadedBytes: 0,
    downloads: 0,
    downloadedBytes: 0,
  };
  const faults = new Faults();
  const log = new RequestLog();
  const uploads = new Uploads(secrets);
  const server = new Server({
    port: options.port ?? 0,
    faults,
    log,
    route: (request) => route(service, request),
    routeAdmin: (request) => routeAdmin(emulator, request),
  });
  const { endpoint } = server;
  const service: Service = { account, sessions, uploads, secrets, endpoint, stats, now };
  const wellKnownOf = (realm: string) => `${endpoint}/auth/realms/${realm}/.well-known/openid-configuration`;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await server.stop();
    await Deno.remove(directory, { recursive: true });
  };
  const emulator: Emulator = {
    endpoint,
    loginToken: sessions.issueLoginToken(wellKnownOf(DEFAULT_REALM)),
    username: account.username,
    email: account.email,
    password: account.password,
    tokenUrl: `${endpoint}/auth/realms/${DEFAULT_REALM}/protocol/openid-connect/token`,
    wellKnown: wellKnownOf(DEFAULT_REALM),
    issueLoginToken: (realm = DEFAULT_REALM) => sessions.issueLoginToken(wellKnownOf(realm), realm),
    issueTokens: (clientId = "jottacli") => sessions.startSession({ realm: DEFAULT_REALM, clientId }),
    issuedSecrets: () => secrets.list(),
    revokeSessions: () => sessions.revokeAll(),
    get requests() {
      return log.requests;
    },
    clearRequests: () => log.clear(),
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    setSwitches: (changes) => {
      switches = { ...switches, ...changes };
    },
    get stats() {
      return {
        ...stats,
        ...sessions.stats,
        requests: log.total,
        faultsFired: faults.fired,
        blobs: account.blobs.count,
        openUploads: uploads.count,
        usedBytes: account.usedBytes,
      };
    },
    tree: new TreeView(account),
    stop: () => stopped ??= stop(),
    [Symbol.asyncDispose]: () => emulator.stop(),
  };
  return emulator;
}
