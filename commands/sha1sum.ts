import { defineCommand } from "../lib/cli/command.ts";
import { HASH_OPTIONS, listHashes } from "../lib/cli/hash_listing.ts";
import { OPTIONAL_PLACE_ARGUMENT } from "../lib/cli/listing_options.ts";

export const command = defineCommand({
  spec: {
    name: "sha1sum",
    summary: "Write the SHA-1 of files, as sha1sum does",
    description:
      "One line for each file below PLACE; of standard input without one, or with a dash. A remote tells only MD5: use --download for files there. With --checkfile the files are compared with a list, as md5sum does.",
    arguments: [OPTIONAL_PLACE_ARGUMENT],
    options: HASH_OPTIONS,
    examples: [
      { line: "jottash sha1sum .", does: "All SHA-1 sums of the current directory." },
      { line: "jottash sha1sum --download jotta:notes.txt", does: "Of a file of a remote." },
    ],
    changes: false,
  },
  run: async (context, { args: [place], options }) => {
    return await listHashes(context, { place, hash: "sha1" }, options);
  },
});
