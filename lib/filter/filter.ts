/**
 * Which files and directories a command deals with: rclone's filter language and flags (documented:
 * rclone.org/filtering; observed: rclone v1.76 `fs/filter`, tests/fixtures/filter/vectors.json).
 *
 * It decides by path, size, time and metadata alone and reads nothing itself. A walk asks `entersDirectory`
 * before it lists a directory, `isMarked` with what it found there, and `includes` for each file. All paths are
 * relative to the root of the walk, joined with `/`; the root itself is the empty path.
 */
import { UsageError } from "../errors.ts";
import type { Explanation } from "./explain.ts";
import { type FileList, parseFileList } from "./files_from.ts";
import { type HashPartition, isInPartition, parseHashPartition } from "./hash_partition.ts";
import { type LimitOptions, type Limits, parseLimits } from "./limits.ts";
import { mixesIncludesAndExcludes, parseMetadataRules, parsePathRules, type PathRules } from "./parse.ts";
import { Narrowing } from "./narrowing.ts";
import type { Rule, RuleList } from "./rule.ts";
import { excludedBy, type Verdict, verdictOf } from "./verdict.ts";
import { type FilterWord, valueOf, wordsOf } from "./words.ts";

/** What a file is judged by. */
export interface FilteredFile {
  readonly path: string;
  readonly size: number;
  /** Undefined where nobody knows: such a file is not within any bounds of age. */
  readonly modifiedAtMs: number | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What is known of a file that may not exist; bounds for what is not given do not count. */
export type FileFacts = Partial<Omit<FilteredFile, "path">>;

export interface FilterOptions extends LimitOptions {
  /** Rules for paths match without regard to case. */
  readonly ignoreCase?: boolean;
  /** A number in [0, 1), for `--hash-filter @/N`. */
  readonly random: () => number;
}

interface FilterParts {
  readonly rules: PathRules;
  readonly metadata: RuleList;
  readonly limits: Limits;
  readonly list: FileList | undefined;
  readonly partition: HashPartition | undefined;
  readonly markerNames: readonly string[];
  readonly warnings: readonly string[];
  /** Nothing but these, whatever else lets them through. */
  readonly only?: Narrowing | undefined;
}

/** rclone's stand-in for "has no metadata", so that a rule `*` sees such a file too. */
const NO_METADATA = ["\0=\0"];

/** The filter that the words make together. Throws UsageError for words that cannot be used. */
export function createFilter(words: readonly FilterWord[], options: FilterOptions): Filter {
  const hash = valueOf(words, "hash-filter");
  const parts: FilterParts = {
    rules: parsePathRules(words, { ignoreCase: options.ignoreCase ?? false }),
    metadata: parseMetadataRules(words),
    limits: parseLimits(words, options),
    list: parseFileList(words),
    partition: hash === undefined ? undefined : parseHashPartition(hash, options.random),
    markerNames: wordsOf(words, "exclude-if-present").map(({ value }) => value),
    warnings: mixesIncludesAndExcludes(words)
      ? ["All --include count before all --exclude, whatever their order: --filter keeps the order"]
      : [],
  };
  if (parts.list !== undefined && hasConditions(parts)) {
    const flag = words.find((word) => word.flag.startsWith("files-from"))?.flag ?? "files-from";
    throw new UsageError(
      `Cannot use --${flag}: it names all files itself, so other filters cannot go with it`,
    );
  }
  return new Filter(parts);
}

/** Immutable. */
export class Filter {
  readonly #parts: FilterParts;

  constructor(parts: FilterParts) {
    this.#parts = parts;
  }

