/** What `check` does with two places: which files are the same at both. */
import { filterTree } from "../listing/filtered_tree.ts";
import type { Filter } from "../filter/filter.ts";
import { checkFiles, type CheckOptions, checkTrees } from "../sync/check.ts";
import { type FileEntry, nameOf, type Tree } from "../tree/tree.ts";
import { formatCount, formatQuantity } from "../units.ts";
import type { CheckChoices } from "./check_options.ts";
import { CheckReport } from "./check_report.ts";
import type { CommandContext } from "./context.ts";
import { requireNoRules } from "./filters.ts";
import { forRecursiveWork } from "./recursive.ts";
import { sumOf } from "./sums.ts";
import { openTarget } from "./target.ts";

export interface TreeCheckOptions extends CheckChoices {
  readonly sizeOnly: boolean;
  readonly filter: Filter;
}

/** Resolves with the exit status; throws `PartialError` when something could not be read. */
export async function checkPlaces(
  context: CommandContext,
  { from, to }: { readonly from: string; readonly to: string },
  options: TreeCheckOptions,
): Promise<number> {
  const { signal, settings: { checkers }, printer } = context;
  const source = await context.source(from);
  requireNoRules(source, options.filter);
  const sides = { source: `"${context.labelOf(from)}"`, target: `"${context.labelOf(to)}"` };
  const target = await openTarget(context, to, {
    purpose: `compare ${sides.source} with`,
    hint: "Name the folder that holds the files",
    isReadOnly: true,
  });
  await using report = await CheckReport.open(context, sides, options);
  const check: CheckOptions = {
    checkers,
    signal,
    oneWay: options.oneWay,
    folding: target.features,
    compare: comparison(context, { source: source.tree, target }, options),
    tell: (finding) => report.tell(finding),
    onSpecial: ({ path, reason, isExpected }) => {
      if (!isExpected) printer.warning(`Left out "${path}": ${reason}`);
    },
  };
  if (source.file === undefined) {
    const { filter } = options;
    const through = (tree: Tree) => filterTree(tree, { filter, checkers });
    const whole = forRecursiveWork(context, target, { filter });
    await checkTrees(through(forRecursiveWork(context, source.tree, { filter })), through(whole), check);
  } else {
    const entry = await target.stat(nameOf(source.file.path), { signal });
    await checkFiles(source.file, entry?.kind === "file" ? entry : undefined, check);
  }
  return await report.finish();
}

/** Sizes first, which cost nothing; then MD5, which a remote tells, or a hash of what was read at both sides. */
function comparison(
  context: CommandContext,
  trees: { readonly source: Tree; readonly target: Tree },
  { sizeOnly, download }: Pick<TreeCheckOptions, "sizeOnly" | "download">,
): CheckOptions["compare"] {
  // Of a stronger kind: what is read anyway is to be compared as if byte by byte.
  const hash = download ? "sha256" : "md5";
  const hashOf = (tree: Tree, file: FileEntry) => sumOf(context, { tree, file }, { hash, download });
  return async (source, target) => {
    if (source.size !== target.size) {
      return `${formatQuantity(source.size, "byte")}, ${formatCount(target.size)} at the target`;
    }
    if (sizeOnly) return undefined;
    const hashes = [hashOf(trees.source, source), hashOf(trees.target, target)] as const;
    await Promise.allSettled(hashes); // so that no work is left under way
    const [ofSource, ofTarget] = await Promise.all(hashes);
    if (ofSource === ofTarget) return undefined;
    return download ? "other content" : "another MD5";
  };
}
