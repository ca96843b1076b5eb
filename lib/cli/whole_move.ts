/** A folder that is moved as one: its files and folders are not looked at. */
import { ConflictError, JottashError } from "../errors.ts";
import { parseLocation } from "../path/location.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { CommandContext } from "./context.ts";
import type { SyncPlaces, SyncRequest } from "./sync_places.ts";

/**
 * Moves the source to the place of the target where that does the same as moving all that is in it: nothing is there
 * yet, and nothing decides about single files. Resolves with false where it cannot be done so; nothing is changed then.
 */
export async function moveWhole(
  context: CommandContext,
  { request, places }: { readonly request: SyncRequest; readonly places: SyncPlaces },
  transfer: TransferContext,
): Promise<boolean> {
  const { target, source: { tree: source }, isSame } = places;
  if (!target.canTakeFrom(source) || !isUndivided(request)) return false;
  const { signal } = context;
  const isRespelled = isSame === "respelled";
  if (!isRespelled && await target.stat("", { signal }) !== undefined) return false;
  const [from, to] = [await context.parentOf(request.from), await context.parentOf(request.to)];
  // A root has no name, and a link to a directory is not the directory.
  if (from.name === "" || to.name === "" || await isLink(context, request.from)) return false;
  if (!context.settings.dryRun) {
    try {
      await to.tree.moveDirectory({ source: from.tree, from: from.name, to: to.name }, { signal });
    } catch (error) {
      if (isRespelled || !isOnlyInTheWay(error)) throw error;
      return false;
    }
  }
  const former = from.name === to.name ? undefined : from.name;
  transfer.emit({ type: "moved", kind: "directory", path: to.name, isRoot: true, from: former });
  return true;
}

function isUndivided({ filter, choices }: SyncRequest): boolean {
  return filter.isEverything && !choices.interactive && choices.compareDest.length === 0 &&
    choices.copyDest.length === 0;
}

/** What the trash holds or another disk is no obstacle for single files; and somebody may have been faster. */
function isOnlyInTheWay(error: unknown): boolean {
  return error instanceof ConflictError || error instanceof JottashError && error.code === "other-disk";
}

async function isLink(context: CommandContext, text: string): Promise<boolean> {
  const location = parseLocation(text, context.platform.os);
  if (location.kind === "remote") return false;
  const [whole, parent] = [
    await context.tree(text),
    await context.tree({ ...location, path: `${location.path}/..` }),
  ];
  return whole.identity !== `${parent.identity}${(await context.parentOf(text)).name}/`;
}
