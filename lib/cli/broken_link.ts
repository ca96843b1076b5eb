/** Symbolic links of this machine that lead nowhere: what they name is not there, yet the name is taken. */
import { JottashError } from "../errors.ts";
import type { Tree } from "../tree/tree.ts";

/** Whether `name`, at which `tree.stat` finds nothing, is such a link in the directory `tree`. */
export async function isBrokenLink(tree: Tree, name: string): Promise<boolean> {
  if (tree.side !== "local") return false;
  try {
    return (await tree.list("")).some((entry) => entry.path === name && entry.kind === "special");
  } catch (error) {
    if (error instanceof JottashError) return false;
    throw error;
  }
}
