/**
 * What is at a path and in a folder, as users see it: live, completed files and live folders. What is trashed,
 * incomplete or corrupt is not there (API reference 4.5, 5.1). A place that shows the trash is the other way round:
 * its files are the trashed ones, and all folders are there.
 */
import { ConflictError, DirectoryNotFoundError, type JottashError } from "../errors.ts";
import type { JfsDocument, JfsRequest } from "../jfs/client.ts";
import type { JfsItem } from "../jfs/types.ts";
import { foldName } from "../names/compare.ts";
import type { CallOptions, DirectoryEntry, Entry, FileEntry } from "../tree/tree.ts";
import type { JottaCalls } from "./jotta_calls.ts";
import { fileEntry } from "./remote_paths.ts";

export const RENAME_HINT = "Rename it on the website";

/** The file or folder at a path; undefined when there is none. */
export async function lookUp(
  calls: JottaCalls,
  path: string,
  options: CallOptions,
): Promise<FileEntry | DirectoryEntry | undefined> {
  const found = await calls.find(calls.request(path, `look up ${calls.quote(path)}`, options));
  if (found === undefined) return undefined;
  // The service finds names whatever their case; its own spelling is the name.
  const spelling = calls.paths.respell(path, found.name);
  if (found.kind === "file") return fileEntry(spelling, found.file, calls.paths);
  if (found.isDeleted && !calls.paths.showsTrash) return undefined;
  return { kind: "directory", path: spelling, modifiedAtMs: undefined };
}

/** What is directly in a folder. Throws `DirectoryNotFoundError`, `ConflictError` when it is a file. */
export async function listFolder(
  calls: JottaCalls,
  path: string,
  options: CallOptions,
): Promise<Entry[]> {
  const request = calls.request(path, `list ${calls.quote(path)}`, options);
  const unreachable = calls.paths.unreachableReason(path);
  if (unreachable !== undefined) {
    throw new DirectoryNotFoundError(`Cannot ${request.action}: ${unreachable}`, { hint: RENAME_HINT });
  }
  // A listing that broke off is asked for again as a whole: half a listing looks like deleted files.
  return await calls.retrying(() => listOnce(calls, path, request), options);
}

/** Whether a folder holds nothing that `listFolder` would tell; reads no more of a long listing than it has to. */
export function isEmptyFolder(calls: JottaCalls, path: string, request: JfsRequest): Promise<boolean> {
  return calls.retrying(async () => {
    const document = await openFolder(calls, path, request);
    for await (const item of document.items) {
      if (calls.paths.entryOf(path, item) !== undefined) return false;
    }
    return true;
  }, request);
}

async function listOnce(calls: JottaCalls, path: string, request: JfsRequest): Promise<Entry[]> {
  const document = await openFolder(calls, path, request);
  const listing = new Listing(calls, path);
  for await (const item of document.items) listing.add(item);
  if (!calls.paths.showsTrash && document.isDeleted()) throw noSuchFolder(calls, path, request.action);
  return listing.entries();
}

/** All that a folder holds, as users see it. */
export function entriesOf(calls: JottaCalls, path: string, items: readonly JfsItem[]): Entry[] {
  const listing = new Listing(calls, path);
  for (const item of items) listing.add(item);
  return listing.entries();
}

class Listing {
  readonly #calls: JottaCalls;
  readonly #path: string;
  readonly #entries: Entry[] = [];
  readonly #foreign: Entry[] = [];

  constructor(calls: JottaCalls, path: string) {
    this.#calls = calls;
    this.#path = path;
  }

  add(item: JfsItem): void {
    const { paths } = this.#calls;
    const entry = paths.entryOf(this.#path, item);
    if (entry === undefined) return;
    this.#entries.push(entry);
    if (paths.isForeign(entry.path, item.name)) this.#foreign.push(entry);
  }

  entries(): Entry[] {
    if (this.#foreign.length === 0) return this.#entries;
    return withoutDoubles(this.#calls, this.#entries, this.#foreign);
  }
}

/**
 * Another program's raw `100%` and our `100％` are one path: whoever asks for either gets ours. So the foreign one of
 * the two, with its size and its MD5, must not be taken for it.
 */
function withoutDoubles(calls: JottaCalls, entries: readonly Entry[], foreign: readonly Entry[]): Entry[] {
  const counts = new Map(foreign.map(({ path }) => [foldName(path), 0]));
  for (const { path } of entries) {
    const key = foldName(path);
    const count = counts.get(key);
    if (count !== undefined) counts.set(key, count + 1);
  }
  const doubles = new Set(foreign.filter(({ path }) => (counts.get(foldName(path)) ?? 0) > 1));
  for (const { path } of doubles) calls.paths.forget(path);
  return entries.map((entry) =>
    doubles.has(entry) ? { kind: "unreadable", path: entry.path, error: double(calls, entry.path) } : entry
  );
}

function double(calls: JottaCalls, path: string): JottashError {
  return new ConflictError(
    `Cannot use ${calls.quote(path)}: another program stored a second entry under a name that reads the same`,
    { code: "name-clash", hint: "Rename one of them on the website" },
  );
}

async function openFolder(calls: JottaCalls, path: string, request: JfsRequest): Promise<JfsDocument> {
  const document = await calls.open(request);
  if (document === undefined) throw noSuchFolder(calls, path, request.action);
  const isGone = document.root.isDeleted && !calls.paths.showsTrash;
  if (document.root.kind === "file" || isGone) {
    await document.close();
    if (isGone) throw noSuchFolder(calls, path, request.action);
    throw new ConflictError(`Cannot ${request.action}: it is a file, not a folder`);
  }
  return document;
}

function noSuchFolder(calls: JottaCalls, path: string, action: string): DirectoryNotFoundError {
  return new DirectoryNotFoundError(`Cannot ${action}: there is no such folder`, {
    hint: path === "" ? undefined : "Names are listed with: jottash lsd " + calls.quote(""),
  });
}
