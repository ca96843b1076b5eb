import { defineCommand } from "../lib/cli/command.ts";
import { HASH_OPTIONS, listHashes } from "../lib/cli/hash_listing.ts";
import { OPTIONAL_PLACE_ARGUMENT } from "../lib/cli/listing_options.ts";

export const command = defineCommand({
  spec: {
    name: "md5sum",
    summary: "Write the MD5 of files, as md5sum does",
    description:
      "One line for each file below PLACE; of standard input without one, or with a dash. A remote tells the MD5 without a download. With --checkfile the files are compared with a list: = same, * different, + only in the list, - only in PLACE, ! cannot be read; the status is 11 where something differs.",
    arguments: [OPTIONAL_PLACE_ARGUMENT],
    options: HASH_OPTIONS,
    examples: [
      { line: "jottash md5sum jotta:photos", does: "All MD5 sums below the folder." },
      { line: "jottash md5sum --checkfile sums.md5 jotta:photos", does: "Compare with a list." },
    ],
    changes: false,
  },
  run: async (context, { args: [place], options }) => {
    return await listHashes(context, { place, hash: "md5" }, options);
  },
});
