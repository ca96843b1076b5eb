import { createRange, RANGE_OPTIONS, type RangeOf } from "../lib/cli/cat_range.ts";
import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext } from "../lib/cli/context.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter, requireNoRules } from "../lib/cli/filters.ts";
import { MAX_DEPTH } from "../lib/cli/listing_options.ts";
import { forRecursiveWork } from "../lib/cli/recursive.ts";
import { IntegrityError, type JottashError, PartialError } from "../lib/errors.ts";
import { filterTree } from "../lib/listing/filtered_tree.ts";
import { toggle } from "../lib/options.ts";
import { readRange } from "../lib/transfer/read_range.ts";
import { readVerified } from "../lib/transfer/read_verified.ts";
import type { FileEntry, Tree } from "../lib/tree/tree.ts";
import { walkTree } from "../lib/tree/walk.ts";

export const command = defineCommand({
  spec: {
    name: "cat",
    summary: "Write the content of files to standard output",
    description:
      "The bytes of one file, or of all files below a folder, one after the other. The MD5 is checked on the way; where it differs the command ends with status 14, after the bytes are out. Of each file only a part can be written; a part has no MD5 that could be checked.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {
      ...RANGE_OPTIONS,
      discard: toggle({ flag: "discard", help: "Read everything, write nothing" }),
      maxDepth: MAX_DEPTH,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash cat jotta:notes.txt", does: "Show a file." },
      { line: "jottash cat jotta:logs/2024.gz | gunzip | less", does: "Page through a compressed file." },
      { line: "jottash cat --tail 1000 --include *.log jotta:logs", does: "The end of each log." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    const rangeOf = createRange(options);
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const source = await context.source(place);
    requireNoRules(source, filter);
    const { tree, file } = source;
    const show = { rangeOf, isDiscarded: options.discard };
    if (file !== undefined) return await writeOut(context, { tree, file }, show);
    const errors: JottashError[] = [];
    const { signal, settings: { checkers } } = context;
    const whole = forRecursiveWork(context, tree, { filter });
    for await (const entry of walkTree(filterTree(whole, { filter, checkers }), { checkers, signal })) {
      if (entry.kind === "file") await writeOut(context, { tree, file: entry }, show);
      else if (entry.kind === "unreadable") {
        errors.push(entry.error);
        context.printer.error(entry.error);
      }
    }
    if (errors.length > 0) throw new PartialError(`Cannot read all of "${context.labelOf(place)}"`, errors);
  },
});

interface ShowOptions {
  readonly rangeOf: RangeOf;
  readonly isDiscarded: boolean;
}

async function writeOut(
  context: CommandContext,
  { tree, file }: { readonly tree: Tree; readonly file: FileEntry },
  { rangeOf, isDiscarded }: ShowOptions,
): Promise<void> {
  const transfer = context.transferContext((event) => {
    if (event.type === "retried") context.log.info("trying again", { error: event.error.message });
  });
  const write = (chunk: Uint8Array) => isDiscarded ? Promise.resolve() : context.printer.bytes(chunk);
  const range = rangeOf(file.size);
  const job = { source: tree, file };
  const isSound = range === undefined
    ? await readVerified(job, transfer, write)
    : await readRange({ ...job, ...range }, transfer, write).then(() => true);
  await context.printer.flush();
  if (!isSound) {
    throw new IntegrityError(
      `Cannot trust the bytes of "${file.path}": they are not those that the service announced`,
    );
  }
}
