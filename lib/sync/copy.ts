/**
 * Copies a tree into another: walks both sides, compares, hands what differs to a fixed number of transfers. One
 * failed entry never stops the others; failures are collected. Deletes nothing.
 *
 * Memory: one pair of listings per checker, `QUEUED_JOBS` jobs, the names of directories still to be visited.
 */
import { Channel } from "../async/channel.ts";
import { WorkStack } from "../async/work_stack.ts";
import {
  AuthError,
  CancelledError,
  ConflictError,
  DirectoryNotFoundError,
  type JottashError,
  LocalError,
  toJottashError,
} from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { filterTree } from "../listing/filtered_tree.ts";
import type { TransferContext } from "../transfer/context.ts";
import { copyFile, type CopyJob, type TargetTree } from "../transfer/copy_file.ts";
import type { DirectoryEntry, Entry, FileEntry, Listable, Tree } from "../tree/tree.ts";
import { isSameFile } from "./compare.ts";
import { type Pair, pairEntries } from "./pair_walk.ts";

/** Jobs found but not begun: enough that transfers never wait for the walk, few enough to cost nothing. */
const QUEUED_JOBS = 1_000;

export interface CopyOptions {
  /** Files on their way at the same time. */
  readonly transfers: number;
  /** Directories looked at at the same time. */
  readonly checkers: number;
  readonly dryRun: boolean;
  /** Make directories at the target also where they hold no file. */
  readonly createEmptyDirectories: boolean;
  /** What is copied of a tree; all of it without one. What it leaves out is not compared either. */
  readonly filter?: Filter;
}

/** A directory of the source, and whether the target has it. */
interface Visit {
  readonly path: string;
  readonly isAtTarget: boolean;
}

/**
 * Copies all files of `source` into `target`; both roots stand for each other. Resolves with the failures, each
 * reported as an event too. Throws only what makes going on pointless: a missing source, a lost sign-in, a stop by
 * the user. (A full account is no such thing: known content and smaller files still fit.)
 */
export async function copyTree(
  source: Tree,
  target: TargetTree,
  options: CopyOptions,
  context: TransferContext,
): Promise<readonly JottashError[]> {
  const run = new CopyRun(source, target, options, context);
  return await run.everything();
}

/** Copies one file of `source` to `targetPath`, with the same rules as for a tree. */
export async function copySingleFile(
  job: {
    readonly source: Tree;
    readonly file: FileEntry;
    readonly target: TargetTree;
    readonly targetPath: string;
  },
  options: CopyOptions,
  context: TransferContext,
): Promise<readonly JottashError[]> {
  const run = new CopyRun(job.source, job.target, options, context);
  return await run.one(job.file, job.targetPath);
}

class CopyRun {
  readonly #source: Tree;
  /** The source as far as it is to be copied. */
  readonly #chosen: Listable;
  readonly #target: TargetTree;
  readonly #options: CopyOptions;
  readonly #context: TransferContext;
  readonly #jobs = new Channel<CopyJob>(QUEUED_JOBS);
  readonly #errors: JottashError[] = [];
  /** What ended the run before its time: the user, a lost sign-in, a bug. */
  #stopped: { readonly reason: unknown } | undefined;

  constructor(source: Tree, target: TargetTree, options: CopyOptions, context: TransferContext) {
    this.#source = source;
    const { filter, checkers } = options;
    this.#chosen = filter === undefined ? source : filterTree(source, { filter, checkers });
    this.#target = target;
    this.#options = options;
    this.#context = context;
  }

