/**
 * What runs have left in a directory that came to their end before their time: looked for when a run first writes to
 * the directory. What no later run can use goes at once. A file that can be gone on with waits for a run that does so;
 * it goes when the content under its name is another one by now, or when nobody has come for two weeks.
 */
import type { FileSystem } from "../edges.ts";
import { removeAbandoned } from "./claimed_file.ts";
import type { LocalPaths } from "./local_path.ts";
import { isResumableNameOf, temporaryKindOf } from "./temporary_name.ts";

const MAX_AGE_MS = 14 * 24 * 3_600_000;
const NOTHING: Promise<readonly string[]> = Promise.resolve([]);

export interface LeftoversOptions {
  readonly fileSystem: FileSystem;
  readonly paths: LocalPaths;
  /** End of temporary names, besides the usual ones. */
  readonly suffix: string | undefined;
}

export class Leftovers {
  readonly #options: LeftoversOptions;
  /** Of each directory that was looked at, names that a later run may go on with. */
  readonly #kept = new Map<string, Promise<readonly string[]>>();

  constructor(options: LeftoversOptions) {
    this.#options = options;
  }

  /** Called when the temporary file for `path` is open and locked; so it is safe. Never fails. */
  async clear(path: string): Promise<void> {
    const { fileSystem, paths, suffix } = this.#options;
    const directory = paths.parentOf(path);
    let kept = this.#kept.get(directory);
    if (kept === undefined) {
      kept = this.#firstLook(directory).catch(() => []);
      this.#kept.set(directory, kept);
      // Most directories have none: one promise does for all of them.
      if ((await kept).length === 0) this.#kept.set(directory, NOTHING);
    }
    for (const name of await kept) {
      if (!isResumableNameOf(name, { finalName: paths.nameOf(path), suffix })) continue;
      await removeAbandoned(fileSystem, paths.join(directory, name));
    }
  }

  /** Removes one of them, if it is one; resolves with whether it is gone. */
  async remove(path: string, { withResumable }: { readonly withResumable: boolean }): Promise<boolean> {
    const { fileSystem, paths, suffix } = this.#options;
    const kind = temporaryKindOf(paths.nameOf(path), suffix);
    if (kind === undefined || kind === "resumable" && !withResumable) return false;
    return await removeAbandoned(fileSystem, path);
  }

  /** The run has left a file that can be gone on with. */
  async note(path: string): Promise<void> {
    const { paths } = this.#options;
    const directory = paths.parentOf(path);
    const names = await (this.#kept.get(directory) ?? NOTHING);
    this.#kept.set(directory, Promise.resolve([...new Set([...names, paths.nameOf(path)])]));
  }

  async #firstLook(directory: string): Promise<readonly string[]> {
    const { fileSystem, paths, suffix } = this.#options;
    const kept: string[] = [];
    // A new temporary file has just been made here, unless one was there: by the disk's own clock it is not later.
    const { modifiedAtMs: nowMs } = await fileSystem.stat(directory);
    for (const { name, kind } of await fileSystem.readDirectory(directory)) {
      const temporary = kind === "file" ? temporaryKindOf(name, suffix) : undefined;
      if (temporary === undefined) continue;
      const path = paths.join(directory, name);
      const isUseless = temporary === "plain" || await this.#isOlder(path, nowMs - MAX_AGE_MS);
      if (isUseless) await removeAbandoned(fileSystem, path);
      else kept.push(name);
    }
    return kept;
  }

  async #isOlder(path: string, thanMs: number): Promise<boolean> {
    const info = await this.#options.fileSystem.lstat(path).catch(() => undefined);
    // A whole one may have the time of its content already.
    return info !== undefined && Math.max(info.modifiedAtMs, info.createdAtMs ?? 0) < thanMs;
  }
}
