/** The flags that make a filter, and where on the command line a part of it came from. */

interface FlagShape {
  /** `text`: the value itself; `file`: the value names a file, whose content is what counts. */
  readonly reads: "text" | "file";
  /** Each one counts; otherwise the last one. */
  readonly repeats: boolean;
}

const TEXTS: FlagShape = { reads: "text", repeats: true };
const FILES: FlagShape = { reads: "file", repeats: true };
const TEXT: FlagShape = { reads: "text", repeats: false };

/** All flags with a value, by their names on the command line without the dashes. */
export const FILTER_FLAGS = {
  "include": TEXTS,
  "include-from": FILES,
  "exclude": TEXTS,
  "exclude-from": FILES,
  "filter": TEXTS,
  "filter-from": FILES,
  "files-from": FILES,
  "files-from-raw": FILES,
  "files-from0": FILES,
  "metadata-include": TEXTS,
  "metadata-include-from": FILES,
  "metadata-exclude": TEXTS,
  "metadata-exclude-from": FILES,
  "metadata-filter": TEXTS,
  "metadata-filter-from": FILES,
  "exclude-if-present": TEXTS,
  "min-size": TEXT,
  "max-size": TEXT,
  "min-age": TEXT,
  "max-age": TEXT,
  "max-depth": TEXT,
  "hash-filter": TEXT,
} as const satisfies Readonly<Record<string, FlagShape>>;

export type FilterFlag = keyof typeof FILTER_FLAGS;

/** One flag that the user gave. */
export interface FilterWord {
  readonly flag: FilterFlag;
  /** As typed: a rule, a size, the name of a file (`-` for standard input). */
  readonly value: string;
  /** What is in the file, for the flags that read one. */
  readonly content?: string;
}

/** Where a rule, or a name in a list of files, stands. */
export interface Origin {
  readonly flag: FilterFlag;
  /** Name of the file as typed, and the line in it, for what came from a file. */
  readonly file?: string;
  readonly line?: number;
}

/** `--exclude`, `--filter-from "rules.txt", line 3`. */
export function formatOrigin({ flag, file, line }: Origin): string {
  if (file === undefined) return `--${flag}`;
  const name = file === "-" ? "standard input" : `"${file}"`;
  return `--${flag} ${name}${line === undefined ? "" : `, line ${line}`}`;
}

/** The words of one flag, in the order in which they were typed. */
export function wordsOf(words: readonly FilterWord[], flag: FilterFlag): readonly FilterWord[] {
  return words.filter((word) => word.flag === flag);
}

/** The value of a flag that counts once: its last word. */
export function valueOf(words: readonly FilterWord[], flag: FilterFlag): string | undefined {
  return wordsOf(words, flag).at(-1)?.value;
}
