import { defineCommand } from "../lib/cli/command.ts";
import { HASH_OPTIONS, listHashes } from "../lib/cli/hash_listing.ts";
import { OPTIONAL_PLACE_ARGUMENT, parseHashName } from "../lib/cli/listing_options.ts";
import { HASH_NAMES } from "../lib/hash/kinds.ts";

export const command = defineCommand({
  spec: {
    name: "hashsum",
    summary: "Write hash sums of files",
    description:
      "One line for each file below PLACE; of standard input without one, or with a dash. Without any argument the known hashes are listed. A remote tells only MD5: use --download for others. With --checkfile the files are compared with a list, as md5sum does.",
    arguments: [
      { name: "HASH", kind: "text", help: `One of ${HASH_NAMES.join(", ")}`, isOptional: true },
      OPTIONAL_PLACE_ARGUMENT,
    ],
    options: HASH_OPTIONS,
    examples: [
      { line: "jottash hashsum MD5 jotta:photos", does: "All MD5 sums below the folder." },
      { line: "jottash hashsum sha256 --output-file sums .", does: "A list of SHA-256 sums." },
    ],
    changes: false,
  },
  run: async (context, { args: [hash, place], options }) => {
    if (hash !== undefined) return await listHashes(context, { place, hash: parseHashName(hash) }, options);
    await context.printer.line("Supported hashes are:");
    for (const name of HASH_NAMES) await context.printer.line(`  * ${name}`);
  },
});
