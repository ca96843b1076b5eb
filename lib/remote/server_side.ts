/**
 * What the service does by itself with a file or folder of the account: moves, renames, copies. Nothing of the content
 * passes through this machine. Each verb looks before (what is there, the trash included) and after (did it arrive), and
 * takes a failure for a success when the work turns out to be done: a lost answer, a 404 of a repeated move, a 500 of a
 * `mvDir` that had moved.
 *
 * Source of fact: API reference 5.7, 5.8, 6.4 and rows 6-11, 20, 24 of section 7; which parts are observed and which
 * assumed is told there.
 */
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  IntegrityError,
  JottashError,
  UsageError,
} from "../errors.ts";
import type { JfsRequest, JfsTransferCommand } from "../jfs/client.ts";
import { foldName } from "../names/compare.ts";
import { type CallOptions, parentOf } from "../tree/tree.ts";
import { type Content, contentOf, hasSameTime, isSameFile } from "./file_content.ts";
import { afterStop, type Found, type JottaCalls } from "./jotta_calls.ts";
import { respell } from "./respell.ts";

export interface Ends {
  readonly from: JottaCalls;
  readonly fromPath: string;
  readonly to: JottaCalls;
  readonly toPath: string;
  /** A file that is at the target makes way; without it, it is a conflict. */
  readonly overwrite: boolean;
  /** Takes the source out of the way where only its content could be moved. */
  readonly removeSource: () => Promise<void>;
  readonly makeDirectory: (path: string) => Promise<void>;
}

const TRASH_HINT =
  'Something in the trash holds the name: choose another one, or empty the trash with "jottash cleanup"';

/** Moves one file; it keeps its versions, its times and its link. Throws `ConflictError` when the name is taken. */
export async function moveFile(ends: Ends, options: CallOptions): Promise<void> {
  const work = new Work(`move ${ends.from.quote(ends.fromPath)}`, ends, options);
  const content = await work.requireFile();
  if (isSamePlace(ends)) return await work.respell("mv");
  const before = await work.checkRoom("file");
  await work.makeParent();
  try {
    await work.makeRoom(before);
    await work.run("mv");
    await work.requireMoved(content);
  } catch (error) {
    await work.settleFile(error, content, before);
  }
}

/** Copies one file with its times; a file that is at the target keeps its content as an older version. */
export async function copyFile(ends: Ends, options: CallOptions): Promise<void> {
  const work = new Work(`copy ${ends.from.quote(ends.fromPath)}`, ends, options);
  const content = await work.requireFile();
  if (isSamePlace(ends)) {
    throw new ConflictError(`Cannot ${work.action}: source and target are the same file`);
  }
  await work.checkRoom("file");
  await work.makeParent();
  try {
    await work.run("cp");
  } catch (error) {
    if (!(error instanceof ConflictError) || !await work.isTombstone()) throw error;
    await work.putContent(content);
  }
  await work.requireArrived(content);
}

/**
 * Moves a folder with all that is in it to where no live folder is. A conflict that is made by the trash has
 * `data.isTrashed`: what is in the folder can still be moved piece by piece.
 */
export async function moveDirectory(ends: Ends, options: CallOptions): Promise<void> {
  const work = new Work(`move ${ends.from.quote(ends.fromPath)}`, ends, options);
  if (ends.from.paths.isMountpoint(ends.fromPath) || ends.to.paths.isMountpoint(ends.toPath)) {
    throw new UsageError(`Cannot ${work.action}: a whole mountpoint does not move`, {
      hint: "Name a folder below it",
    });
  }
  await work.requireFolder();
  if (isSamePlace(ends)) return await work.respell("mvDir");
  if (isInside(ends)) {
    throw new UsageError(`Cannot ${work.action}: ${ends.to.quote(ends.toPath)} lies inside of it`);
  }
  await work.checkRoom("folder");
  await work.makeParent();
  try {
    await work.run("mvDir");
  } catch (error) {
    await work.settleFolder(error);
  }
  await work.requireFolderArrived();
}

