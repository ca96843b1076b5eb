/**
 * Decides about each file that the walk finds. What can be told from two listings is decided at once; what needs another
 * look - a content, the target, other trees - waits for it beside the walk, `checkers` at a time.
 */
import { Channel } from "../async/channel.ts";
import type { FileEntry } from "../tree/tree.ts";
import { compareContent } from "./content.ts";
import { decide, type Decision, type Settled } from "./decide.ts";
import { inTheWay, nameRefused, notChangeable } from "./entry_failures.ts";
import { type FileJob, isDirect, type TransferJob } from "./file_work.ts";
import type { Run } from "./run.ts";
import { type FilePair, looksAtTargets } from "./tree_walk.ts";

/** Found but not looked at: enough that nobody waits for the walk, few enough to cost nothing. */
const QUEUED_LOOKS = 1_000;

interface Look {
  readonly pair: FilePair;
  /** Undefined where nobody knows yet what the target has. */
  readonly decision: Decision | undefined;
}

export class FilePlan {
  readonly #run: Run;
  readonly #add: (job: FileJob) => Promise<void>;
  readonly #looks = new Channel<Look>(QUEUED_LOOKS);

  /** `add` takes what is to be done. */
  constructor(run: Run, add: (job: FileJob) => Promise<void>) {
    this.#run = run;
    this.#add = add;
    run.onStop((reason) => this.#looks.fail(reason));
  }

  async consider(pair: FilePair): Promise<void> {
    if (!looksAtTargets(this.#run)) return await this.#looks.send({ pair, decision: undefined });
    const decision = this.#decide(pair);
    if (decision.act === "compare-content" || this.#mayBeElsewhere(decision)) {
      await this.#looks.send({ pair, decision });
    } else await this.#settle(pair, decision);
  }

  /** As `consider`, at once, for a file whose place at the target is known to be `existing`. */
  async decideNow(pair: FilePair): Promise<void> {
    const decision = this.#decide(pair);
    if (decision.act !== "unchanged") await this.#look({ pair, decision });
  }

  /** The walk is over. */
  close(): void {
    this.#looks.close();
  }

  /** Takes one look after the other, until the walk is over. */
  async lookAtAll(): Promise<void> {
    for await (const look of this.#looks) await this.#look(look);
  }

  #decide({ file, existing }: FilePair): Decision {
    const { compare, move } = this.#run.options;
    const decision = decide(file, existing, compare);
    if (decision.act !== "unchanged" || move === undefined || compare.by !== "time") return decision;
    // The source is about to go: that its size and time are the same is not enough.
    const different: Settled = compare.immutable ? { act: "refuse" } : { act: "transfer" };
    return { act: "compare-content", same: decision, different };
  }

  #mayBeElsewhere({ act }: Decision): boolean {
    return act === "transfer" && this.#run.options.alternatives !== undefined;
  }

  async #look({ pair, decision }: Look): Promise<void> {
    try {
      this.#run.throwIfStopped();
      const known = decision === undefined ? await this.#withTarget(pair) : pair;
      const { file, settled } = await this.#resolve(
        known,
        decision ?? this.#decide(known),
      );
      const decided = { ...known, file };
      if (settled.act !== "transfer" || !await this.#isElsewhere(decided)) {
        await this.#settle(decided, settled);
      }
    } catch (error) {
      this.#run.collect(pair.file.path, error);
    }
  }

  async #withTarget(pair: FilePair): Promise<FilePair> {
    const { target, context: { retryContext: { signal } } } = this.#run;
    const existing = await target.stat(pair.targetPath, { signal });
    if (existing?.kind === "directory") throw inTheWay(pair.file, existing, this.#run);
    return { ...pair, existing, targetPath: existing?.path ?? pair.targetPath };
  }

  async #resolve({ file, existing }: FilePair, decision: Decision) {
    if (decision.act !== "compare-content") return { file, settled: decision };
    if (existing === undefined) return { file, settled: decision.different };
    const { source, target, context } = this.#run;
    const answer = await compareContent({ tree: source, file }, { tree: target, file: existing }, context);
    return { file: answer.source, settled: answer.isSame ? decision.same : decision.different };
  }

  /** Looks whether another tree has the file, and deals with it then. */
  async #isElsewhere({ file, existing, targetPath }: FilePair): Promise<boolean> {
    const { options: { alternatives, compare }, source, context } = this.#run;
    const found = await alternatives?.find(file, async (file, other, tree) => {
      const decision = decide(file, other, {
        ...compare,
        ignoreExisting: false,
        update: false,
        immutable: false,
      });
      if (decision.act !== "compare-content") return decision.act !== "transfer";
      return (await compareContent({ tree: source, file }, { tree, file: other }, context)).isSame;
    });
    if (found === undefined) return false;
    if (found.act === "skip") context.emit({ type: "unchanged", path: file.path, size: file.size });
    else await this.#transfer({ act: "transfer", file, existing, targetPath, from: found });
    return true;
  }

  async #settle({ file, existing, targetPath }: FilePair, decision: Settled): Promise<void> {
    const { context, options } = this.#run;
    const { path, size } = file;
    switch (decision.act) {
      case "transfer":
        return await this.#transfer({ act: "transfer", file, existing, targetPath });
      case "unchanged":
        context.emit({ type: "unchanged", path, size, ...contentOf(file, existing) });
        if (options.move !== undefined && existing !== undefined) {
          await this.#add({ act: "remove-source", file, existing, targetPath });
        }
        return;
      case "touch":
        if (existing === undefined) return;
        if (!options.dryRun) context.emit({ type: "planned", path, size });
        return await this.#add({ act: "touch", file, existing, targetPath });
      case "skip":
        return context.emit({ type: "skipped", path, reason: decision.reason });
      case "refuse":
        return this.#run.collect(path, notChangeable(file, this.#run));
    }
  }

  async #transfer(job: TransferJob): Promise<void> {
    const { target, options, context } = this.#run;
    const { file: { path, size }, file, targetPath } = job;
    const refused = target.side === "remote" ? target.refusedReason(targetPath) : undefined;
    if (refused !== undefined) return this.#run.collect(path, nameRefused(file, refused));
    if (!options.dryRun && !isDirect(this.#run, job)) context.emit({ type: "planned", path, size });
    await this.#add(job);
  }
}

/** What either side says about a file that both have. */
function contentOf(file: FileEntry, existing: FileEntry | undefined) {
  const md5 = existing?.md5 ?? file.md5;
  return md5 === undefined ? {} : { md5, modifiedAtMs: file.modifiedAtMs };
}
