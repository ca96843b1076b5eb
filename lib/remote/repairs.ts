/**
 * What went wrong with uploads, which the listings of a remote hide: revisions that never came to their end or whose
 * bytes were not those that were announced, and names that nobody can ask for.
 *
 * Source of fact: API reference 4.5, 4.6, 5.14, 6.3.
 */
import { ConflictError, DirectoryNotFoundError, FileNotFoundError, type JottashError } from "../errors.ts";
import type { JfsRequest } from "../jfs/client.ts";
import { parseJfsTime } from "../jfs/time.ts";
import type { JfsFile, JfsItem, JfsRevision } from "../jfs/types.ts";
import { type CallOptions, joinPath } from "../tree/tree.ts";
import type { JottaCalls } from "./jotta_calls.ts";
import { entriesOf, RENAME_HINT } from "./look.ts";

/** `busy`: the service says that it is still at work on it. */
type BrokenState = "incomplete" | "corrupt" | "busy";

const STATES: Readonly<Record<string, BrokenState>> = { INCOMPLETE: "incomplete", CORRUPT: "corrupt" };

export interface BrokenUpload {
  readonly path: string;
  readonly state: BrokenState;
  /** Of the content that was to come; lower-case hex. */
  readonly md5: string | undefined;
  /** When the service stored it. */
  readonly sinceMs: number | undefined;
  /** When the version was stored that everybody gets; undefined where there is none, so that only the name is taken. */
  readonly wholeSinceMs: number | undefined;
  readonly hasWhole: boolean;
}

export interface NameProblem {
  readonly path: string;
  readonly kind: "name-clash" | "name-unreachable";
  readonly reason: string;
  readonly advice: string | undefined;
}

export interface FolderDiagnosis {
  readonly broken: readonly BrokenUpload[];
  readonly names: readonly NameProblem[];
  readonly folders: readonly string[];
  /** What the clock of the service said. */
  readonly servedAtMs: number | undefined;
}

export interface RemoteRepairs {
  /** Looks at one folder. Throws `DirectoryNotFoundError`. */
  diagnose(path: string, options?: CallOptions): Promise<FolderDiagnosis>;
  /** Bytes that the service holds of an unfinished upload; undefined when it does not say. */
  heldBytes(path: string, options?: CallOptions): Promise<number | undefined>;
  /**
   * Destroys an upload that keeps a name taken. Throws `ConflictError` when anything else has the name by now, a whole
   * version above all, or when the upload goes on.
   */
  clear(upload: BrokenUpload, options?: CallOptions): Promise<void>;
}

export function createRepairs(calls: JottaCalls): RemoteRepairs {
  return {
    diagnose: (path, options = {}) => {
      const request = calls.request(path, `look into ${calls.quote(path)}`, options);
      return calls.retrying(() => diagnoseOnce(calls, path, request), options);
    },
    heldBytes: async (path, options = {}) => {
      const found = await calls.find(calls.request(path, `look up ${calls.quote(path)}`, options));
      return found?.kind === "file" ? newest(found.file)?.size : undefined;
    },
    clear: (upload, options = {}) => clear(calls, upload, options),
  };
}

async function diagnoseOnce(calls: JottaCalls, path: string, request: JfsRequest): Promise<FolderDiagnosis> {
  const document = await calls.open(request);
  if (document === undefined) {
    throw new DirectoryNotFoundError(`Cannot ${request.action}: there is no such folder`);
  }
  const items = await Array.fromAsync(document.items);
  const { root } = document;
  if (root.kind === "file" || document.isDeleted()) {
    const state = root.kind === "file" ? "it is a file" : "it is in the trash";
    throw new DirectoryNotFoundError(`Cannot ${request.action}: ${state}`);
  }
  const names: NameProblem[] = [];
  const folders: string[] = [];
  for (const entry of entriesOf(calls, path, items)) {
    const reason = calls.paths.unreachableReason(entry.path);
    if (entry.kind === "unreadable") names.push(clash(entry.path, entry.error));
    else if (reason !== undefined) {
      names.push({ path: entry.path, kind: "name-unreachable", reason, advice: RENAME_HINT });
    } else if (entry.kind === "directory") folders.push(entry.path);
  }
  const broken = items.flatMap((item) => brokenUpload(calls, path, item) ?? []);
  return { broken, names, folders, servedAtMs: timeOf(root.servedAt) };
}

/** A clock that cannot be read is no reason to fail. */
function timeOf(text: string | undefined): number | undefined {
  try {
    return parseJfsTime(text);
  } catch {
    return undefined;
  }
}

function clash(path: string, { message, hint }: JottashError): NameProblem {
  return { path, kind: "name-clash", reason: message, advice: hint };
}

function brokenUpload(calls: JottaCalls, parent: string, item: JfsItem): BrokenUpload | undefined {
  if (item.kind !== "file" || item.isDeleted) return undefined;
  const revision = brokenRevision(item);
  if (revision === undefined) return undefined;
  return {
    path: calls.paths.respell(joinPath(parent, "name"), item.name),
    state: STATES[revision.state] ?? "busy",
    md5: revision.md5,
    sinceMs: revision.updatedAtMs,
    wholeSinceMs: item.current?.updatedAtMs,
    hasWhole: item.current?.state === "COMPLETED",
  };
}

/** The revision that is not whole, where there is one. */
function brokenRevision(file: JfsFile): JfsRevision | undefined {
  const revision = newest(file);
  return revision === undefined || revision.state === "COMPLETED" ? undefined : revision;
}

function newest({ latest, current, revisions }: JfsFile): JfsRevision | undefined {
  return latest ?? current ?? revisions[0];
}

async function clear(calls: JottaCalls, upload: BrokenUpload, options: CallOptions): Promise<void> {
  const request = calls.request(upload.path, `clear ${calls.quote(upload.path)}`, options);
  const found = await calls.find(request);
  if (found === undefined) {
    throw new FileNotFoundError(`Cannot ${request.action}: nothing has the name any more`);
  }
  const refuse = (state: string) => new ConflictError(`Cannot ${request.action}: ${state}`);
  if (found.kind === "folder" || found.isDeleted) throw refuse("something else has the name by now");
  const { file } = found;
  const revision = brokenRevision(file);
  const isBroken = ({ state }: JfsRevision) => Object.hasOwn(STATES, state);
  if (file.current !== undefined || revision === undefined || !file.revisions.every(isBroken)) {
    throw refuse("it has a whole version");
  }
  const isSame = isBroken(revision) && revision.md5 === upload.md5 && revision.updatedAtMs === upload.sinceMs;
  if (!isSame) throw refuse("an upload is at work on it");
  try {
    await calls.command(request, "rm");
  } catch (error) {
    // A repeated try finds nothing any more.
    if (!(error instanceof FileNotFoundError)) throw error;
  }
}
