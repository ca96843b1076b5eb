/** Files that are being written below one root: no two at the same place, nothing in the place of another kind. */
import type { FileInfo, FileSystem, Random } from "../edges.ts";
import { ConflictError, JottashError, LocalError } from "../errors.ts";
import { parentOf } from "../tree/tree.ts";
import type { DiskPlaces } from "./disk_places.ts";
import { createPendingLink } from "./link_file.ts";
import { Leftovers } from "./leftovers.ts";
import type { LocalPaths } from "./local_path.ts";
import type { LocalRules } from "./local_rules.ts";
import type { PendingFile } from "./local_tree.ts";
import { lookAt, wrongKind } from "./look.ts";
import { createPendingFile } from "./pending_file.ts";

export interface DiskWritesOptions {
  readonly fileSystem: FileSystem;
  readonly random: Random;
  readonly places: DiskPlaces;
  readonly paths: LocalPaths;
  readonly rules: LocalRules;
}

interface ContentToCome {
  readonly size: number;
  /** What the whole of it is known by; undefined for a file that no later run goes on with. */
  readonly content: string | undefined;
}

export class DiskWrites {
  readonly #options: DiskWritesOptions;
  /** Places that are being written to. */
  readonly #taken = new Set<string>();
  /** Directories that the disk holds for certain. */
  readonly #durable = new Set<string>();
  readonly #leftovers: Leftovers;

  constructor(options: DiskWritesOptions) {
    this.#options = options;
    this.#leftovers = new Leftovers({ ...options, suffix: options.rules.writing.partialSuffix });
  }

  async begin(path: string, content: ContentToCome): Promise<PendingFile> {
    const { places } = this.#options;
    const link = places.ofLink(path);
    const place = link ?? places.at(path);
    await places.assertReal(path);
    // Before the download rather than at its end; this also finds names that are too long.
    const target = await this.#targetOf(place, { isLink: link !== undefined });
    if (this.#taken.has(place)) throw wrongKind("write", place, "it is being written already");
    this.#taken.add(place);
    try {
      const pending = this.#wrap(
        await this.#open(path, target, { content, isLink: link !== undefined }),
        place,
      );
      if (link === undefined) await this.#leftovers.clear(target);
      return pending;
    } catch (error) {
      this.#taken.delete(place);
      throw error;
    }
  }

  async removeUnfinished(path: string, options: { readonly withResumable: boolean }): Promise<boolean> {
    const { places } = this.#options;
    const isReal = await places.assertReal(path).then(() => true, () => false);
    return isReal && await this.#leftovers.remove(places.at(path), options);
  }

  /** Content and name of the file are on the disk when this resolves. */
  async flush(path: string): Promise<void> {
    const { fileSystem, places, paths } = this.#options;
    const place = places.ofLink(path) ?? places.at(path);
    if (places.ofLink(path) === undefined) {
      // Windows flushes only what is open for writing; elsewhere that would refuse a file which is read-only.
      using file = await fileSystem.open(place, paths.separator === "/" ? { read: true } : { write: true });
      await file.sync();
    }
    await this.#syncDirectories(place);
  }

  async #open(
    path: string,
    target: string,
    { content, isLink }: { readonly content: ContentToCome; readonly isLink: boolean },
  ): Promise<PendingFile> {
    const { places, paths, rules } = this.#options;
    const prepare = () => places.make(parentOf(path));
    if (isLink) return createPendingLink(this.#options, { path: target, paths, prepare });
    const assertPlace = () => places.assertReal(path);
    return await createPendingFile(this.#options, {
      path: target,
      paths,
      rules: rules.writing,
      prepare,
      assertPlace,
      ...content,
      onKept: (temporaryPath) => this.#leftovers.note(temporaryPath),
    });
  }

  /** The path to write to: that of the file itself where a link is followed. */
  async #targetOf(place: string, { isLink }: { readonly isLink: boolean }): Promise<string> {
    const { fileSystem, rules } = this.#options;
    const info = await lookAt(fileSystem, place);
    const way = info === undefined ? undefined : inTheWay(info, isLink, rules);
    if (way !== undefined) throw wrongKind("write", place, way);
    if (info?.kind !== "symlink" || rules.links !== "follow") return place;
    const linked = await lookAt({ lstat: (path) => fileSystem.stat(path) }, place);
    if (linked?.kind === "directory") throw wrongKind("write", place, "it is a directory");
    if (linked !== undefined) return await fileSystem.realPath(place);
    throw new LocalError(`Cannot write "${place}": it is a symbolic link to nothing`, {
      data: { path: place },
    });
  }

  #wrap(pending: PendingFile, place: string): PendingFile {
    return {
      resumption: pending.resumption,
      write: (bytes) => pending.write(bytes),
      commit: async (options) => {
        await pending.commit(options);
        this.#taken.delete(place);
      },
      [Symbol.asyncDispose]: async () => {
        await pending[Symbol.asyncDispose]();
        this.#taken.delete(place);
      },
    };
  }

  /** The name of the file in its directory, and those of directories that may be new, up to the root of the disk. */
  async #syncDirectories(place: string): Promise<void> {
    const { fileSystem, paths } = this.#options;
    let directory = paths.parentOf(place);
    await fileSystem.syncDirectory(directory);
    while (!this.#durable.has(directory)) {
      const above = paths.parentOf(directory);
      // One that nobody may read was not made by this run.
      await fileSystem.syncDirectory(above).catch(unlessRefused);
      this.#durable.add(directory);
      directory = above;
    }
  }
}

/** What forbids a file (or a link) in the place of what is there. */
function inTheWay(info: FileInfo, isLink: boolean, { links }: LocalRules): string | undefined {
  if (info.kind === "directory") return "it is a directory";
  if (isLink && info.kind !== "symlink") return "a file that is no symbolic link has the name";
  if (!isLink && info.kind === "symlink" && links === "translate") return "a symbolic link has the name";
  return undefined;
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof JottashError) || error instanceof ConflictError) throw error;
}
