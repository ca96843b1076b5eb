/**
 * Compares two trees: walks both sides, hands pairs of files to a fixed number of comparisons, tells what was found
 * while it goes on. Changes nothing.
 *
 * Memory: one pair of listings per checker, `QUEUED_PAIRS` pairs, the names of directories still to be visited.
 */
import { Channel } from "../async/channel.ts";
import { WorkStack } from "../async/work_stack.ts";
import { DirectoryNotFoundError, type JottashError, toJottashError } from "../errors.ts";
import type { Entry, FileEntry, Listable, SpecialEntry } from "../tree/tree.ts";
import { type Couple, coupleEntries, type Folding } from "./couple.ts";
import { collectable } from "./each_file.ts";

/** Found but not compared yet: enough that comparisons never wait for the walk, few enough to cost nothing. */
const QUEUED_PAIRS = 1_000;

/** What is the case with one path: that of the source, where it has one. */
export type Finding =
  | { readonly kind: "same"; readonly path: string }
  /** `what` says in which way, as in `another MD5`. */
  | { readonly kind: "different"; readonly path: string; readonly what: string }
  | { readonly kind: "missing-at-target"; readonly path: string }
  | { readonly kind: "missing-at-source"; readonly path: string }
  /** Nobody knows; of a directory, neither of what is in it. */
  | { readonly kind: "failed"; readonly path: string; readonly error: JottashError };

export interface CheckOptions {
  /** Directories looked at at the same time, and as many comparisons. */
  readonly checkers: number;
  /** What only the target has is left alone. */
  readonly oneWay: boolean;
  /** How names of the target are compared. */
  readonly folding: Folding;
  readonly signal?: AbortSignal | undefined;
  /** In which way two files differ; undefined when they are the same. A failure is that of the one pair. */
  readonly compare: (source: FileEntry, target: FileEntry) => Promise<string | undefined>;
  /** Called for each file of either side, and for what could not be read. */
  readonly tell: (finding: Finding) => Promise<void>;
  /** Called for what is there but no file; it counts as missing. */
  readonly onSpecial: (entry: SpecialEntry) => void;
}

interface FilePair {
  readonly source: FileEntry;
  readonly target: FileEntry;
}

/** Paths of a directory at both sides; undefined where it is missing. */
interface Visit {
  readonly source: string | undefined;
  readonly target: string | undefined;
}

/**
 * Compares all of `source` and `target`, whose roots stand for each other; a target that is not there is empty. Throws
 * only what makes going on pointless: a root that cannot be listed, a lost sign-in, a stop by the user.
 */
export async function checkTrees(source: Listable, target: Listable, options: CheckOptions): Promise<void> {
  await new CheckRun(source, target, options).everything();
}

/** Compares one pair of files, or tells that the target has none. */
export async function checkFiles(
  source: FileEntry,
  target: FileEntry | undefined,
  options: Pick<CheckOptions, "compare" | "tell" | "signal">,
): Promise<void> {
  const { path } = source;
  if (target === undefined) return await options.tell({ kind: "missing-at-target", path });
  await options.tell(await compared({ source, target }, options));
}

async function compared(
  { source, target }: FilePair,
  { compare, signal }: Pick<CheckOptions, "compare" | "signal">,
): Promise<Finding> {
  const { path } = source;
  try {
    const what = await compare(source, target);
    return what === undefined ? { kind: "same", path } : { kind: "different", path, what };
  } catch (error) {
    return { kind: "failed", path, error: collectable(error, signal) };
  }
}

class CheckRun {
  readonly #source: Listable;
  readonly #target: Listable;
  readonly #options: CheckOptions;
  readonly #pairs = new Channel<FilePair>(QUEUED_PAIRS);
  readonly #visits = new WorkStack<Visit>([]);

  constructor(source: Listable, target: Listable, options: CheckOptions) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
  }

  async everything(): Promise<void> {
    const [sources, targets] = await both(this.#listSource(""), this.#listTarget(""));
    const walk = async () => {
      await this.#consider(sources, targets);
      await this.#visits.run(this.#options.checkers, (visit) => this.#visit(visit));
      this.#pairs.close();
    };
    const compareAll = async () => {
      for await (const pair of this.#pairs) await this.#options.tell(await compared(pair, this.#options));
    };
    const stopAll = (error: unknown) => {
      this.#pairs.fail(error);
      throw error;
    };
    const parts = [walk, ...Array.from({ length: this.#options.checkers }, () => compareAll)];
    const results = await Promise.allSettled(parts.map((part) => part().catch(stopAll)));
    for (const result of results) if (result.status === "rejected") throw toJottashError(result.reason);
  }

  async #visit({ source, target }: Visit): Promise<void> {
    let listings: readonly [readonly Entry[], readonly Entry[]];
    try {
      listings = await both(this.#listSource(source), this.#listTarget(target));
    } catch (error) {
      const failure = collectable(error, this.#options.signal);
      return await this.#options.tell({ kind: "failed", path: source ?? target ?? "", error: failure });
    }
    await this.#consider(...listings);
  }

  async #consider(sources: readonly Entry[], targets: readonly Entry[]): Promise<void> {
    const couples = coupleEntries(this.#plain(sources), this.#plain(targets), this.#options.folding);
    for (const couple of couples) await this.#considerCouple(couple);
  }

  async #considerCouple({ source, target }: Couple): Promise<void> {
    const { oneWay, tell } = this.#options;
    const either = source ?? target;
    if (either === undefined || (oneWay && source === undefined)) return;
    for (const entry of [source, target]) {
      if (entry?.kind !== "unreadable") continue;
      return await tell({ kind: "failed", path: either.path, error: entry.error });
    }
    if (either.kind === "directory") {
      this.#visits.push({ source: source?.path, target: target?.path });
    } else if (source?.kind === "file" && target?.kind === "file") {
      await this.#pairs.send({ source, target });
    } else {
      const kind = source === undefined ? "missing-at-source" : "missing-at-target";
      await tell({ kind, path: either.path });
    }
  }

  #plain(entries: readonly Entry[]): readonly Entry[] {
    return entries.filter((entry) => {
      if (entry.kind === "special") this.#options.onSpecial(entry);
      return entry.kind !== "special";
    });
  }

  async #listSource(path: string | undefined): Promise<readonly Entry[]> {
    return path === undefined ? [] : await this.#source.list(path, this.#options);
  }

  async #listTarget(path: string | undefined): Promise<readonly Entry[]> {
    if (path === undefined) return [];
    try {
      return await this.#target.list(path, this.#options);
    } catch (error) {
      if (error instanceof DirectoryNotFoundError) return [];
      throw error;
    }
  }
}

/** As `Promise.all`, but no work is left under way when it rejects. */
async function both<T>(first: Promise<T>, second: Promise<T>): Promise<readonly [T, T]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
