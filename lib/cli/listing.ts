/** What all listing commands have in common: walk a place, show each entry, tell what could not be read. */
import { AuthError, type JottashError, PartialError, toJottashError } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { filterTree } from "../listing/filtered_tree.ts";
import { formatQuantity } from "../units.ts";
import { walkTree } from "../tree/walk.ts";
import type { DirectoryEntry, FileEntry } from "../tree/tree.ts";
import type { CommandContext, Source } from "./context.ts";
import { requireNoRules } from "./filters.ts";
import { forRecursiveWork } from "./recursive.ts";

export type ListedEntry = FileEntry | DirectoryEntry;

export interface VisitOptions {
  /** Unlimited when not given. */
  readonly maxDepth?: number;
  /** What is left out is not visited. */
  readonly filter?: Filter;
  /** Whether times to the nanosecond are shown, which takes a local place longer. */
  readonly nanoseconds?: boolean;
  /** Whether media types are shown, which the fastest way to list a remote does not tell. */
  readonly needsMimeType?: boolean;
  /** Where what could not be read is collected, for a command that has something to finish. */
  readonly failures?: ListingFailures;
  readonly visit: (entry: ListedEntry) => Promise<void> | void;
}

export interface ListingOptions extends Omit<VisitOptions, "visit" | "failures"> {
  /** The line for an entry; undefined to leave it out. */
  readonly format: (entry: ListedEntry) => string | undefined;
}

/** Collects what cannot be read, so that the rest goes on. */
export class ListingFailures {
  readonly #context: CommandContext;
  readonly #errors: JottashError[] = [];
  readonly #paths: string[] = [];

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** Tells about it at once. Throws it where going on is pointless: nobody is signed in any more. */
  add(path: string, failure: unknown): void {
    const error = toJottashError(failure);
    // Without a session everything that follows would say the same.
    if (error instanceof AuthError) throw error;
    this.#errors.push(error);
    this.#paths.push(path);
    this.#context.printer.error(error);
  }

  /** Whether the path, or a folder above it, could not be read. */
  covers(path: string): boolean {
    return this.#paths.some((each) => path === each || path.startsWith(`${each}/`));
  }

  /** Throws `PartialError` when there was one. */
  throwIfAny(source: Source): void {
    if (this.#errors.length === 0) return;
    throw new PartialError(
      `Cannot list all of "${source.tree.label}": ${
        formatQuantity(this.#errors.length, "entry", "entries")
      } could not be read`,
      this.#errors,
    );
  }
}

/**
 * Shows each file and folder of `source` to `visit`, one after the other; in order of their names, folder by folder,
 * unless there are so many folders that the service tells all at once. What could not be read is added to
 * `failures`; without them, `PartialError` is thrown at the end. Throws `UsageError` for rules that meet a single file.
 */
export async function visitEntries(
  context: CommandContext,
  source: Source,
  options: VisitOptions,
): Promise<void> {
  const { nanoseconds, maxDepth, filter, visit, failures = new ListingFailures(context) } = options;
  requireNoRules(source, filter);
  const file = await lookAgain(context, source, options);
  if (file !== undefined) return await visit(file);
  const { signal, settings: { checkers } } = context;
  const walk = { checkers, signal, nanoseconds, ...maxDepth === undefined ? {} : { maxDepth } };
  const whole = forRecursiveWork(context, source.tree, options);
  const tree = filter === undefined ? whole : filterTree(whole, { filter, checkers });
  for await (const entry of walkTree(tree, walk)) {
    if (entry.kind === "unreadable") failures.add(entry.path, entry.error);
    else if (entry.kind !== "special") await visit(entry);
  }
  if (options.failures === undefined) failures.throwIfAny(source);
}

/** A place that is one file was looked at without nanoseconds. */
async function lookAgain(
  { signal }: CommandContext,
  { tree, file }: Source,
  { nanoseconds }: Pick<VisitOptions, "nanoseconds">,
): Promise<FileEntry | undefined> {
  if (file === undefined || nanoseconds !== true || tree.side !== "local") return file;
  const entry = await tree.stat(file.path, { nanoseconds, signal });
  return entry?.kind === "file" ? entry : file;
}

/** Prints a line for each entry of `source`. Throws `PartialError` at the end when something could not be read. */
export async function printListing(
  context: CommandContext,
  source: Source,
  { format, ...options }: ListingOptions,
): Promise<void> {
  await visitEntries(context, source, {
    ...options,
    visit: async (entry) => {
      const line = format(entry);
      if (line !== undefined) await context.printer.line(line);
    },
  });
}
