/** What `checksum` and `check --checkfile` do: a place against a list of hash sums, which is the source. */
import type { Filter } from "../filter/filter.ts";
import type { HashName } from "../hash/kinds.ts";
import { filterTree } from "../listing/filtered_tree.ts";
import { isPlainPath, treeOfPaths } from "../listing/sum_tree.ts";
import { type CheckOptions, checkTrees, type Finding } from "../sync/check.ts";
import { nameKey } from "../sync/couple.ts";
import { collectable } from "../sync/each_file.ts";
import type { Listable, Tree } from "../tree/tree.ts";
import type { CheckChoices } from "./check_options.ts";
import { CheckReport } from "./check_report.ts";
import type { CommandContext } from "./context.ts";
import { requireNoRules } from "./filters.ts";
import { forRecursiveWork } from "./recursive.ts";
import { readSumList } from "./sum_check.ts";
import { requireHash, sumOf } from "./sums.ts";

export interface SumListCheckOptions extends CheckChoices {
  readonly hash: HashName;
  readonly filter: Filter;
}

/** Resolves with the exit status; throws `PartialError` when something could not be read. */
export async function checkSumList(
  context: CommandContext,
  { list, place }: { readonly list: string; readonly place: string },
  options: SumListCheckOptions,
): Promise<number> {
  const { signal, settings: { checkers }, printer } = context;
  const { filter, oneWay } = options;
  const target = await context.source(place);
  requireNoRules(target, filter);
  requireHash(target.tree, options);
  const sums = await readSumList(context, list);
  const sides = { source: `"${context.labelOf(list)}"`, target: `"${context.labelOf(place)}"` };
  await using report = await CheckReport.open(context, sides, options);
  const check: CheckOptions = {
    checkers,
    signal,
    oneWay,
    folding: target.tree.features,
    compare: async (listed, file) => {
      const sum = await sumOf(context, { tree: target.tree, file }, options);
      return sum === sums.get(listed.path)?.toLowerCase() ? undefined : "another sum";
    },
    tell: async (finding) => {
      const known = await withoutLeftOut(finding, { tree: target.tree, filter, signal });
      if (known !== undefined) await report.tell(known);
    },
    onSpecial: ({ path, reason, isExpected }) => {
      if (!isExpected) printer.warning(`Left out "${path}": ${reason}`);
    },
  };
  const wanted = [...sums.keys()].filter((path) => filter.explain(path, "file").isIncluded);
  const { file, tree } = target;
  if (file === undefined) {
    const whole = forRecursiveWork(context, tree, { filter });
    await checkTrees(treeOfPaths(wanted.filter(isPlainPath)), filterTree(whole, { filter, checkers }), check);
    for (const path of wanted) {
      if (!isPlainPath(path)) await check.tell({ kind: "missing-at-target", path });
    }
  } else {
    // Of a place that is one file only its own line is looked at.
    const line = wanted.find((path) => path === file.path) ??
      wanted.find((path) => nameKey(path, tree.features) === nameKey(file.path, tree.features));
    const one: Listable = { list: () => Promise.resolve([file]) };
    await checkTrees(treeOfPaths(line === undefined ? [] : [line]), one, check);
  }
  return await report.finish();
}

/** Bounds of size and the like leave out files that the list cannot judge: these are there, and not looked at. */
async function withoutLeftOut(
  finding: Finding,
  { tree, filter, signal }: {
    readonly tree: Tree;
    readonly filter: Filter;
    readonly signal: AbortSignal;
  },
): Promise<Finding | undefined> {
  const { kind, path } = finding;
  if (kind !== "missing-at-target" || !filter.hasConditions || !isPlainPath(path)) return finding;
  try {
    return (await tree.stat(path, { signal }))?.kind === "file" ? undefined : finding;
  } catch (error) {
    return { kind: "failed", path, error: collectable(error, signal) };
  }
}
