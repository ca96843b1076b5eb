/**
 * Uploads that leave no older version behind (`no-versions`). The service keeps up to four of each file, counts them to
 * the quota, and destroys them with the file only (API reference 5.6, 5.11, 6.3). rclone destroys the old file and
 * uploads then: an upload that fails leaves nothing. Here something is under the name, or known to the user, at all times:
 *
 * 1. The new content goes to a name of its own in the same folder, and is confirmed there.
 * 2. The old file moves to another name of its own.
 * 3. The new one moves to the name, and is confirmed there; should that fail, the old one moves back.
 * 4. Only now is the old one destroyed.
 *
 * Both names follow from that of the file, so that the next run finds what a killed one has left. A move tells at once
 * what it moved: a file that another client put there meanwhile is not destroyed, but kept as an older version.
 */
import { ConflictError, FileNotFoundError, IntegrityError, JottashError } from "../errors.ts";
import { md5OfBytes } from "../hash/md5.ts";
import type { JfsRequest } from "../jfs/client.ts";
import { foldName } from "../names/compare.ts";
import { joinPath, nameOf, parentOf } from "../tree/tree.ts";
import { type Content, contentOf, isSameFile } from "./file_content.ts";
import { afterStop, type Found, type JottaCalls } from "./jotta_calls.ts";
import type { UploadRequest, UploadSlot } from "./remote.ts";
import { allocate, type SlotOptions } from "./upload_slot.ts";

const KEY_LETTERS = 16;

/** As `allocate`; what it replaces is gone with all its versions once the new content is in place. */
export async function allocateVersionless(
  calls: JottaCalls,
  request: UploadRequest,
  options: SlotOptions,
): Promise<UploadSlot> {
  const work = new Replacement(calls, request, options);
  const [before, waiting] = await work.look();
  const old = contentOf(before);
  if (old === undefined || isSameFile(before, work.wanted)) {
    // Nothing is replaced; what a killed run has left is not needed any more when the file is in place.
    const mayHaveLeft = old !== undefined || waiting !== undefined;
    return await withEnd(
      await allocate(calls, request, options),
      () => mayHaveLeft ? work.clear() : Promise.resolve(),
    );
  }
  await work.prepare(waiting);
  const slot = await allocate(calls, { ...request, path: work.freshPath }, {
    ...options,
    action: work.action,
  });
  return await withEnd(slot, () => work.exchange(old, before));
}

/** The slot whose upload ends with `finish`; a complete one has come to its end. */
async function withEnd(slot: UploadSlot, finish: () => Promise<void>): Promise<UploadSlot> {
  if (slot.state === "complete") {
    await finish();
    return slot;
  }
  return {
    ...slot,
    send: async (stream, options) => {
      await slot.send(stream, options);
      await finish();
    },
  };
}

class Replacement {
  readonly action: string;
  readonly freshPath: string;
  readonly wanted: Content;
  readonly #calls: JottaCalls;
  readonly #formerPath: string;
  readonly #target: JfsRequest;
  readonly #fresh: JfsRequest;
  readonly #former: JfsRequest;

  constructor(calls: JottaCalls, request: UploadRequest, options: SlotOptions) {
    const { path, size, md5, modifiedAtMs, createdAtMs } = request;
    this.#calls = calls;
    this.action = `upload ${calls.quote(path)}`;
    this.wanted = { size, md5, modifiedAtMs, createdAtMs };
    const key = md5OfBytes(new TextEncoder().encode(foldName(nameOf(path)))).slice(0, KEY_LETTERS);
    this.freshPath = joinPath(parentOf(path), `.jottash-${key}.new`);
    this.#formerPath = joinPath(parentOf(path), `.jottash-${key}.old`);
    this.#target = calls.request(path, this.action, options);
    this.#fresh = calls.request(this.freshPath, this.action, options);
    this.#former = calls.request(this.#formerPath, this.action, options);
  }

