/** What is known of a session without using it, for people and scripts; and the take-over of a copied one. */
import type { FileSystem } from "../edges.ts";
import { ConfigError, FileNotFoundError, JottashError, LocalError, LockedError } from "../errors.ts";
import { parentDirectory, prepareAtomicWrite, resolveTarget } from "../store/atomic_file.ts";
import { acquireLock } from "../store/lock_file.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import type { SessionRecord, SignInMethod } from "../store/session_record.ts";
import { interruptionOf } from "../store/session_recovery.ts";
import type { StoredSession } from "../store/token_store.ts";
import { endOf, Freshness } from "./freshness.ts";
import { issuerOf } from "./jwt.ts";
import { isOfAnotherMachine, machineStamp } from "./machine_stamp.ts";
import { DEFAULT_TOKEN_URL, type RemoteSessionContext } from "./remote_session.ts";
import { type Service, serviceOfUrl, servicesOf } from "./services.ts";
import { notSignedIn } from "./session_errors.ts";
import { clientOf, findHome, type HomeKind, type SessionHome } from "./session_home.ts";

/** Room for what a new session takes, to notice a full disk. */
const SESSION_BYTES = 64 * 1024;

export interface SessionStatus {
  readonly remote: string;
  /** Key of the brand where it is known, else the host of the token address; undefined where nothing tells it. */
  readonly service: string | undefined;
  /** Undefined: nobody knows, because another program signed in. */
  readonly method: SignInMethod | "access-token" | undefined;
  readonly home: HomeKind;
  readonly isSignedIn: boolean;
  /** Of the access token, in milliseconds since 1970 UTC. */
  readonly expiresAtMs: number | undefined;
  /** There is a refresh token, and a home that can keep the next one. */
  readonly canRefresh: boolean;
  readonly rotatedAtMs: number | undefined;
  /** Undefined: cannot be told without doing it. */
  readonly isWritable: boolean | undefined;
  /** From another machine. */
  readonly isCopied: boolean;
  /** When a refresh was begun whose end nobody saw. */
  readonly interruptedAtMs: number | undefined;
}

/** Sends nothing and changes nothing; commands that get a session are run. Throws what reading the session throws. */
export async function inspectSession(
  context: RemoteSessionContext,
  profile: RemoteProfile,
): Promise<SessionStatus> {
  const home = await findHome(context, profile);
  const session = await home.store.load() ?? (home.store.canSave ? home.seed : undefined);
  const { isWritable, isBusy } = await canWrite(context, home);
  const { token, record = {} } = session ?? {};
  const hasRefreshToken = token?.refreshToken !== undefined;
  return {
    remote: profile.name,
    service: await serviceName(context, { profile, home, session }),
    method: methodOf(record, { profile, home, session }),
    home: home.kind,
    isSignedIn: token !== undefined && (hasRefreshToken || new Freshness(context.clock).isAlive(token)),
    expiresAtMs: token === undefined ? undefined : endOf(token),
    canRefresh: hasRefreshToken && home.store.canSave && isWritable !== false,
    rotatedAtMs: record.rotatedAtMs,
    isWritable,
    isCopied: home.kind === "config" && record.machine !== undefined &&
      isOfAnotherMachine(record.machine, await machineStamp(context.edges.platform)),
    // While another process refreshes, the end is still to come.
    interruptedAtMs: session === undefined || isBusy ? undefined : await interruptionOf(session),
  };
}

/**
 * From now on the session belongs to this machine: the user says that no other one uses it. Throws `ConfigError` for
 * a session that is not in the config file, `AuthError` when nobody is signed in.
 */
export async function adoptSession(context: RemoteSessionContext, profile: RemoteProfile): Promise<void> {
  const home = await findHome(context, profile);
  if (home.kind !== "config" || !home.store.canSave) {
    throw new ConfigError(
      `Cannot adopt the session of "${profile.name}:": it is not kept in the config file`,
      {
        hint: "Only a config that was copied ties a session to a machine",
        data: { remote: profile.name },
      },
    );
  }
  const machine = await machineStamp(context.edges.platform);
  await home.store.exclusively(async ({ session, note }) => {
    if (session === undefined) throw notSignedIn(profile.name);
    await note({ ...session.record, machine });
  });
}

interface Subject {
  readonly profile: RemoteProfile;
  readonly home: SessionHome;
  readonly session: StoredSession | undefined;
}

async function serviceName(context: RemoteSessionContext, subject: Subject): Promise<string | undefined> {
  const { profile, home, session } = subject;
  if (session?.record.service !== undefined) return session.record.service;
  const url = home.isAccessTokenOnly
    ? issuerOf(session?.token.accessToken ?? "")
    : session === undefined
    ? profile.get("tokenURL")
    : (session.client ?? clientOf(profile)).tokenUrl ?? DEFAULT_TOKEN_URL;
  if (!url) return undefined;
  return serviceOfUrl(url, await knownServices(context))?.key ?? URL.parse(url)?.host;
}

async function knownServices({ config }: RemoteSessionContext): Promise<readonly Service[] | undefined> {
  // What is merely nice to know asks for no password.
  const document = await config.loadUnasked().catch(() => undefined);
  return document === undefined ? undefined : servicesOf(document);
}

function methodOf(record: SessionRecord, { profile, home, session }: Subject): SessionStatus["method"] {
  if (home.isAccessTokenOnly) return "access-token";
  if (record.method !== undefined) return record.method;
  const { configVersion } = session?.client ?? clientOf(profile);
  return session !== undefined && configVersion === "0" ? "legacy" : undefined;
}

/** Takes what a write would need, and gives it back. `isBusy`: another process holds the lock. */
async function canWrite(
  { edges }: RemoteSessionContext,
  { path, store }: SessionHome,
): Promise<{ readonly isWritable: boolean | undefined; readonly isBusy: boolean }> {
  if (!store.canSave) return { isWritable: false, isBusy: false };
  if (path === undefined) return { isWritable: undefined, isBusy: false };
  try {
    const target = await resolveTarget(edges.fileSystem, path);
    await edges.fileSystem.stat(parentDirectory(target));
    using _lock = await acquireLock(edges, target, { timeoutMs: 0 });
    await using _write = await prepareAtomicWrite(edges, target, { reserveBytes: SESSION_BYTES });
    return { isWritable: await canReplace(edges.fileSystem, target), isBusy: false };
  } catch (error) {
    // Whoever holds the lock is about to write.
    if (error instanceof LockedError) return { isWritable: true, isBusy: true };
    // A directory that is missing would have to be made.
    if (error instanceof FileNotFoundError) return { isWritable: undefined, isBusy: false };
    if (error instanceof JottashError) return { isWritable: false, isBusy: false };
    throw error;
  }
}

/** A file that is mounted by itself or marked as immutable stays as it is, whatever its directory allows. */
async function canReplace(fileSystem: FileSystem, target: string): Promise<boolean> {
  try {
    using _file = await fileSystem.open(target, { write: true });
    return true;
  } catch (error) {
    if (error instanceof FileNotFoundError) return true;
    if (!(error instanceof LocalError)) throw error;
    // What only its permissions forbid is replaced by name.
    return !["EROFS", "EPERM"].includes(String(error.data["osCode"]));
  }
}