/** One place, in whatever case it is written. */
function isSamePlace(ends: Pick<Ends, "from" | "fromPath" | "to" | "toPath">): boolean {
  return keyOf(ends.from, ends.fromPath) === keyOf(ends.to, ends.toPath);
}

function isInside({ from, fromPath, to, toPath }: Ends): boolean {
  return keyOf(to, toPath).startsWith(`${keyOf(from, fromPath)}/`);
}

function keyOf(calls: JottaCalls, path: string): string {
  return calls.paths.segments(path).map(foldName).join("/");
}

class Work {
  readonly action: string;
  readonly #ends: Ends;
  readonly #source: JfsRequest;
  readonly #target: JfsRequest;

  constructor(verb: string, ends: Ends, options: CallOptions) {
    this.action = `${verb} to ${ends.to.quote(ends.toPath)}`;
    this.#ends = ends;
    const reason = ends.from.paths.unreachableReason(ends.fromPath);
    if (reason !== undefined) throw new FileNotFoundError(`Cannot ${this.action}: ${reason}`);
    const refused = ends.to.paths.refusedReason(ends.toPath);
    if (refused !== undefined) {
      throw new UsageError(`Cannot ${this.action}: ${refused}`, { code: "name-refused" });
    }
    this.#source = ends.from.request(ends.fromPath, this.action, options);
    this.#target = ends.to.request(ends.toPath, this.action, options);
    if (ends.toPath === "") throw new UsageError(`Cannot ${this.action}: the target has no name`);
  }

  async requireFile(): Promise<Content> {
    const found = await this.#ends.from.find(this.#source);
    const content = contentOf(found);
    if (content !== undefined) return content;
    if (found?.kind === "folder" && !found.isDeleted) {
      throw new ConflictError(`Cannot ${this.action}: the source is a folder`);
    }
    throw new FileNotFoundError(`Cannot ${this.action}: there is no such file`);
  }

  async requireFolder(): Promise<void> {
    const found = await this.#ends.from.find(this.#source);
    if (isLiveFolder(found)) return;
    if (contentOf(found) !== undefined) {
      throw new ConflictError(`Cannot ${this.action}: the source is a file`);
    }
    throw new DirectoryNotFoundError(`Cannot ${this.action}: there is no such folder`);
  }

