/** What only the target has in one directory: which of it goes, and what stays because it is none of the run's business. */
import { includesEntry } from "../listing/filtered_tree.ts";
import { type DirectoryEntry, type Entry, nameOf } from "../tree/tree.ts";
import type { Deletions, GoneDirectory } from "./deletions.ts";
import type { Run } from "./run.ts";

export interface GoneVisit {
  /** What only the target has. */
  readonly alone: readonly Entry[];
  /** All that the target has in the directory. */
  readonly targets: readonly Entry[];
  /** The directory, where only the target has it. */
  readonly directory: GoneDirectory | undefined;
  readonly deletions: Deletions;
  /** Called for each directory that has to be looked into. */
  readonly enter: (directory: GoneDirectory) => void;
}

/** Hands to the deletions what is to go. */
export async function visitGone(run: Run, visit: GoneVisit): Promise<void> {
  const { directory, deletions, enter } = visit;
  const isChosen = choiceOf(run, visit);
  for (const entry of visit.alone) {
    const isKept = entry.kind === "file" && run.options.keepAside?.isKept(entry.path);
    if (isKept || !isChosen(entry)) deletions.keep(directory);
    else if (entry.kind === "file") await deletions.addFile({ file: entry, directory });
    else if (entry.kind === "directory") {
      const gone = deletions.addDirectory(entry.path, directory);
      if (isEntered(run, entry, deletions)) enter(gone);
      else deletions.keep(gone);
    } else if (!await isCleared(run, entry, directory)) {
      deletions.keep(directory);
      if (entry.kind === "special" && (entry.isExpected || entry.isUnfinished)) continue;
      const reason = entry.kind === "special" ? entry.reason : "it cannot be read at the target";
      run.context.emit({ type: "skipped", path: entry.path, reason });
    }
  }
}

/**
 * Whether an unfinished file is gone. One that can be gone on with is left for that, unless the directory goes: this very
 * run may need it.
 */
async function isCleared(run: Run, entry: Entry, directory: GoneDirectory | undefined): Promise<boolean> {
  const { target, options } = run;
  if (entry.kind !== "special" || !entry.isUnfinished || target.side !== "local" || options.dryRun) {
    return false;
  }
  return await target.removeUnfinished(entry.path, { withResumable: directory !== undefined });
}

function choiceOf(
  { options: { filter } }: Run,
  { targets, deletions }: GoneVisit,
): (entry: Entry) => boolean {
  if (filter === undefined || deletions.takesExcluded) return () => true;
  const names = targets.flatMap((entry) => entry.kind === "file" ? [nameOf(entry.path)] : []);
  if (filter.isMarked(names)) return () => false;
  return (entry) => includesEntry(filter, entry);
}

/** What is deeper than the run goes is not known, so it stays. */
function isEntered({ options: { filter } }: Run, { path }: DirectoryEntry, deletions: Deletions): boolean {
  if (filter === undefined) return true;
  return deletions.takesExcluded ? path.split("/").length < filter.maxDepth : filter.entersDirectory(path);
}
