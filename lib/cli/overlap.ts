/** What a run would do to itself, and is refused for: a folder and one inside of it, files kept where they are looked for. */
import { UsageError } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { parseLocation } from "../path/location.ts";
import type { CommandContext } from "./context.ts";
import { pathInside, type Place, placeIdentities, type PlaceIdentity } from "./place_identity.ts";

export interface Ends {
  /** Of a single file the folders that hold it, here and there. */
  readonly source: Place;
  readonly target: Place;
  readonly isTree: boolean;
  readonly filter: Filter;
}

/** Throws `UsageError` when one end is the other or inside of it; `only copies` may take from inside the target. */
export async function refuseOverlap(
  context: CommandContext,
  { source, target, filter }: Ends,
  { verb, onlyCopies }: { readonly verb: string; readonly onlyCopies: boolean },
): Promise<void> {
  const [from = "", to = ""] = await placeIdentities(context, [source, target]);
  const refuse = (state: string, hint?: string) =>
    new UsageError(
      `Cannot ${verb} "${context.labelOf(source.text)}" to "${context.labelOf(target.text)}": ${state}`,
      {
        hint,
      },
    );
  if (from === to) throw refuse("they are the same");
  if (!onlyCopies && pathInside(from, to) !== undefined) throw refuse("the source is inside the target");
  const inside = spelledInside(context, { inner: target, path: pathInside(to, from) });
  if (inside === undefined || isLeftOut(filter, inside)) return;
  throw refuse("the target is inside the source", `Leave it out with: --exclude "/${inside}/**"`);
}

/** Another place of a run, and the flag that names it. */
export interface SidePlace {
  readonly flag: "--backup-dir" | "--compare-dest" | "--copy-dest";
  readonly place: Place;
}

export interface SideRules {
  /** What the filter leaves out is deleted: it is no shelter. */
  readonly deletesExcluded: boolean;
  /** Names of what is kept aside differ from those of what is there. */
  readonly hasSuffix: boolean;
}

/** Throws `UsageError` when the place meets an end of the run. */
export async function requireApart(
  context: CommandContext,
  { flag, place }: SidePlace,
  ends: Ends & SideRules,
): Promise<void> {
  for (const end of ["source", "target"] as const) {
    const [side = "", root = ""] = await placeIdentities(context, [place, ends[end]]);
    if (!meets({ side, root }, { context, place, ends, isBackup: flag === "--backup-dir" })) continue;
    throw new UsageError(
      `Cannot use ${flag} "${context.labelOf(place.text)}": it overlaps with the ${end} ` +
        `"${context.labelOf(ends[end].text)}"`,
      { hint: "Name a place beside it" },
    );
  }
}

function meets(
  { side, root }: { readonly side: PlaceIdentity; readonly root: PlaceIdentity },
  { context, place, ends, isBackup }: {
    readonly context: CommandContext;
    readonly place: Place;
    readonly ends: Ends & SideRules;
    readonly isBackup: boolean;
  },
): boolean {
  if (!ends.isTree) return side === root && !(isBackup && ends.hasSuffix);
  if (pathInside(root, side) !== undefined) return true;
  const inside = spelledInside(context, { inner: place, path: pathInside(side, root) });
  return inside !== undefined && (ends.deletesExcluded || !isLeftOut(ends.filter, inside));
}

/** The path inside as it is written: filters tell case apart, identities may not. */
function spelledInside(
  context: CommandContext,
  { inner: { text, tree }, path }: { readonly inner: Place; readonly path: string | undefined },
): string | undefined {
  if (path === undefined) return undefined;
  const location = parseLocation(text, context.platform.os);
  const written = location.kind === "remote" ? location.path : tree.identity.replace(/\/$/, "");
  return written.split("/").slice(-path.split("/").length).join("/");
}

/** A walk never comes to the directory. */
function isLeftOut(filter: Filter, path: string): boolean {
  const names = path.split("/");
  return names.some((_, index) => !filter.entersDirectory(names.slice(0, index + 1).join("/")));
}
