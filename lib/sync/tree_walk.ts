/**
 * Walks two trees side by side and tells what each directory holds: files of the source with what has their name at the
 * target, and what only the target has. Decides nothing about single files.
 *
 * Memory: one pair of listings per checker, the names of directories still to be visited.
 */
import { WorkStack } from "../async/work_stack.ts";
import { DirectoryNotFoundError } from "../errors.ts";
import { filterTree } from "../listing/filtered_tree.ts";
import { type Entry, type FileEntry, joinPath, type Listable, nameOf } from "../tree/tree.ts";
import type { Deletions, GoneDirectory } from "./deletions.ts";
import { inTheWay } from "./entry_failures.ts";
import { visitGone } from "./gone_visit.ts";
import { canMoveWhole, isMovedWhole } from "./whole_directory.ts";
import { type Pair, pairEntries } from "./pair_walk.ts";
import { both, type Run } from "./run.ts";

/** A file of the source and where it goes. */
export interface FilePair {
  readonly file: FileEntry;
  /** What has its name at the target; undefined when nothing has, or when that is not known (`looksAtTargets`). */
  readonly existing: FileEntry | undefined;
  readonly targetPath: string;
}

/** A directory of the source, and its place at the target. */
interface PairVisit {
  readonly source: string;
  readonly target: string;
  readonly isAtTarget: boolean;
}

type Visit = PairVisit | GoneDirectory;

interface WalkHandlers {
  /** Called for each file of the source. */
  readonly onFile: (pair: FilePair) => Promise<void>;
  /** What only the target has is told to it. */
  readonly deletions: Deletions | undefined;
}

/** Whether the walk lists directories of the target; without, whoever wants to know looks at each file. */
export function looksAtTargets({ options, target }: Run): boolean {
  // A listing of this machine costs no more than a look at one file, and knows symbolic links.
  return !options.noTraverse || options.deletes !== undefined || target.side === "local";
}

export class TreeWalk {
  readonly #run: Run;
  readonly #handlers: WalkHandlers;
  /** The source as far as it is dealt with. */
  readonly #chosen: Listable;
  readonly #visits = new WorkStack<Visit>([]);
  readonly #seen: string[] = [];

  constructor(run: Run, handlers: WalkHandlers) {
    this.#run = run;
    this.#handlers = handlers;
    const { filter, checkers } = run.options;
    this.#chosen = filter === undefined ? run.source : filterTree(run.source, { filter, checkers });
  }

  /** Directories of the source that were looked into, without the root; noted only where a move needs them. */
  get seenDirectories(): readonly string[] {
    return this.#seen;
  }

  /**
   * Looks at both roots, and gives what walks the rest. Throws for a missing source, and for a file in the place of the
   * target.
   */
  async open(): Promise<() => Promise<void>> {
    const root: PairVisit = { source: "", target: "", isAtTarget: looksAtTargets(this.#run) };
    const sources = await this.#chosen.list("", this.#signal);
    const targets = await this.#listTarget(root);
    return async () => {
      await this.#consider(root, sources, targets);
      await this.#visits.run(this.#run.options.checkers, (visit) => this.#visit(visit));
    };
  }

  async #visit(visit: Visit): Promise<void> {
    const path = "source" in visit ? visit.source : visit.path;
    try {
      this.#run.throwIfStopped();
      if ("source" in visit) await this.#visitPair(visit);
      else await this.#visitGone(visit);
    } catch (error) {
      if (!("source" in visit)) this.#handlers.deletions?.keep(visit);
      this.#run.collect(path, error);
    }
  }

  async #visitPair(visit: PairVisit): Promise<void> {
    const { isAtTarget } = visit;
    if (!isAtTarget && canMoveWhole(this.#run) && await isMovedWhole(this.#run, visit)) return;
    const [sources, targets] = await both(
      this.#chosen.list(visit.source, this.#signal),
      isAtTarget ? this.#listTarget(visit) : Promise.resolve([]),
    );
    if (!isAtTarget && this.#run.options.createEmptyDirectories) await this.#makeDirectory(visit);
    if (this.#run.options.move?.deleteEmptySourceDirectories) this.#seen.push(visit.source);
    await this.#consider(visit, sources, targets);
  }

  async #visitGone(directory: GoneDirectory): Promise<void> {
    const targets = await this.#listTarget({ target: directory.path });
    await this.#considerAlone({ alone: targets, targets, directory });
  }

  async #consider(visit: PairVisit, sources: readonly Entry[], targets: readonly Entry[]): Promise<void> {
    for (const { path } of sources) this.#run.claim(joinPath(visit.target, nameOf(path)));
    const { pairs, clashes, alone } = pairEntries(sources, targets, this.#run.target.features);
    for (const { path, error } of clashes) this.#run.collect(path, error);
    for (const pair of pairs) {
      const targetPath = pair.target?.path ?? joinPath(visit.target, nameOf(pair.source.path));
      await this.#considerPair(pair, targetPath);
    }
    // What only the target seems to have may be the entry whose name cannot be read.
    if (sources.some((entry) => entry.kind === "unreadable" && entry.isNameUnknown)) return;
    await this.#considerAlone({ alone, targets, directory: undefined });
  }

  async #considerPair({ source, target }: Pair, targetPath: string): Promise<void> {
    switch (source.kind) {
      case "special":
        if (source.isExpected) return;
        return this.#run.context.emit({ type: "skipped", path: source.path, reason: source.reason });
      case "unreadable":
        return this.#run.collect(source.path, source.error);
      case "directory":
        if (target !== undefined && target.kind !== "directory") break;
        // Whether it is there is not known where nothing of the target is listed.
        this.#visits.push({ source: source.path, target: targetPath, isAtTarget: target !== undefined });
        return;
      case "file":
        if (target !== undefined && target.kind !== "file") break;
        return await this.#handlers.onFile({ file: source, existing: target, targetPath });
    }
    this.#run.collect(source.path, inTheWay(source, target, this.#run));
  }

  async #considerAlone(
    found: {
      readonly alone: readonly Entry[];
      readonly targets: readonly Entry[];
      readonly directory: GoneDirectory | undefined;
    },
  ): Promise<void> {
    const { deletions } = this.#handlers;
    if (deletions === undefined) return;
    await visitGone(this.#run, { ...found, deletions, enter: (directory) => this.#visits.push(directory) });
  }

  async #makeDirectory({ source, target }: PairVisit): Promise<void> {
    const { target: tree, options, context } = this.#run;
    if (!looksAtTargets(this.#run) && await tree.stat(target, this.#signal) !== undefined) return;
    if (!options.dryRun) await tree.makeDirectory(target, this.#signal);
    context.emit({ type: "directory-made", path: source });
  }

  /** Nothing where there is no such directory (any more): it is made with its first file. */
  async #listTarget(
    { target, source }: { readonly target: string; readonly source?: string },
  ): Promise<readonly Entry[]> {
    // Nothing of the source that it could be compared with.
    if (source !== undefined && this.#run.options.filter?.entersDirectory(source) === false) return [];
    if (!looksAtTargets(this.#run)) return [];
    try {
      return await this.#run.target.list(target, this.#signal);
    } catch (error) {
      if (error instanceof DirectoryNotFoundError) return [];
      throw error;
    }
  }

  get #signal() {
    return { signal: this.#run.context.retryContext.signal };
  }
}