  /** What has the name, and what has the one for new content. */
  look(): Promise<[Found | undefined, Found | undefined]> {
    return Promise.all([this.#calls.find(this.#target), this.#calls.find(this.#fresh)]);
  }

  /** The new content must be the only version of its file: anything else that has the name for it is destroyed. */
  async prepare(waiting: Found | undefined): Promise<void> {
    if (waiting?.kind !== "file") return;
    const { current, latest, revisions } = waiting.file;
    const content = current ?? latest;
    const isWanted = content?.md5 === this.wanted.md5 && content.size === this.wanted.size;
    if (isWanted && !waiting.isDeleted && revisions.length === 0) return;
    await this.#destroy(this.#fresh);
  }

  /** Steps 2 to 4. A stop by the user comes before, or after. */
  async exchange(old: Content, before: Found | undefined): Promise<void> {
    if (!isSameFile(await this.#calls.find(this.#fresh), this.wanted)) {
      throw this.#notDone("now");
    }
    this.#target.signal?.throwIfAborted();
    await this.#setAside(old);
    const target = this.#spelledAs(before?.name);
    try {
      const former = await this.#lookAt(this.#former);
      const isForeign = contentOf(former) !== undefined && !isSameFile(former, old);
      await (isForeign ? this.#keepForeign(target) : this.#putInPlace(target));
    } catch (error) {
      throw await this.#takenBack(error, target);
    }
    await this.#destroyFormer();
  }

  /** Destroys what a killed run has left; only when the content is in place without it. */
  async clear(): Promise<void> {
    if (!isSameFile(await this.#calls.find(this.#target), this.wanted)) return;
    for (const leftover of [this.#fresh, this.#former]) {
      if (await this.#calls.find(leftover) !== undefined) await this.#destroy(leftover);
    }
  }

  /** The old file gets out of the way; one that somebody else has taken away is out of it already. */
  async #setAside(old: Content): Promise<void> {
    let failure = await this.#move(this.#target, this.#former);
    if (failure === undefined) return;
    try {
      if (contentOf(await this.#lookAt(this.#target)) === undefined) return;
      if (failure instanceof ConflictError) {
        // An older version that a killed run has left has the name.
        await this.#destroy(afterStop(this.#former));
        failure = await this.#move(this.#target, this.#former);
        if (failure === undefined) return;
      }
      const target = await this.#lookAt(this.#target);
      if (contentOf(target) === undefined) return;
      const state = isSameFile(target, old) ? "What it had is still there" : "Somebody else has changed it";
      failure = this.#told(failure, `${state}; the new content waits at ${this.#freshPlace}`);
    } catch (error) {
      const places = `there or at ${this.#formerPlace}`;
      throw this.#told(error, `What it had is ${places}; the new content is at ${this.#freshPlace}`);
    }
    throw failure;
  }

  /** The new file keeps the spelling of the old one. */
  #spelledAs(spelling: string | undefined): JfsRequest {
    if (spelling === undefined) return this.#target;
    return { ...this.#target, segments: [...this.#target.segments.slice(0, -1), spelling] };
  }

  async #putInPlace(target: JfsRequest): Promise<void> {
    const failure = await this.#move(this.#fresh, target);
    if (await this.#isInPlace()) return;
    // Known to the service, the content needs no second file to come from.
    await this.#putByHash(target);
    if (!await this.#isInPlace()) throw failure ?? this.#notDone("never");
    await this.#destroy(afterStop(this.#fresh));
  }

  /** What somebody else put there meanwhile comes back and becomes an older version, as with any upload. */
  async #keepForeign(target: JfsRequest): Promise<void> {
    const failure = await this.#move(this.#former, target);
    if (failure !== undefined && contentOf(await this.#lookAt(target)) === undefined) throw failure;
    await this.#putByHash(target);
    if (!await this.#isInPlace()) throw this.#notDone("never");
    await this.#destroy(afterStop(this.#fresh));
  }

  /** The old file gets its name back. Resolves with the failure, which says where everything is. */
  async #takenBack(error: unknown, target: JfsRequest): Promise<unknown> {
    const found = await this.#backAt(target).catch(() => undefined);
    if (isSameFile(found, this.wanted)) {
      return this.#told(error, `It is uploaded; an older version may be at ${this.#formerPlace}`);
    }
    const fresh = this.#freshPlace;
    if (contentOf(found) !== undefined) {
      return this.#told(error, `What it had is back; the new content waits at ${fresh}`);
    }
    const former = this.#formerPlace;
    return this.#told(
      error,
      `What it had is at ${former} now, or back; the new content is at ${fresh}, or in place`,
    );
  }

  /** What has the name after the old file was asked back; a file that has it already stays (section 7, row 7). */
  async #backAt(target: JfsRequest): Promise<Found | undefined> {
    const found = await this.#lookAt(target);
    if (contentOf(found) !== undefined) return found;
    await this.#move(this.#former, target);
    return await this.#lookAt(target);
  }

  async #destroyFormer(): Promise<void> {
    try {
      await this.#destroy(afterStop(this.#former));
    } catch (error) {
      throw this.#told(
        error,
        `It is uploaded; its older version could not be destroyed and is at ${this.#formerPlace}`,
      );
    }
  }

  async #isInPlace(): Promise<boolean> {
    return isSameFile(await this.#lookAt(this.#target), this.wanted);
  }

  /** Why it failed, if it did; a repeated try whose first one had done it fails too. Not broken off by a stop. */
  async #move(from: JfsRequest, to: JfsRequest): Promise<unknown> {
    try {
      await this.#calls.transfer(afterStop(from), "mv", to.segments);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #putByHash(target: JfsRequest): Promise<void> {
    const { modifiedAtMs = this.#calls.now(), createdAtMs = modifiedAtMs } = this.wanted;
    const request = afterStop(target);
    const attempt = async () =>
      await (await this.#calls.jfs(request)).copyByHash(request, this.wanted, { modifiedAtMs, createdAtMs });
    await this.#calls.retrying(attempt, request);
  }

  #lookAt(request: JfsRequest): Promise<Found | undefined> {
    return this.#calls.find(afterStop(request));
  }

  /** Nothing there is fine: a repeated try finds nothing any more. */
  async #destroy(request: JfsRequest): Promise<void> {
    try {
      await this.#calls.command(request, "rm");
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
    }
  }

  #notDone(retry: "now" | "never"): IntegrityError {
    return new IntegrityError(`Cannot ${this.action}: the service has something else there afterwards`, {
      retry,
    });
  }

  get #freshPlace(): string {
    return this.#calls.quote(this.freshPath);
  }

  get #formerPlace(): string {
    return this.#calls.quote(this.#formerPath);
  }

  /** The failure of the upload, with where everything is now. */
  #told(error: unknown, hint: string): unknown {
    if (!(error instanceof JottashError)) return error;
    const { message, code, data } = error;
    const retry = error.retry === "now" ? "later" : error.retry;
    return new JottashError(message, { code, data, retry, cause: error, hint });
  }
}
