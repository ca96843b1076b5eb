/** Paths of a tree on the disk: where they are, and whether they may be changed. */
import type { FileSystem } from "../edges.ts";
import { LocalError } from "../errors.ts";
import type { LocalNames } from "../names/local_name.ts";
import { parentOf } from "../tree/tree.ts";
import { linkPathOf } from "./link_file.ts";
import { isInside } from "./local_move.ts";
import type { LocalPaths } from "./local_path.ts";
import type { LocalRules } from "./local_rules.ts";
import { undefinedIfNothingThere } from "./look.ts";
import { assertRealPlace, makeRealPlace } from "./real_place.ts";

export interface DiskPlacesOptions {
  readonly fileSystem: FileSystem;
  readonly root: string;
  readonly names: LocalNames;
  readonly paths: LocalPaths;
  readonly rules: LocalRules;
}

export class DiskPlaces {
  readonly #options: DiskPlacesOptions;

  constructor(options: DiskPlacesOptions) {
    this.#options = options;
  }

  /** Never leads out of the root, whatever names a service sends. */
  at(path: string): string {
    return this.chain(path).at(-1) ?? this.#options.root;
  }

  /** All directories from the root down to the path itself. */
  chain(path: string): string[] {
    const { root, paths } = this.#options;
    let place = root;
    return [root, ...this.#namesOf(path).map((name) => place = paths.join(place, name))];
  }

  /** Where the link is that a file stands for; undefined for a path that stands for itself. */
  ofLink(path: string): string | undefined {
    const linkPath = this.#options.rules.links === "translate" ? linkPathOf(path) : undefined;
    return linkPath === undefined ? undefined : this.at(linkPath);
  }

  /** Its directory, however that is reached (through links, or because it is mounted twice), with its name. */
  async realOf(path: string): Promise<string> {
    const { fileSystem, paths } = this.#options;
    const place = this.ofLink(path) ?? this.at(path);
    const above = paths.parentOf(place);
    const info = await fileSystem.stat(above).catch(undefinedIfNothingThere);
    if (info === undefined) return place;
    return paths.join(info.identity ?? await fileSystem.realPath(above), paths.nameOf(place));
  }

  /** Whether a link below the root leads out of it, to somewhere below the other root. */
  async leadInto(path: string, otherRoot: string): Promise<boolean> {
    if (this.#options.rules.links !== "follow") return false;
    const directory = await this.#realDirectory(path);
    if (directory === undefined || await this.#isAtOrBelow(directory, this.#options.root)) return false;
    return await this.#isAtOrBelow(directory, otherRoot);
  }

  /** The deepest of the directories around `path` that is there. */
  async #realDirectory(path: string): Promise<string | undefined> {
    for (const place of this.chain(path).slice(0, -1).reverse()) {
      const real = await this.#options.fileSystem.realPath(place).catch(undefinedIfNothingThere);
      if (real !== undefined) return real;
    }
    return undefined;
  }

  async #isAtOrBelow(place: string, root: string): Promise<boolean> {
    const { fileSystem, paths } = this.#options;
    const directory = await fileSystem.realPath(root).catch(undefinedIfNothingThere);
    if (directory === undefined) return false;
    const info = await fileSystem.stat(directory);
    return await isInside(fileSystem, paths, { path: paths.join(place, "entry"), directory, info });
  }

  /** Throws `ConflictError` where a link below the root would lead what is changed at `path` elsewhere. */
  async assertReal(path: string): Promise<void> {
    if (this.#options.rules.links !== "follow") await assertRealPlace(this.#placeOf(parentOf(path)));
  }

  /** Makes the directory `path` and what it needs above. */
  async make(path: string): Promise<void> {
    const { fileSystem, rules } = this.#options;
    if (rules.links === "follow") return await fileSystem.makeDirectory(this.at(path));
    await makeRealPlace(this.#placeOf(path));
  }

  #placeOf(directory: string) {
    return { ...this.#options, names: this.#namesOf(directory) };
  }

  /** In the platform's own form. */
  #namesOf(path: string): string[] {
    const { names, paths } = this.#options;
    return path === "" ? [] : path.split("/").map((standardName) => {
      const name = names.fromStandard(standardName);
      if (paths.isName(name) && name.isWellFormed()) return name;
      throw new LocalError(`Cannot use "${path}": "${name}" cannot be the name of a file on this computer`, {
        data: { path },
      });
    });
  }
}
