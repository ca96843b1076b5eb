import { CHECK_OPTIONS, SIGNS_HELP } from "../lib/cli/check_options.ts";
import { defineCommand } from "../lib/cli/command.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { parseHashName } from "../lib/cli/listing_options.ts";
import { checkSumList } from "../lib/cli/sum_list_check.ts";
import { HASH_NAMES } from "../lib/hash/kinds.ts";

export const command = defineCommand({
  spec: {
    name: "checksum",
    summary: "Compare the files of a place with a list of hash sums",
    description: [
      'The same as "jottash check --checkfile HASH SUMFILE DEST". A remote tells only MD5: use --download for other hashes. The status is 0 where all files are as in the list, 11 where some differ or are missing, 6 where some could not be read.',
      SIGNS_HELP,
    ].join("\n\n"),
    arguments: [
      { name: "HASH", kind: "text", help: `One of ${HASH_NAMES.join(", ")}` },
      { name: "SUMFILE", kind: "location", help: "List of sums, as md5sum writes it" },
      { name: "DEST", kind: "location", help: "remote:path, or a path of this machine" },
    ],
    options: CHECK_OPTIONS,
    examples: [
      { line: "jottash checksum MD5 sums.md5 jotta:Pictures", does: "Is each file as the list has it?" },
      {
        line: "jottash checksum sha256 --download --combined - sums jotta:Pictures",
        does: "Read all files, and show each with its sign.",
      },
    ],
    changes: false,
  },
  run: async (context, { args: [name = "", list = "", place = ""], options }) => {
    const hash = parseHashName(name);
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    return await checkSumList(context, { list, place }, { ...options, hash, filter });
  },
});
