/**
 * Files that have only got another name or place since the last run (--track-renames): one that only the source has and
 * one that only the target has, of the same size and with more in common. Which goes with which is decided here, and
 * nothing is done.
 */
import { WorkStack } from "../async/work_stack.ts";
import { compareNames, nfcKey } from "../names/compare.ts";
import { type FileEntry, nameOf, parentOf } from "../tree/tree.ts";
import { compareTimes } from "./compare.ts";
import { collectable } from "./each_file.ts";
import type { TrackRenames } from "./sync_options.ts";

export interface RenameInput extends TrackRenames {
  /** Files that only the source has. */
  readonly added: readonly FileEntry[];
  /** Files that only the target has. */
  readonly gone: readonly FileEntry[];
  /**
   * The MD5 of a file of either side. Asked only of files whose size the other side has too, `checkers` at a time; one
   * that cannot be read goes with none.
   */
  readonly md5Of: (side: "added" | "gone", file: FileEntry) => Promise<string>;
  /** Times that differ by less are the same. */
  readonly modifyWindowMs: number;
  readonly checkers: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Renaming {
  /** The file of the target. */
  readonly from: FileEntry;
  /** The file of the source that it stands for; its path is the new one. */
  readonly to: FileEntry;
}

export interface RenamePlan {
  readonly renamings: readonly Renaming[];
  /** What is in no pair, in the order given. */
  readonly added: readonly FileEntry[];
  readonly gone: readonly FileEntry[];
}

/**
 * Pairs files up, each at most once; among several, one with the same name goes first, then one from the same directory,
 * then the first by path. The same for the same files, in whatever order. Where `by` does not say `hash`, contents may
 * differ: a file is to be compared as any other once it has its new name.
 */
export async function planRenames(input: RenameInput): Promise<RenamePlan> {
  const traits = new Map<FileEntry, string>();
  await findTraits("added", input, traits);
  await findTraits("gone", input, traits);
  const added = input.added.filter((file) => traits.has(file)).toSorted(byPath);
  const candidates = new Candidates(input, traits);
  const renamings = new Map<FileEntry, Renaming>();
  for (const nearness of NEARNESSES) {
    for (const to of added) {
      const from = renamings.has(to) ? undefined : candidates.take(to, nearness);
      if (from !== undefined) renamings.set(to, { from, to });
    }
  }
  const used = new Set([...renamings.values()].map(({ from }) => from));
  return {
    renamings: added.flatMap((file) => renamings.get(file) ?? []),
    added: input.added.filter((file) => !renamings.has(file)),
    gone: input.gone.filter((file) => !used.has(file)),
  };
}

/** What two files of one size have in common besides, the best first. */
const NEARNESSES = [
  (file: FileEntry) => `name ${nfcKey(nameOf(file.path))}`,
  (file: FileEntry) => `directory ${nfcKey(parentOf(file.path))}`,
  () => "",
] as const;

type Nearness = (typeof NEARNESSES)[number];

/** Files of the target that no file of the source has got yet, by what has to be equal. */
class Candidates {
  readonly #input: RenameInput;
  readonly #traits: ReadonlyMap<FileEntry, string>;
  readonly #waiting = new Map<string, Set<FileEntry>>();

  constructor(input: RenameInput, traits: ReadonlyMap<FileEntry, string>) {
    this.#input = input;
    this.#traits = traits;
    for (const file of input.gone.filter((each) => traits.has(each)).toSorted(byPath)) {
      for (const key of this.#ownKeys(file)) {
        const files = this.#waiting.get(key);
        if (files === undefined) this.#waiting.set(key, new Set([file]));
        else files.add(file);
      }
    }
  }

  take(to: FileEntry, nearness: Nearness): FileEntry | undefined {
    const span = this.#spanOf(to);
    for (const each of [span, span - 1, span + 1]) {
      for (const from of this.#waiting.get(this.#key(to, nearness, each)) ?? []) {
        if (!this.#isSameTime(from, to)) continue;
        for (const key of this.#ownKeys(from)) this.#waiting.get(key)?.delete(from);
        return from;
      }
    }
    return undefined;
  }

  #ownKeys(file: FileEntry): string[] {
    return NEARNESSES.map((nearness) => this.#key(file, nearness, this.#spanOf(file)));
  }

  #key(file: FileEntry, nearness: Nearness, span: number): string {
    return JSON.stringify([this.#traits.get(file), span, nearness(file)]);
  }

  /** Times that are the same are in one span, or in two that are neighbours. */
  #spanOf({ modifiedAtMs = 0 }: FileEntry): number {
    const { by, modifyWindowMs } = this.#input;
    return by.includes("modtime") ? Math.floor(modifiedAtMs / (modifyWindowMs + 2_000)) : 0;
  }

  #isSameTime(from: FileEntry, to: FileEntry): boolean {
    const { by, modifyWindowMs } = this.#input;
    return !by.includes("modtime") || compareTimes(from, to, modifyWindowMs) === "equal";
  }
}

/** Notes what has to be equal of each file of the side that may have a partner at all. */
async function findTraits(
  side: "added" | "gone",
  input: RenameInput,
  traits: Map<FileEntry, string>,
): Promise<void> {
  const { by, checkers, md5Of, signal } = input;
  const otherSizes = new Set(input[side === "added" ? "gone" : "added"].map(({ size }) => size));
  const files = input[side].filter(({ size, modifiedAtMs }) =>
    otherSizes.has(size) && (modifiedAtMs !== undefined || !by.includes("modtime"))
  );
  const note = async (file: FileEntry) => {
    const leaf = by.includes("leaf") ? nfcKey(nameOf(file.path)) : undefined;
    const md5 = by.includes("hash") ? file.md5 ?? await md5Of(side, file) : undefined;
    traits.set(file, JSON.stringify([file.size, md5, leaf]));
  };
  await new WorkStack(files).run(checkers, async (file) => {
    try {
      await note(file);
    } catch (error) {
      collectable(error, signal);
    }
  });
}

function byPath(left: FileEntry, right: FileEntry): number {
  return compareNames(left.path, right.path);
}
