/** Compares the files of a place with a list of hash sums, as `md5sum -C` of rclone: one line for each path. */
import { UsageError } from "../errors.ts";
import { EXIT_DIFFERENCES, EXIT_OK } from "../exit_codes.ts";
import type { Filter } from "../filter/filter.ts";
import { type HashName, hexToBase64 } from "../hash/kinds.ts";
import { parseSumLine } from "../listing/sum_file.ts";
import { isPlainPath } from "../listing/sum_tree.ts";
import { formatQuantity } from "../units.ts";
import type { CommandContext } from "./context.ts";
import { ListingFailures, visitEntries } from "./listing.ts";
import { openLineOutput } from "./line_output.ts";
import { depthOf } from "./listing_options.ts";
import { requireHash, sumOf } from "./sums.ts";

export interface SumCheckOptions {
  readonly hash: HashName;
  /** The list is in base64. */
  readonly base64: boolean;
  readonly download: boolean;
  readonly outputFile: string | undefined;
  readonly maxDepth: number;
  readonly filter: Filter;
}

/** A longer line is none of a list of sums. */
const MAX_LINE_LENGTH = 65_536;

/** What stands before a path; counted by it. */
type Verdict = "=" | "*" | "+" | "-" | "!";
const DIFFERENCES: readonly Verdict[] = ["*", "+", "-"];

/**
 * `=` the sums are the same, `*` they differ, `+` only the list has the path, `-` only the place, `!` it could not be
 * read. Resolves with the exit status; throws `PartialError` when something could not be read.
 */
export async function checkSums(
  context: CommandContext,
  { place, list }: { readonly place: string; readonly list: string },
  options: SumCheckOptions,
): Promise<number> {
  const source = await context.source(place);
  requireHash(source.tree, options);
  const expected = await readSumList(context, list);
  await using output = await openLineOutput(context, options.outputFile);
  const failures = new ListingFailures(context);
  const counts = new Map<Verdict, number>();
  const tell = async (verdict: Verdict, path: string) => {
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    await output.line(`${verdict} ${path}`);
  };
  await visitEntries(context, source, {
    failures,
    filter: options.filter,
    maxDepth: depthOf(options.maxDepth, { isRecursive: true }),
    visit: async (file) => {
      if (file.kind !== "file") return;
      const wanted = expected.get(file.path);
      expected.delete(file.path);
      if (wanted === undefined) return await tell("-", file.path);
      const sum = await sumOf(context, { tree: source.tree, file }, options).catch((error) => {
        context.signal.throwIfAborted();
        failures.add(file.path, error);
      });
      await tell(sum === undefined ? "!" : isSame(sum, wanted, options) ? "=" : "*", file.path);
    },
  });
  /** Bounds of size and the like leave out files that the list cannot judge: these are there, and not looked at. */
  const isLeftOut = async (path: string): Promise<boolean> => {
    if (!options.filter.hasConditions || !isPlainPath(path)) return false;
    return (await source.tree.stat(path, { signal: context.signal }))?.kind === "file";
  };
  // Of a place that is one file only its own line is looked at.
  if (source.file !== undefined) expected.clear();
  for (const path of expected.keys()) {
    if (!options.filter.explain(path, "file").isIncluded) continue;
    if (failures.covers(path)) await tell("!", path);
    else if (!await isLeftOut(path)) await tell("+", path);
  }
  await output.finish();
  const different = DIFFERENCES.reduce((sum, each) => sum + (counts.get(each) ?? 0), 0);
  context.printer.notice(
    `${formatQuantity(counts.get("=") ?? 0, "file")} as in the list, ${
      formatQuantity(different, "difference")
    }`,
  );
  failures.throwIfAny(source);
  return different > 0 ? EXIT_DIFFERENCES : EXIT_OK;
}

function isSame(sum: string, wanted: string, { base64 }: SumCheckOptions): boolean {
  return base64 ? hexToBase64(sum) === wanted : sum === wanted.toLowerCase();
}

/** All sums by path; held in memory as a whole, since a list has no order. */
export async function readSumList(context: CommandContext, place: string): Promise<Map<string, string>> {
  const { tree, file } = await context.source(place);
  const label = context.labelOf(place);
  if (file === undefined) {
    throw new UsageError(`Cannot use "${label}" as a list of sums: it is a ${context.nounAt(place)}`);
  }
  const sums = new Map<string, string>();
  let number = 0;
  for await (const line of linesOf(await tree.open(file, { signal: context.signal }), label)) {
    number++;
    const parsed = parseSumLine(line);
    if (parsed === "malformed") {
      context.printer.warning(`Line ${number} of "${label}" is no hash sum with a path`);
    } else if (parsed !== undefined) sums.set(parsed.path, parsed.sum);
  }
  return sums;
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  label: string,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_LENGTH) {
      throw new UsageError(
        `Cannot use "${label}" as a list of sums: it has a line of more than ${MAX_LINE_LENGTH} characters`,
      );
    }
    yield* lines;
  }
  if (rest !== "") yield rest;
}
