import { CHECK_OPTIONS, SIGNS_HELP } from "../lib/cli/check_options.ts";
import { defineCommand } from "../lib/cli/command.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { parseHashName } from "../lib/cli/listing_options.ts";
import { checkSumList } from "../lib/cli/sum_list_check.ts";
import { checkPlaces } from "../lib/cli/tree_check.ts";
import { UsageError } from "../lib/errors.ts";
import type { HashName } from "../lib/hash/kinds.ts";
import { type OptionDefinition, toggle } from "../lib/options.ts";

export const command = defineCommand({
  spec: {
    name: "check",
    summary: "Compare the files of two places, and change nothing",
    description: [
      "Compares the files of SOURCE and DEST by size and MD5, which a remote tells without a download. With --checkfile SOURCE is a list of hash sums. The status is 0 where all files are the same, 11 where some differ or are missing, 6 where some could not be read.",
      SIGNS_HELP,
    ].join("\n\n"),
    arguments: [
      { name: "SOURCE", kind: "location", help: "remote:path, or a path of this machine" },
      { name: "DEST", kind: "location", help: "What it is compared with; a folder" },
    ],
    options: {
      sizeOnly: toggle({ flag: "size-only", help: "Compare only sizes" }),
      checkfile: {
        flag: "checkfile",
        short: "C",
        valueName: "HASH",
        default: undefined,
        help: "SOURCE is a list of sums of this kind",
        parse: (value: string) => value === "" ? undefined : parseHashName(value),
      } as OptionDefinition<HashName | undefined>,
      ...CHECK_OPTIONS,
    },
    examples: [
      { line: "jottash check ~/Pictures jotta:Pictures", does: "Is every file in both, and the same?" },
      {
        line: "jottash check --one-way --missing-on-dst todo ~/Pictures jotta:Pictures",
        does: "Write a list of what is not in the cloud yet.",
      },
      { line: "jottash check -C MD5 sums.md5 jotta:Pictures", does: "Compare with a list of sums." },
    ],
    changes: false,
  },
  run: async (context, { args: [from = "", to = ""], options }) => {
    const { checkfile: hash, download, sizeOnly } = options;
    if (sizeOnly && (download || hash !== undefined)) {
      const other = download ? "--download" : "--checkfile";
      throw new UsageError(`Cannot use --size-only with ${other}: sizes alone need no hash`);
    }
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    if (hash === undefined) return await checkPlaces(context, { from, to }, { ...options, filter });
    return await checkSumList(context, { list: from, place: to }, { ...options, hash, filter });
  },
});
