/** What `md5sum`, `sha1sum` and `hashsum` do: sums of all files of a place, of standard input, or against a list. */
import { UsageError } from "../errors.ts";
import { createHasher, type HashName, hexToBase64 } from "../hash/kinds.ts";
import { type OptionValues, text, toggle } from "../options.ts";
import { FILTER_OPTIONS } from "./filter_options.ts";
import { openFilter } from "./filters.ts";
import { ListingFailures, visitEntries } from "./listing.ts";
import type { CommandContext } from "./context.ts";
import { openLineOutput } from "./line_output.ts";
import { depthOf, MAX_DEPTH, OUTPUT_FILE } from "./listing_options.ts";
import { checkSums } from "./sum_check.ts";
import { requireHash, sumOf } from "./sums.ts";

export const HASH_OPTIONS = {
  base64: toggle({ flag: "base64", help: "Write sums in base64 instead of hex" }),
  checkfile: text({
    flag: "checkfile",
    short: "C",
    valueName: "FILE",
    help: "Compare with the sums of this file instead of writing them",
  }),
  download: toggle({ flag: "download", help: "Read the content of remote files and hash it here" }),
  outputFile: OUTPUT_FILE,
  maxDepth: MAX_DEPTH,
  ...FILTER_OPTIONS,
} as const;

export type HashOptions = OptionValues<typeof HASH_OPTIONS>;

const STDIN = "-";

/** Writes the sums of `place`; those of standard input without one. Resolves with the exit status. */
export async function listHashes(
  context: CommandContext,
  { place, hash }: { readonly place: string | undefined; readonly hash: HashName },
  options: HashOptions,
): Promise<number | void> {
  // What comes from standard input alone has no path that rules could judge.
  const isStream = (place === undefined || place === STDIN) && options.explainFilter === undefined;
  if (isStream) return await hashStdin(context, hash, options);
  const filter = await openFilter(context, options);
  if (filter === undefined || place === undefined) return;
  if (options.checkfile !== undefined) {
    return await checkSums(context, { place, list: options.checkfile }, { hash, ...options, filter });
  }
  const source = await context.source(place);
  requireHash(source.tree, { hash, ...options });
  await using output = await openLineOutput(context, options.outputFile);
  const failures = new ListingFailures(context);
  await visitEntries(context, source, {
    failures,
    filter,
    maxDepth: depthOf(options.maxDepth, { isRecursive: true }),
    visit: async (file) => {
      if (file.kind !== "file") return;
      const sum = await sumOf(context, { tree: source.tree, file }, { hash, ...options }).catch((error) => {
        context.signal.throwIfAborted();
        failures.add(file.path, error);
      });
      if (sum !== undefined) await output.line(`${showSum(sum, options)}  ${file.path}`);
    },
  });
  await output.finish();
  failures.throwIfAny(source);
}

function showSum(sum: string, { base64 }: Pick<HashOptions, "base64">): string {
  return base64 ? hexToBase64(sum) : sum;
}

async function hashStdin(context: CommandContext, hash: HashName, options: HashOptions): Promise<void> {
  if (options.checkfile !== undefined) {
    throw new UsageError("Cannot compare standard input with a list of sums: name the place of the files");
  }
  const hasher = createHasher(hash);
  for await (const chunk of context.terminal.readStdin()) {
    context.signal.throwIfAborted();
    hasher.update(chunk);
  }
  await using output = await openLineOutput(context, options.outputFile);
  await output.line(`${showSum(hasher.digestHex(), options)}  ${STDIN}`);
  await output.finish();
}
