/**
 * The place that a command writes to. What would make every single entry fail there is found out first, so that it
 * is told once.
 */
import { ConflictError, FileNotFoundError, LocalError, UsageError } from "../errors.ts";
import { parseLocation, type RemoteLocation } from "../path/location.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import { parentOf } from "../tree/tree.ts";
import type { CommandContext } from "./context.ts";
import { hintOfColon } from "./config_access.ts";

export interface TargetUse {
  /** As in `copy "a" to`; the place follows. */
  readonly purpose: string;
  /** What to do when a file is in the way. */
  readonly hint: string;
  /** Nothing is written there after all. */
  readonly isReadOnly?: boolean;
}

/**
 * The folder at `text`, which need not exist yet. Throws `ConflictError` when it is a file or lies below one,
 * `DirectoryNotFoundError` when the mountpoint of the remote is not there (nothing makes one in passing: on the
 * built-in device it would be invisible on the website).
 */
export async function openTarget(
  context: CommandContext,
  text: string,
  use: TargetUse,
): Promise<TargetTree> {
  const tree = await context.tree(text);
  requireWritable(context, text, { ...use, tree });
  const existing = await tree.stat("", { signal: context.signal });
  if (existing?.kind === "directory") return tree;
  if (existing?.kind === "file") throw refusal(context, text, { ...use, what: "it" });
  const location = parseLocation(text, context.platform.os);
  if (location.kind === "remote") await requireWayTo(context, text, { ...use, location });
  else {
    const meant = await hintOfColon(context, text);
    if (meant !== undefined) {
      context.printer.warning(`"${text}" is a new directory of this machine`, { hint: meant });
    }
  }
  return tree;
}

/**
 * The folder that is to hold a file which gets the place `text` as its own, and the file's name there. Throws as
 * `openTarget`, `ConflictError` also when a folder has the name, `UsageError` for a root, which is no name.
 */
export async function openTargetFile(
  context: CommandContext,
  text: string,
  use: TargetUse,
): Promise<{ readonly tree: TargetTree; readonly name: string }> {
  const { tree, name } = await context.parentOf(text);
  requireWritable(context, text, { ...use, tree });
  const label = context.labelOf(text);
  const noun = context.nounAt(text);
  if (name === "") throw new UsageError(`Cannot ${use.purpose} "${label}": it is no name of a file`, use);
  const existing = await tree.stat(name, { signal: context.signal });
  if (existing?.kind === "directory") {
    throw new ConflictError(`Cannot ${use.purpose} "${label}": a ${noun} of that name is in the way`, use);
  }
  const location = parseLocation(text, context.platform.os);
  if (existing === undefined && location.kind === "remote") {
    await requireWayTo(context, text, { ...use, location });
  }
  return { tree, name };
}

/** Throws `UsageError` for a place in which nothing can be changed. */
function requireWritable(
  context: CommandContext,
  text: string,
  { purpose, isReadOnly = false, tree }: TargetUse & { readonly tree: TargetTree },
): void {
  if (isReadOnly || tree.side === "local" || tree.readOnlyReason === undefined) return;
  throw new UsageError(`Cannot ${purpose} "${context.labelOf(text)}": ${tree.readOnlyReason}`);
}

interface Way extends TargetUse {
  readonly location: RemoteLocation;
}

/** Looks at the folders above a place that is not there. */
async function requireWayTo(context: CommandContext, text: string, { location, ...use }: Way): Promise<void> {
  for (let path = location.path; path !== ""; path = parentOf(path)) {
    const above = await context.tree({ ...location, path: parentOf(path) });
    const entry = await above.stat("", { signal: context.signal });
    if (entry?.kind === "file") throw refusal(context, text, { ...use, what: `"${above.label}"` });
    if (entry !== undefined) return;
  }
  await context.requireMountpoint(location.remote);
}

function refusal(
  context: CommandContext,
  text: string,
  { purpose, hint, what }: TargetUse & { readonly what: string },
): ConflictError {
  const state = `${what} is a file, not a ${context.nounAt(text)}`;
  return new ConflictError(`Cannot ${purpose} "${context.labelOf(text)}": ${state}`, { hint });
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
