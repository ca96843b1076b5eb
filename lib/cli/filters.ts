/** From the options of a command to its filter: reads the files that flags name, and explains where that is asked for. */
import { JottashError, UsageError } from "../errors.ts";
import { formatExplanation } from "../filter/explain.ts";
import { createFilter, type Filter } from "../filter/filter.ts";
import { FILTER_FLAGS, type FilterWord } from "../filter/words.ts";
import type { CommandContext, Source } from "./context.ts";
import { FILTER_WORD_FLAGS, type FilterOptionValues, type FilterWordFlag } from "./filter_options.ts";

/** Rules and lists are held in memory. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const STDIN = "-";
/** What an explanation of a path alone cannot know. */
const UNSEEN_FLAGS = FILTER_WORD_FLAGS.filter((flag) => /^(?:min|max|metadata|exclude-if)-/.test(flag));

export interface FilterValues extends FilterOptionValues {
  /** Levels below the root as given; 0 and less for no limit. */
  readonly maxDepth: number;
}

/**
 * The filter of the options; ages count from `nowMs`. Undefined when the user only asked for an explanation, which is
 * then on standard output: nothing else is to be done. Throws `UsageError` for rules and files that cannot be used.
 */
export async function openFilter(
  context: CommandContext,
  options: FilterValues,
  { nowMs = context.clock.now() }: { readonly nowMs?: number | undefined } = {},
): Promise<Filter | undefined> {
  const filter = createFilter(await readWords(context, options), {
    ignoreCase: options.ignoreCase,
    nowMs,
    random: () => context.random.next(),
  });
  for (const warning of filter.warnings) context.printer.warning(warning);
  if (options.explainFilter === undefined) return filter;
  await explain(context, filter, options.explainFilter);
  if (UNSEEN_FLAGS.some((flag) => options[`--${flag}`].length > 0)) {
    context.printer.notice("Size, age, metadata and marks of folders were not looked at: only the path was");
  }
  return undefined;
}

/** Throws `UsageError` where rules would meet a single file, as rclone does: it has no path that they could judge. */
export function requireNoRules({ file }: Source, filter: Filter | undefined): void {
  if (file === undefined || filter?.hasConditions !== true) return;
  throw new UsageError(`Cannot use filters for "${file.path}": it is a single file`, {
    hint: "Name the folder that holds it",
  });
}

async function explain(context: CommandContext, filter: Filter, typed: string): Promise<void> {
  const path = typed.replace(/^\/+|\/+$/g, "");
  const kind = path === "" || typed.endsWith("/") ? "directory" : "file";
  await context.printer.line(formatExplanation(filter.explain(path, kind)));
}

async function readWords(context: CommandContext, options: FilterValues): Promise<FilterWord[]> {
  const words: FilterWord[] = [];
  const readsStdin: FilterWordFlag[] = [];
  for (const flag of FILTER_WORD_FLAGS) {
    for (const value of options[`--${flag}`]) {
      if (FILTER_FLAGS[flag].reads === "text") {
        words.push({ flag, value });
        continue;
      }
      if (value === STDIN && readsStdin.push(flag) > 1) {
        throw new UsageError(`Cannot read standard input for --${flag}: --${readsStdin[0]} reads it already`);
      }
      words.push({ flag, value, content: await readContent(context, { flag, value }) });
    }
  }
  if (options.maxDepth > 0) words.push({ flag: "max-depth", value: String(options.maxDepth) });
  return words;
}

async function readContent(
  context: CommandContext,
  { flag, value }: { readonly flag: FilterWordFlag; readonly value: string },
): Promise<string> {
  try {
    return value === STDIN ? await readStdin(context) : await context.readSmallFile(value, MAX_FILE_BYTES);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof JottashError)) throw error;
    throw new UsageError(`${error.message} (from --${flag})`, { hint: error.hint, cause: error });
  }
}

async function readStdin({ terminal, signal }: CommandContext): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let size = 0;
  for await (const chunk of terminal.readStdin()) {
    signal.throwIfAborted();
    size += chunk.length;
    if (size > MAX_FILE_BYTES) {
      throw new UsageError(`Cannot use standard input: it is longer than ${MAX_FILE_BYTES} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
