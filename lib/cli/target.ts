/**
 * The place that a command writes to. What would make every single entry fail there is found out first, so that it
 * is told once.
 */
import { ConflictError, FileNotFoundError, LocalError } from "../errors.ts";
import { parseLocation } from "../path/location.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import { parentOf } from "../tree/tree.ts";
import type { CommandContext } from "./context.ts";
import { hintOfColon } from "./config_access.ts";

export interface TargetUse {
  /** As in `copy "a" to`; the place follows. */
  readonly purpose: string;
  /** What to do when a file is in the way. */
  readonly hint: string;
}

/**
 * The folder at `text`, which need not exist yet. Throws `ConflictError` when it is a file or lies below one,
 * `DirectoryNotFoundError` when the mountpoint of the remote is not there (nothing makes one in passing: on the
 * built-in device it would be invisible on the website).
 */
export async function openTarget(
  context: CommandContext,
  text: string,
  { purpose, hint }: TargetUse,
): Promise<TargetTree> {
  const { signal } = context;
  const tree = await context.tree(text);
  const existing = await tree.stat("", { signal });
  if (existing?.kind === "directory") return tree;
  const refuse = (what: string) =>
    new ConflictError(
      `Cannot ${purpose} "${context.labelOf(text)}": ${what} is a file, not a ${context.nounAt(text)}`,
      {
        hint,
      },
    );
  if (existing?.kind === "file") throw refuse("it");
  const location = parseLocation(text, context.platform.os);
  if (location.kind === "local") {
    const meant = await hintOfColon(context, text);
    if (meant !== undefined) {
      context.printer.warning(`"${text}" is a new directory of this machine`, { hint: meant });
    }
    return tree;
  }
  for (let path = location.path; path !== ""; path = parentOf(path)) {
    const above = await context.tree({ ...location, path: parentOf(path) });
    const entry = await above.stat("", { signal });
    if (entry?.kind === "file") throw refuse(`"${above.label}"`);
    if (entry !== undefined) return tree;
  }
  await context.requireMountpoint(location.remote);
  return tree;
}

/** Makes the folder of a local target now, so that one that cannot be made is not found out at every file. */
export async function makeLocalTarget(context: CommandContext, tree: TargetTree): Promise<void> {
  if (tree.side !== "local" || context.settings.dryRun) return;
  try {
    await tree.makeDirectory("", { signal: context.signal });
  } catch (error) {
    if (!(error instanceof FileNotFoundError)) throw error;
    // With the parents made too, "it does not exist" only means that the system makes no directory there.
    throw new LocalError(`Cannot make the directory "${tree.label}": the system allows none there`, {
      cause: error,
      hint: "Name another directory",
    });
  }
}
