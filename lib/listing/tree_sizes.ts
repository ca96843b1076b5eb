/** Sizes of directories with all that is shown below them. */
import type { Branch } from "../tree/branches.ts";

/** One size for each branch; they come as `tree` prints them, each directory followed by what it holds. */
export function addUpSizes(branches: readonly Branch[]): number[] {
  const sizes = branches.map(({ entry }) => entry.kind === "file" ? entry.size : 0);
  // From the end each directory is complete when it is added to its own.
  const sums: number[] = [];
  for (let index = branches.length - 1; index >= 0; index--) {
    const depth = branches[index]?.lasts.length ?? 0;
    const size = (sizes[index] ?? 0) + (sums[depth + 1] ?? 0);
    sizes[index] = size;
    sums[depth + 1] = 0;
    sums[depth] = (sums[depth] ?? 0) + size;
  }
  return sizes;
}