  /** The same filter for these entries alone: files, and directories with all that is in them. */
  narrowedTo(paths: Iterable<string>): Filter {
    return new Filter({ ...this.#parts, only: new Narrowing(paths) });
  }

  /** Nothing is left out. */
  get isEverything(): boolean {
    return this.maxDepth === Infinity && !this.hasConditions;
  }

  /** Something but the depth has a say. */
  get hasConditions(): boolean {
    const { list, only } = this.#parts;
    return list !== undefined || only !== undefined || hasConditions(this.#parts);
  }

  /** Rules look at the metadata of files. */
  get usesMetadata(): boolean {
    return this.#parts.metadata.rules.length > 0;
  }

  /** Levels below the root that are listed: with 1 only what the root itself holds; Infinity for all. */
  get maxDepth(): number {
    return this.#parts.limits.maxDepth;
  }

  /** The files of `--files-from`, so that a walk can look for them one by one; undefined without such a list. */
  get listedFiles(): readonly string[] | undefined {
    const { list, only } = this.#parts;
    return list && [...list.files.keys()].filter((path) => only?.has(path) ?? true);
  }

  /** All directories above those files. */
  get listedDirectories(): readonly string[] {
    const { list, only } = this.#parts;
    return [...list?.directories ?? []].filter((path) => only?.leadsInto(path) ?? true);
  }

  /** Names of files that leave out the directory that they are in (`--exclude-if-present`). */
  get markerNames(): readonly string[] {
    return this.#parts.markerNames;
  }

  /** Rules for files in the order in which they are asked. */
  get fileRules(): readonly Rule[] {
    return this.#parts.rules.files.rules;
  }

  /** Rules for directories, asked with a `/` behind the path; empty when no directory can be left out. */
  get directoryRules(): readonly Rule[] {
    return this.#parts.rules.directories.rules;
  }

  /** What the user should know about the words, each a sentence without a final period. */
  get warnings(): readonly string[] {
    return this.#parts.warnings;
  }

  /** Whether the filter lets the file through; its directories are not looked at. */
  includes(file: FilteredFile): boolean {
    return this.#judgeFile(file.path, { metadata: {}, ...file }).isIncluded;
  }

  /** Whether a listing shows the directory; the directories above it are not looked at. */
  includesDirectory(path: string): boolean {
    return this.#judgeDirectory(path).isIncluded;
  }

  /** Whether something in the directory may be included, so that it has to be listed. The root always has. */
  entersDirectory(path: string): boolean {
    return depthOf(path) < this.maxDepth && this.includesDirectory(path);
  }

  /**
   * Whether one of these files says that their directory is left out, with all in it and in its directories.
   * The root, too, is then as if it were empty.
   */
  isMarked(fileNames: Iterable<string>): boolean {
    if (this.markerNames.length === 0) return false;
    for (const name of fileNames) if (this.markerNames.includes(name)) return true;
    return false;
  }

  /** What decides whether a walk comes to the path and takes it: a directory above it, or the path itself. */
  explain(path: string, kind: "file" | "directory", facts: FileFacts = {}): Explanation {
    const segments = path === "" ? [] : path.split("/");
    for (let length = 1; length < segments.length; length++) {
      const directory = segments.slice(0, length).join("/");
      const verdict = this.#judgeDirectory(directory);
      if (!verdict.isIncluded) return { path, kind, ...verdict, excludedDirectory: directory };
    }
    if (segments.length > this.maxDepth) return { path, kind, ...excludedBy("depth") };
    return { path, kind, ...(kind === "file" ? this.#judgeFile(path, facts) : this.#judgeDirectory(path)) };
  }

  #judgeFile(path: string, facts: FileFacts): Verdict {
    const { list, limits, partition, rules, only } = this.#parts;
    if (only?.has(path) === false) return excludedBy("not-listed");
    if (list !== undefined) {
      const origin = list.files.get(path);
      return origin === undefined
        ? excludedBy("not-listed")
        : { isIncluded: true, reason: { kind: "listed", origin } };
    }
    if (isOutOfAge(facts, limits)) return excludedBy("age");
    const { size } = facts;
    if (size !== undefined && (size < limits.minSize || size > limits.maxSize)) return excludedBy("size");
    const metadata = this.#judgeMetadata(facts);
    if (!metadata.isIncluded) return metadata;
    if (partition !== undefined && !isInPartition(path, partition)) return excludedBy("hash");
    return verdictOf(rules.files.decide([path]));
  }

  #judgeMetadata({ metadata }: FileFacts): Verdict {
    const list = this.#parts.metadata;
    if (metadata === undefined || list.rules.length === 0) return verdictOf(undefined);
    const texts = Object.entries(metadata).map(([key, value]) => `${key}=${value}`);
    return verdictOf(list.decide(texts.length > 0 ? texts : NO_METADATA));
  }

  #judgeDirectory(path: string): Verdict {
    const { list, rules, only } = this.#parts;
    if (path === "") return verdictOf(undefined);
    if (only?.leadsInto(path) === false) return excludedBy("not-listed");
    if (list === undefined) return verdictOf(rules.directories.decide([`${path}/`]));
    return list.directories.has(path)
      ? { isIncluded: true, reason: { kind: "listed", origin: undefined } }
      : excludedBy("not-listed");
  }
}

/** Whether anything but a list of files and the depth has a say. */
function hasConditions({ rules, metadata, limits, partition, markerNames }: FilterParts): boolean {
  const { minSize, maxSize, modifiedFromMs, modifiedToMs } = limits;
  return [rules.files, rules.directories, metadata].some((list) => list.rules.length > 0) ||
    [minSize, maxSize, modifiedFromMs, modifiedToMs].some(Number.isFinite) ||
    partition !== undefined || markerNames.length > 0;
}

/** A file whose time is known to be unknown (the key is there) is out of any bounds. */
function isOutOfAge(facts: FileFacts, { modifiedFromMs, modifiedToMs }: Limits): boolean {
  if (!("modifiedAtMs" in facts) || (modifiedFromMs === -Infinity && modifiedToMs === Infinity)) return false;
  const { modifiedAtMs = NaN } = facts;
  return !(modifiedAtMs >= modifiedFromMs && modifiedAtMs <= modifiedToMs);
}

function depthOf(path: string): number {
  return path === "" ? 0 : path.split("/").length;
}
