/** A dry run of a move: a file that would be transferred and then removed at the source is one sentence. */
import type { Change } from "../transfer/change.ts";
import { wouldText } from "../ui/change_text.ts";

export class DryMove {
  /** Files that have been told of, and whose removal is still to come. */
  readonly #told = new Set<string>();

  /** What is said of the change instead of its own sentence; empty for nothing, undefined for its own. */
  textOf(change: Change): string | undefined {
    switch (change.action) {
      case "transferred":
        this.#told.add(change.path);
        return wouldText({ action: "moved", kind: "file", path: change.path, size: change.size });
      case "deleted":
        return change.side === "source" && this.#told.delete(change.path) ? "" : undefined;
      default:
        return undefined;
    }
  }
}
