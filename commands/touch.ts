import { isBrokenLink } from "../lib/cli/broken_link.ts";
import { changeOptions, requireNoErrors, watchChanges } from "../lib/cli/changes.ts";
import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext } from "../lib/cli/context.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter, requireNoRules } from "../lib/cli/filters.ts";
import { MAX_DEPTH_OF_ONE } from "../lib/cli/listing_options.ts";
import { forRecursiveWork } from "../lib/cli/recursive.ts";
import { openTarget } from "../lib/cli/target.ts";
import { parseTouchTime } from "../lib/cli/touch_time.ts";
import { ConflictError } from "../lib/errors.ts";
import { filterTree } from "../lib/listing/filtered_tree.ts";
import { text, toggle } from "../lib/options.ts";
import { forEachFile } from "../lib/sync/each_file.ts";
import { createEmptyFile, touchFile } from "../lib/transfer/touch_file.ts";
import type { FileEntry } from "../lib/tree/tree.ts";

export const command = defineCommand({
  spec: {
    name: "touch",
    summary: "Set the time of files, or make an empty file",
    description:
      "A file that is not there is made, empty. Of a folder, the files directly in it are touched; with --recursive all below. On a remote no content is sent: the service keeps the file and takes the time, in whole seconds.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {
      noCreate: toggle({
        flag: "no-create",
        short: "C",
        help: "Make no file (--recursive makes none either)",
      }),
      timestamp: text({
        flag: "timestamp",
        short: "t",
        valueName: "TIME",
        help: "This time instead of now: 2006-01-02T15:04:05 or 060102 (YYMMDD), in UTC",
      }),
      localtime: toggle({ flag: "localtime", help: "TIME is in the zone of this machine" }),
      recursive: toggle({ flag: "recursive", short: "R", help: "Touch all files below a folder" }),
      maxDepth: MAX_DEPTH_OF_ONE,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash touch jotta:notes/done", does: "Set its time to now, or make it." },
      { line: "jottash touch -t 2024-05-01T12:00:00 -R jotta:photos", does: "All files below photos." },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""], options }) => {
    const { signal, settings } = context;
    const { timestamp, localtime, recursive, noCreate } = options;
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const modifiedAtMs = timestamp === undefined
      ? context.clock.now()
      : parseTouchTime(timestamp, { isLocal: localtime });
    const { tree, name } = await context.parentOf(place);
    const entry = await tree.stat(name, { signal });
    if (entry === undefined) {
      if (noCreate || recursive) {
        const option = noCreate ? "--no-create" : "--recursive";
        const reason = `it is not there, and ${option} makes none`;
        return await context.report({ action: "left-alone", path: context.labelOf(place), reason });
      }
      return await create(context, place, modifiedAtMs);
    }
    const touch = async (inTree: typeof tree, file: FileEntry) => {
      if (!settings.dryRun) await touchFile(inTree, file, { modifiedAtMs, signal });
      await context.report({ action: "times-only", path: file.path, size: file.size });
    };
    if (entry.kind === "file") {
      requireNoRules({ tree, file: entry }, filter);
      return await touch(tree, entry);
    }
    const folder = await context.tree(place);
    await using _view = watchChanges(context);
    const depth = recursive || options.maxDepth > 0 ? {} : { maxDepth: 1 };
    const engine = { ...changeOptions(context), ...depth };
    const whole = forRecursiveWork(context, folder, { ...depth, filter });
    const errors = await forEachFile(
      filterTree(whole, { filter, checkers: engine.checkers }),
      engine,
      (file) => touch(folder, file),
    );
    requireNoErrors(`touch all files in "${context.labelOf(place)}"`, errors);
  },
});

async function create(context: CommandContext, place: string, modifiedAtMs: number): Promise<void> {
  const { signal, settings } = context;
  // Finds out what is in the way above it.
  await openTarget(context, place, { purpose: "make the file", hint: "Choose another name" });
  const label = context.labelOf(place);
  const { tree, name } = await context.parentOf(place);
  if (await isBrokenLink(tree, name)) {
    throw new ConflictError(`Cannot make the file "${label}": a link that leads nowhere has the name`, {
      hint: `Delete the link with: ${context.commandAt("deletefile", place)}`,
    });
  }
  if (!settings.dryRun) await createEmptyFile(tree, name, { modifiedAtMs, signal });
  await context.report({ action: "file-made", path: label });
}
