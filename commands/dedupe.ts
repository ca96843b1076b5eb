import { changeOptions, requireNoErrors, watchChanges } from "../lib/cli/changes.ts";
import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext } from "../lib/cli/context.ts";
import { chooseKept, type DedupeMode, requireMode, showGroup } from "../lib/cli/dedupe_modes.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter, requireNoRules } from "../lib/cli/filters.ts";
import { MAX_DEPTH } from "../lib/cli/listing_options.ts";
import { forRecursiveWork } from "../lib/cli/recursive.ts";
import { ConflictError, type JottashError, UsageError } from "../lib/errors.ts";
import { filterTree } from "../lib/listing/filtered_tree.ts";
import { text, toggle } from "../lib/options.ts";
import { removeOthers } from "../lib/sync/dedupe.ts";
import { type DuplicateGroup, findDuplicates } from "../lib/sync/duplicates.ts";
import { inParallel } from "../lib/sync/each_item.ts";
import type { TargetTree } from "../lib/transfer/copy_file.ts";
import { formatQuantity, formatSizeCompact } from "../lib/units.ts";

export const command = defineCommand({
  spec: {
    name: "dedupe",
    summary: "Find files with the same content, and keep one of each",
    description:
      "Finds files below PLACE that have the same MD5 and size, and keeps one of each. MODE says which: interactive asks (that is what is done without a mode), first, newest or oldest choose; largest and smallest are rclone's last and first; skip and list keep all, list writes them to standard output.\n\n" +
      "What goes is in the trash of the account afterwards; with --hard-delete it is gone, as on this machine. Right before each removal both files are looked at again: one that has changed is not touched. Empty files have the same content, too; --min-size 1b leaves them alone.\n\n" +
      "There are never two files of the same name: without --by-hash there is nothing to look for. rclone's mode rename would name all copies after their MD5, in one folder; it is not there.",
    arguments: [
      { name: "MODE", kind: "text", isOptional: true, help: "Which one is kept: see above" },
      { name: "PLACE", kind: "location", isOptional: true, help: "remote:path, or a path of this machine" },
    ],
    options: {
      byHash: toggle({ flag: "by-hash", help: "Look for the same content; it has to be given" }),
      dedupeMode: text({ flag: "dedupe-mode", valueName: "MODE", help: "The same as MODE" }),
      maxDepth: MAX_DEPTH,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash dedupe --by-hash list jotta:photos", does: "Only show what there is more than once." },
      { line: "jottash dedupe --by-hash -n oldest jotta:photos", does: "Only say what would go." },
      {
        line: "jottash dedupe --by-hash oldest jotta:photos",
        does: "Keep the oldest of each, trash the rest.",
      },
    ],
    changes: true,
  },
  run: async (context, { args, options }) => {
    const place = args.at(-1);
    if (place === undefined) {
      throw new UsageError('Cannot run "dedupe": the argument PLACE is missing', {
        hint: 'See "jottash help dedupe"',
      });
    }
    if (!options.byHash) {
      throw new UsageError("Cannot look for files of the same name: no folder can hold two of them", {
        hint: "--by-hash finds files of the same content",
      });
    }
    if (context.settings.copyLinks) {
      throw new UsageError("Cannot use --copy-links with dedupe: a file and a link to it are not two files");
    }
    const isJson = "json" in options && options.json === true;
    const mode = requireMode(context, args.length > 1 ? args[0] : options.dedupeMode, { isJson });
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const source = await context.source(place);
    requireNoRules(source, filter);
    const { tree, file } = source;
    const label = context.labelOf(place);
    if (file !== undefined) throw new ConflictError(`Cannot look for duplicates in "${label}": it is a file`);
    const forGood = await context.deletesForGood(place);
    const engine = { ...changeOptions(context), nanoseconds: true };
    const listed = filterTree(forRecursiveWork(context, tree, { filter }), { ...engine, filter });
    const { groups, errors } = await findDuplicates({ listed, tree }, engine);
    const more = await dealWith(context, { mode, tree, groups, forGood });
    requireNoErrors(`dedupe all of "${label}"`, [...errors, ...more]);
  },
});

interface Job {
  readonly mode: DedupeMode;
  readonly tree: TargetTree;
  readonly groups: readonly DuplicateGroup[];
  readonly forGood: boolean;
}

async function dealWith(
  context: CommandContext,
  { mode, tree, groups, forGood }: Job,
): Promise<readonly JottashError[]> {
  const { settings: { checkers, dryRun }, signal } = context;
  const errors: JottashError[] = [];
  const gone = { files: 0, bytes: 0 };
  let hasEnough = false;
  const work = async (group: DuplicateGroup) => {
    const kept = hasEnough ? "all" : await chooseKept(context, mode, group);
    hasEnough ||= kept === "stop";
    if (kept === "all" || kept === "stop") return;
    const failures = await removeOthers(tree, { group, kept }, {
      signal,
      dryRun,
      onRemoved: async ({ path, size }) => {
        gone.files++;
        gone.bytes += size;
        await context.report({ action: "deleted", path, size, forGood });
      },
      onSame: ({ path }) =>
        context.report({ action: "left-alone", path, reason: `it is the same file as "${kept.path}"` }),
      onError: changeOptions(context).onError,
    });
    errors.push(...failures);
  };
  if (mode === "list") { for (const group of groups) await showGroup(context, group); }
  else if (mode === "interactive") await inParallel(groups, 1, work);
  else {
    await using _view = watchChanges(context);
    await inParallel(groups, checkers, work);
  }
  tellSum(context, { found: groups.length, gone });
  return errors;
}

function tellSum(
  { printer, settings }: CommandContext,
  { found, gone }: {
    readonly found: number;
    readonly gone: { readonly files: number; readonly bytes: number };
  },
): void {
  if (found === 0) return printer.notice("Nothing to do: there are no duplicates");
  const files = formatQuantity(found, "file");
  if (gone.files === 0) {
    return printer.notice(`${files} ${found === 1 ? "has" : "have"} copies; all are kept`);
  }
  const copies = formatQuantity(gone.files, "extra copy", "extra copies");
  const verb = settings.dryRun ? "Would delete" : "Deleted";
  printer.notice(`${verb} ${copies} (${formatSizeCompact(gone.bytes)}) of ${files}`);
}
