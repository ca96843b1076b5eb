/** The options of rclone's filter language, for all commands that deal with many files. */
import { FILTER_FLAGS, type FilterFlag } from "../filter/words.ts";
import { type OptionDefinition, type OptionValues, text, toggle } from "../options.ts";

export const FILTER_GROUP = 'Filters (see "jottash help filters"):';

/** Stands between the values of a flag that is given several times: no word of a command line can hold it. */
const SEPARATOR = "\0";

/** All but the depth, for which listings have an option that knows their own default. */
export type FilterWordFlag = Exclude<FilterFlag, "max-depth">;

const HELP: Readonly<Record<FilterWordFlag, readonly [valueName: string, help: string]>> = {
  "include": ["PATTERN", "Only files that match; may be given several times"],
  "include-from": ["FILE", "Patterns of --include from a file, - for standard input"],
  "exclude": ["PATTERN", "No files that match; may be given several times"],
  "exclude-from": ["FILE", "Patterns of --exclude from a file"],
  "filter": ["RULE", 'A rule "+ PATTERN" or "- PATTERN"; the first that matches decides'],
  "filter-from": ["FILE", "Rules of --filter from a file"],
  "files-from": ["FILE", "Only the files whose paths the file lists"],
  "files-from-raw": ["FILE", "The same, with spaces and comments as parts of paths"],
  "files-from0": ["FILE", "The same, with a NUL after each path"],
  "exclude-if-present": ["NAME", "No folders that hold a file of this name"],
  "min-size": ["SIZE", "Only files of at least this size: 100k (KiB without a suffix)"],
  "max-size": ["SIZE", "Only files of at most this size"],
  "min-age": ["AGE", "Only files at least so old: 30d, or a date"],
  "max-age": ["AGE", "Only files at most so old"],
  "hash-filter": ["K/N", "Only part K of N; @/N for any part"],
  "metadata-include": ["RULE", "Only files with metadata that match, as in mtime=2024*"],
  "metadata-include-from": ["FILE", "Patterns of --metadata-include from a file"],
  "metadata-exclude": ["RULE", "No files with metadata that match"],
  "metadata-exclude-from": ["FILE", "Patterns of --metadata-exclude from a file"],
  "metadata-filter": ["RULE", "A rule for metadata, + or - before it"],
  "metadata-filter-from": ["FILE", "Rules of --metadata-filter from a file"],
};

/** For those who know what they look for. */
const RARE = /^(?:metadata-|hash-filter|files-from(?:-raw|0)$)/;

function wordOption(flag: FilterWordFlag): OptionDefinition<readonly string[]> {
  const [valueName, help] = HELP[flag];
  const basics = { flag, group: FILTER_GROUP, isRare: RARE.test(flag), valueName, help, default: [] };
  if (!FILTER_FLAGS[flag].repeats) return { ...basics, parse: (value) => [value] };
  return { ...basics, joinedBy: SEPARATOR, parse: (value) => value.split(SEPARATOR) };
}

export const FILTER_WORD_FLAGS = Object.keys(HELP) as readonly FilterWordFlag[];

/** Keys are flags with their dashes: what the words make together is a command's `filter`, and `--filter` one of them. */
const WORD_OPTIONS = Object.fromEntries(
  FILTER_WORD_FLAGS.map((flag) => [`--${flag}`, wordOption(flag)]),
) as Readonly<Record<`--${FilterWordFlag}`, OptionDefinition<readonly string[]>>>;

export const FILTER_OPTIONS = {
  ...WORD_OPTIONS,
  ignoreCase: {
    ...toggle({ flag: "ignore-case", help: "Patterns match capitals and small letters alike" }),
    group: FILTER_GROUP,
  },
  explainFilter: {
    ...text({
      flag: "explain-filter",
      valueName: "PATH",
      help: "Only say which rule decides about this path (a folder ends with /)",
    }),
    group: FILTER_GROUP,
  },
} as const;

export type FilterOptionValues = OptionValues<typeof FILTER_OPTIONS>;
