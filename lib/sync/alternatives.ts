/**
 * Other trees that may hold a file already: with --compare-dest it is left out then, with --copy-dest it is taken from
 * there. The first tree that has the file counts, in the order in which they were given.
 */
import type { TargetTree } from "../transfer/copy_file.ts";
import type { CallOptions } from "../tree/tree.ts";
import type { Alternatives } from "./sync_options.ts";

export interface AlternativesOptions extends CallOptions {
  readonly act: "skip" | "copy";
  /** Roots stand for the root of the target. One that is not there holds nothing. */
  readonly trees: readonly TargetTree[];
}

/** Looks at one path of each tree for each file: nothing is listed. What cannot be looked at is that file's failure. */
export function createAlternatives({ act, trees, signal }: AlternativesOptions): Alternatives {
  return {
    async find(file, isSame) {
      for (const tree of trees) {
        const other = await tree.stat(file.path, { signal });
        if (other?.kind !== "file" || !await isSame(file, other, tree)) continue;
        return act === "skip" ? { act } : { act, tree, file: other };
      }
      return undefined;
    },
  };
}
