/** All places of a copy, sync or move, opened and looked at before anything is changed. */
import type { Filter } from "../filter/filter.ts";
import { foldName, nfcKey } from "../names/compare.ts";
import { nameOf } from "../tree/tree.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { CommandContext, Source } from "./context.ts";
import { requireNoRules } from "./filters.ts";
import { refuseOverlap, requireApart, type SidePlace } from "./overlap.ts";
import { type Place, placeIdentities } from "./place_identity.ts";
import type { SyncChoices } from "./sync_options.ts";
import { openTarget, openTargetFile } from "./target.ts";

export interface SyncRequest {
  readonly verb: "copy" | "sync" | "move";
  /** TARGET is the place of a single file itself, not the folder that is to hold it (copyto, moveto). */
  readonly isExact: boolean;
  readonly from: string;
  readonly to: string;
  readonly choices: SyncChoices;
  readonly filter: Filter;
}

export interface SyncPlaces {
  readonly source: Source;
  readonly target: TargetTree;
  /** Where a single file goes, below the target. */
  readonly targetPath: string;
  /** Both ends are one file or folder; `respelled`: TARGET has another spelling of its name. */
  readonly isSame: "no" | "here" | "respelled";
  readonly backupDirectory: TargetTree | undefined;
  /** Those of --compare-dest or --copy-dest. */
  readonly otherPlaces: readonly TargetTree[];
}

interface OpenPlace extends Place {
  readonly tree: TargetTree;
}

/** Throws `UsageError` for places that overlap, and what opening them throws. */
export async function openSyncPlaces(context: CommandContext, request: SyncRequest): Promise<SyncPlaces> {
  const { from, to, filter, verb } = request;
  const source = await context.source(from);
  if (verb !== "copy") requireNoRules(source, filter);
  else if (source.file !== undefined && filter.hasConditions) {
    context.printer.warning(`No filter decides about "${context.labelOf(from)}": it is a single file`);
  }
  const isTree = source.file === undefined;
  const place = async (text: string): Promise<OpenPlace> => ({ text, tree: await context.tree(text) });
  const [whole, targetPlace] = [await place(from), await place(to)];
  const isSame = await sameness(context, request, { source, from: whole, to: targetPlace });
  const ends = {
    source: isTree ? whole : { text: from, tree: source.tree },
    target: targetPlace,
    isTree,
    filter,
  };
  if (isTree && !(isSame === "respelled" && verb === "move")) {
    await refuseOverlap(context, ends, { verb, onlyCopies: verb === "copy" });
  }
  const opened = isTree && isSame === "respelled"
    ? { target: targetPlace.tree, targetPath: "" }
    : await openEnd(context, request, source);
  const sides = await openSides(context, request.choices);
  for (const side of sides) {
    await requireApart(context, side, {
      ...ends,
      target: { text: to, tree: opened.target },
      deletesExcluded: request.choices.deleteExcluded,
      hasSuffix: request.choices.suffix !== undefined,
    });
  }
  return {
    source,
    ...opened,
    isSame,
    backupDirectory: sides.find(({ flag }) => flag === "--backup-dir")?.place.tree,
    otherPlaces: sides.filter(({ flag }) => flag !== "--backup-dir").map(({ place: { tree } }) => tree),
  };
}

async function openEnd(
  context: CommandContext,
  { verb, from, to, isExact }: SyncRequest,
  { file }: Source,
): Promise<Pick<SyncPlaces, "target" | "targetPath">> {
  const purpose = `${verb} "${context.labelOf(from)}" to`;
  if (file === undefined) {
    const hint = "Name the folder that is to hold the files";
    return { target: await openTarget(context, to, { purpose, hint }), targetPath: "" };
  }
  const name = nameOf(file.path);
  if (!isExact) {
    const exact = verb === "move" ? "moveto" : "copyto";
    const hint = `Name the folder that is to hold the file, or give it this name with "jottash ${exact}"`;
    return { target: await openTarget(context, to, { purpose, hint }), targetPath: name };
  }
  const inside = context.labelOf(to).replace(/([^:/])$/, "$1/") + name;
  const hint = `To put it into the folder, name the file too: "${inside}"`;
  const { tree, name: targetPath } = await openTargetFile(context, to, { purpose, hint });
  return { target: tree, targetPath };
}

async function sameness(
  context: CommandContext,
  { isExact }: SyncRequest,
  { source: { tree, file }, from, to }: {
    readonly source: Source;
    readonly from: Place;
    readonly to: OpenPlace;
  },
): Promise<SyncPlaces["isSame"]> {
  const goesInto = file !== undefined && !isExact ? nameOf(file.path) : "";
  const identity = goesInto === "" ? to.tree.identity : `${to.tree.identity}${goesInto}/`;
  const end = { text: to.text, tree: { ...pickPlace(to), identity } };
  const [one, other] = await placeIdentities(context, [from, end]);
  if (one !== other) return "no";
  if (goesInto !== "") return "here";
  const [name, otherName] = [
    (await context.parentOf(from.text)).name,
    (await context.parentOf(to.text)).name,
  ];
  // Names that have nothing in common lead to the same place through a link.
  const isRespelled = name !== otherName && foldName(nfcKey(name)) === foldName(nfcKey(otherName));
  return isRespelled && to.tree.canTakeFrom(tree) ? "respelled" : "here";
}

function pickPlace({ tree: { side, identity, features } }: Place): Place["tree"] {
  return { side, identity, features };
}

async function openSides(
  context: CommandContext,
  { backupDirectory, compareDest, copyDest }: SyncChoices,
): Promise<(SidePlace & { readonly place: OpenPlace })[]> {
  const open = async (flag: SidePlace["flag"], text: string) => (
    { flag, place: { text, tree: await context.tree(text) } }
  );
  return await Promise.all([
    ...backupDirectory === undefined ? [] : [open("--backup-dir", backupDirectory)],
    ...compareDest.map((text) => open("--compare-dest", text)),
    ...copyDest.map((text) => open("--copy-dest", text)),
  ]);
}