  async everything(): Promise<readonly JottashError[]> {
    // The roots are looked at first: a missing source or a file in the place of the target ends the run here.
    const sources = await this.#chosen.list("", this.#context.retryContext);
    const targets = await this.#listTarget("");
    return await this.#transferWhile(async () => {
      const visits = new WorkStack<Visit>([]);
      await this.#considerDirectory(sources, targets, visits);
      await visits.run(this.#options.checkers, (visit) => this.#visit(visit, visits));
    });
  }

  async one(file: FileEntry, targetPath: string): Promise<readonly JottashError[]> {
    const existing = await this.#target.stat(targetPath, this.#context.retryContext);
    return await this.#transferWhile(() => this.#consider({ source: file, target: existing }, targetPath));
  }

  /** Runs the transfers side by side with `plan`, which feeds them. */
  async #transferWhile(plan: () => Promise<void>): Promise<readonly JottashError[]> {
    const planning = async () => {
      try {
        await plan();
        this.#context.emit({ type: "plan-complete" });
        this.#jobs.close();
      } catch (error) {
        this.#stop(error);
        throw error;
      }
    };
    const transferring = Array.from({ length: this.#options.transfers }, () => this.#transferAll());
    const results = await Promise.allSettled([planning(), ...transferring]);
    for (const result of results) if (result.status === "rejected") throw toJottashError(result.reason);
    return this.#errors;
  }

  async #transferAll(): Promise<void> {
    try {
      for await (const job of this.#jobs) await this.#transfer(job);
    } catch (error) {
      // Nobody may wait for a worker that is gone.
      this.#stop(error);
      throw error;
    }
  }

  async #transfer(job: CopyJob): Promise<void> {
    try {
      await copyFile(job, this.#context);
    } catch (error) {
      this.#collect(job.file.path, error);
    }
  }

  async #visit(visit: Visit, visits: WorkStack<Visit>): Promise<void> {
    try {
      this.#throwIfStopped();
      const [sources, targets] = await both(
        this.#chosen.list(visit.path, this.#context.retryContext),
        visit.isAtTarget ? this.#listTarget(visit.path) : Promise.resolve([]),
      );
      if (!visit.isAtTarget && this.#options.createEmptyDirectories) await this.#makeDirectory(visit.path);
      await this.#considerDirectory(sources, targets, visits);
    } catch (error) {
      this.#collect(visit.path, error);
    }
  }

  async #considerDirectory(
    sources: readonly Entry[],
    targets: readonly Entry[],
    visits: WorkStack<Visit>,
  ): Promise<void> {
    const { pairs, clashes } = pairEntries(sources, targets, this.#target.features);
    for (const { path, error } of clashes) this.#collect(path, error);
    for (const pair of pairs) {
      if (pair.source.kind === "directory") this.#considerSubdirectory(pair.source, pair.target, visits);
      else await this.#consider(pair, pair.target?.path ?? pair.source.path);
    }
  }

  #considerSubdirectory(source: DirectoryEntry, target: Entry | undefined, visits: WorkStack<Visit>): void {
    if (target === undefined || target.kind === "directory") {
      visits.push({ path: source.path, isAtTarget: target !== undefined });
    } else {
      this.#collect(source.path, inTheWay(source, target, this.#target));
    }
  }

  /** Decides about one source entry that is not a directory. */
  async #consider(pair: Pair, targetPath: string): Promise<void> {
    const { source, target } = pair;
    const { emit } = this.#context;
    switch (source.kind) {
      case "special":
        return emit({ type: "skipped", path: source.path, reason: source.reason });
      case "unreadable":
        return this.#collect(source.path, source.error);
      case "directory":
        return;
      case "file":
    }
    if (target !== undefined && target.kind !== "file") {
      return this.#collect(source.path, inTheWay(source, target, this.#target));
    }
    if (target !== undefined && isSameFile(source, target)) {
      return emit({ type: "unchanged", path: source.path, size: source.size });
    }
    const refused = this.#target.side === "remote" ? this.#target.refusedReason(targetPath) : undefined;
    if (refused !== undefined) return this.#collect(source.path, nameRefused(source, refused));
    if (this.#options.dryRun) return emit({ type: "would-transfer", path: source.path, size: source.size });
    emit({ type: "planned", path: source.path, size: source.size });
    await this.#jobs.send({
      source: this.#source,
      file: source,
      target: this.#target,
      targetPath,
      existing: target,
    });
  }

  async #makeDirectory(path: string): Promise<void> {
    if (!this.#options.dryRun) await this.#target.makeDirectory(path, this.#context.retryContext);
    this.#context.emit({ type: "directory-made", path });
  }

  /** Nothing where there is no such directory (any more): it is made with its first file. */
  async #listTarget(path: string): Promise<readonly Entry[]> {
    // Nothing of the source that it could be compared with.
    if (this.#options.filter?.entersDirectory(path) === false) return [];
    try {
      return await this.#target.list(path, this.#context.retryContext);
    } catch (error) {
      if (error instanceof DirectoryNotFoundError) return [];
      throw error;
    }
  }

  #stop(reason: unknown): void {
    this.#stopped ??= { reason };
    this.#jobs.fail(reason);
  }

  #throwIfStopped(): void {
    this.#context.retryContext.signal?.throwIfAborted();
    if (this.#stopped !== undefined) throw this.#stopped.reason;
  }

  /** Keeps a failure for the end of the run; what makes going on pointless ends it at once. */
  #collect(path: string, error: unknown): void {
    // After a stop, what breaks off is the stop, whatever it looks like.
    this.#throwIfStopped();
    const failure = toJottashError(error);
    if (failure instanceof CancelledError || failure instanceof AuthError) throw failure;
    this.#errors.push(failure);
    this.#context.emit({ type: "failed", path, error: failure });
  }
}

/** As `Promise.all`, but no work is left under way when it rejects. */
async function both<T>(first: Promise<T>, second: Promise<T>): Promise<readonly [T, T]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

function inTheWay(source: Entry, target: Entry, tree: Tree): JottashError {
  if (target.kind === "unreadable") return target.error;
  const kind = target.kind === "special" ? target.reason.replace(/^it is /, "") : `a ${target.kind}`;
  return new ConflictError(
    `Cannot copy "${source.path}": in "${tree.label}" ${kind} of that name is in the way`,
  );
}

function nameRefused(source: FileEntry, reason: string): JottashError {
  return new LocalError(`Cannot upload "${source.path}": the service refuses the name: ${reason}`, {
    code: "name-refused",
    hint: "Rename it",
  });
}