  /** What is at the target. Throws `ConflictError` unless the source may take its name. */
  async checkRoom(kind: "file" | "folder"): Promise<Found | undefined> {
    const found = await this.#ends.to.find(this.#target);
    const isFile = contentOf(found) !== undefined;
    if (!isLiveFolder(found) && !isFile) return found;
    if (isFile && kind === "file" && this.#ends.overwrite) return found;
    throw new ConflictError(
      `Cannot ${this.action}: a ${isFile ? "file" : "folder"} of that name is in the way`,
    );
  }

  /**
   * Puts a file that may be replaced, or an upload that was never finished, into the trash. A stop by the user does not
   * break this off: what was asked for happens, and has to be known to be undone.
   */
  async makeRoom(found: Found | undefined): Promise<void> {
    this.#target.signal?.throwIfAborted();
    if (found?.kind === "file" && !found.isDeleted) {
      await this.#ends.to.command(afterStop(this.#target), "dl");
    }
  }

  /** The service would make it too, but may leave it in the trash where it was deleted before. */
  async makeParent(): Promise<void> {
    await this.#ends.makeDirectory(parentOf(this.#ends.toPath));
  }

  async run(command: JfsTransferCommand): Promise<void> {
    await this.#ends.from.transfer(this.#source, command, this.#target.segments);
  }

  async respell(command: "mv" | "mvDir"): Promise<void> {
    const { from, fromPath } = this.#ends;
    await respell(from, { command, path: fromPath, source: this.#source, target: this.#target });
  }

  /** After a move that failed: resolves when the file is at the target nevertheless, otherwise throws. */
  async settleFile(error: unknown, content: Content, before: Found | undefined): Promise<void> {
    if (await this.#isMoved(content).catch(() => false)) return;
    const replaced = contentOf(before);
    if (!(error instanceof ConflictError) || !await this.isTombstone()) {
      throw await this.#restored(replaced, error);
    }
    // The tombstone is not destroyed to make room: it takes the content, as a newer version of what it was.
    try {
      await this.putContent(content);
      await this.requireArrived(content);
    } catch (later) {
      throw await this.#restored(replaced, later);
    }
    await this.#ends.removeSource();
  }

  /** The source is gone and the target holds what it held. */
  async #isMoved(content: Content): Promise<boolean> {
    const { from, to } = this.#ends;
    if (!isSameFile(await to.find(afterStop(this.#target)), content)) return false;
    return contentOf(await from.find(afterStop(this.#source))) === undefined;
  }

  async settleFolder(error: unknown): Promise<void> {
    const { from, to } = this.#ends;
    const target = await to.find(afterStop(this.#target)).catch(() => undefined);
    if (isLiveFolder(target) && await from.find(afterStop(this.#source)) === undefined) return;
    if (!(error instanceof ConflictError) || target?.isDeleted !== true) throw error;
    throw new ConflictError(error.message, {
      cause: error,
      hint: TRASH_HINT,
      data: { ...error.data, isTrashed: true },
    });
  }

  /** The error to throw when the file that was to make way has come back; one that says where it is otherwise. */
  async #restored(content: Content | undefined, error: unknown): Promise<unknown> {
    if (content === undefined) return error;
    const { to, toPath } = this.#ends;
    const request = afterStop(this.#target);
    try {
      if ((await to.find(request))?.isDeleted === true) await this.#putAt(request, content);
      return error;
    } catch {
      if (!(error instanceof JottashError)) return error;
      const hint = `The file that was at ${to.quote(toPath)} before is in the trash of the account`;
      const { message, code, data } = error;
      return new JottashError(message, { code, data, cause: error, hint });
    }
  }

  async isTombstone(): Promise<boolean> {
    return (await this.#ends.to.find(afterStop(this.#target)))?.isDeleted === true;
  }

  /** Gives the target the content by its MD5 alone (cphash); what is in the trash there becomes live. */
  async putContent(content: Content): Promise<void> {
    try {
      await this.#putAt(this.#target, content);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const { message, data } = error;
      throw new ConflictError(message, { cause: error, data, hint: TRASH_HINT });
    }
  }

  async #putAt(request: JfsRequest, content: Content): Promise<void> {
    const { to } = this.#ends;
    const { createdAtMs, modifiedAtMs = to.now() } = content;
    const times = { modifiedAtMs, createdAtMs: createdAtMs ?? modifiedAtMs };
    const attempt = async () => await (await to.jfs(request)).copyByHash(request, content, times);
    await to.retrying(attempt, request);
  }

  /** As `requireArrived`, where a source that is still there means that nothing was moved. */
  async requireMoved(content: Content): Promise<void> {
    const { from, to } = this.#ends;
    if (isSameFile(await to.find(this.#target), content)) return;
    if (contentOf(await from.find(this.#source)) !== undefined) throw this.#notDone();
    await this.requireArrived(content);
  }

  /** Throws unless the target is live and holds the content; a result that lies in the trash is taken out of it. */
  async requireArrived(content: Content): Promise<void> {
    const { to } = this.#ends;
    let found = await to.find(this.#target);
    if (found?.isDeleted === true || isSameFile(found, content) && !hasSameTime(found, content)) {
      await this.putContent(content);
      found = await to.find(this.#target);
    }
    if (isSameFile(found, content)) return;
    throw this.#notDone();
  }

  #notDone(): IntegrityError {
    return new IntegrityError(`Cannot ${this.action}: the service has something else there afterwards`, {
      retry: "never",
    });
  }

  async requireFolderArrived(): Promise<void> {
    const { from, to, toPath, makeDirectory } = this.#ends;
    if (isLiveFolder(await to.find(this.#target))) return;
    if (isLiveFolder(await from.find(this.#source))) throw this.#notDone();
    await makeDirectory(toPath);
    if (!isLiveFolder(await to.find(this.#target))) throw this.#notDone();
  }
}

function isLiveFolder(found: Found | undefined): boolean {
  return found?.kind === "folder" && !found.isDeleted;
}
